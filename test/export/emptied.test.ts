import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/cli.ts';
import { runMain } from '../support/context.ts';
import { serve } from '../support/service.ts';

const people = [{ _id: 'a' }, { _id: 'b' }];

async function exporting(extension: string) {
  const file = join(await tempFolder(), `people.${extension}`);
  const service = await serve({ contacts: people });
  const env = { REEKOLECT_CONFIG_DIR: `${file}.config` };
  const run = (...flags: readonly string[]) =>
    runMain(['contacts', 'export', '-o', file, ...flags], { service, env });
  return { file, run, service };
}

const nobody = ['--where', 'id=nobody'];

test.each(['csv', 'tsv', 'json', 'ndjson', 'vcf', 'xlsx', 'csv.gz'])(
  'a %s file with rows that becomes one without is a warning, once',
  async (extension) => {
    const { file, run } = await exporting(extension);
    expect((await run()).stderr).toBe('');
    const { length } = readFileSync(file);
    const { exit, stderr } = await run(...nobody);
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: `warning: nothing matches: the ${length.toLocaleString('en')} bytes of ${file} are replaced by a file without rows; --skip-empty keeps them\n`,
    });
    expect((await run(...nobody)).stderr).toBe('');
    expect((await run()).stderr).toBe('');
  },
);

test('with --since-last too, but not where the file is kept', async () => {
  const { file, run } = await exporting('csv');
  await run('--since-last');
  const before = readFileSync(file, 'utf8');
  for (const flags of [['--skip-empty'], ['--append']]) {
    expect((await run('--since-last', ...flags)).stderr).toMatch(/^0 new since \S+\n$/);
    expect(readFileSync(file, 'utf8')).toBe(before);
  }
  expect((await run('--since-last')).stderr).toContain('are replaced by a file without rows');
  expect(readFileSync(file, 'utf8')).not.toBe(before);
});

test('--fail-on-empty leaves the file as it is', async () => {
  const { file, run } = await exporting('csv');
  writeFileSync(file, 'id\na\n');
  expect(await run(...nobody, '--fail-on-empty')).toMatchObject({ exit: 9 });
  expect(readFileSync(file, 'utf8')).toBe('id\na\n');
});

test('a file of fewer columns is one with rows, though it is smaller than the header', async () => {
  const { file, run } = await exporting('csv');
  writeFileSync(file, 'id\na\n');
  expect((await run(...nobody)).stderr).toContain(`the 5 bytes of ${file} are replaced`);
});

test('with --jq it counts what jq makes', async () => {
  const { file, run } = await exporting('ndjson');
  await run();
  const before = readFileSync(file, 'utf8');
  const none = ['--jq', 'select(.none)'];
  expect(await run(...none, '--skip-empty')).toMatchObject({ exit: 0, stderr: '' });
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect((await run(...none)).stderr).toMatch(/^warning: --jq makes nothing of it: the \d+ bytes/);
  expect(readFileSync(file, 'utf8')).toBe('');
  expect(await run('--jq', '._id')).toMatchObject({ exit: 0, stderr: '' });
  expect(readFileSync(file, 'utf8')).toBe('a\nb\n');
});

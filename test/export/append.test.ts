import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runMain } from '../support/context.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-append-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function exportTo(file: string, ...flags: string[]) {
  return runMain(['contacts', 'export', '--profile', 'sandbox', '-o', file, ...flags]);
}

for (const name of ['a.csv', 'a.tsv', 'a.ndjson', 'a.csv.gz']) {
  it(`--append adds to ${name} only what has the same columns`, async () => {
    const file = join(folder, name);
    expect(await exportTo(file, '--columns', 'id,status')).toMatchObject({ exit: 0 });
    const before = await readFile(file);
    expect(await exportTo(file, '--columns', 'id,email', '--append')).toMatchObject({ exit: 2 });
    expect((await readFile(file)).equals(before)).toBe(true);
    expect(await exportTo(file, '--columns', 'id,status', '--append')).toMatchObject({ exit: 0 });
    const after = await readFile(file);
    expect(after.subarray(0, before.length).equals(before)).toBe(true);
    expect(after.length).toBeGreaterThan(before.length);
  });
}

it.each([
  ['none.ndjson.gz', ['--columns', 'id,status']],
  ['whole.ndjson.gz', []],
  ['none.csv.gz', ['--columns', 'id,status', '--no-header']],
  ['none.tsv.gz', ['--columns', 'id,status', '--no-header']],
  ['none.csv', ['--columns', 'id,status', '--no-header']],
])('--append adds to %s, made when nobody matched', async (name, flags) => {
  const file = join(folder, name);
  const append = [...flags, '--append'];
  expect(await exportTo(file, ...append, '--tag', 'nobody has it')).toMatchObject({ exit: 0 });
  const { size } = await stat(file);
  expect(await exportTo(file, ...append)).toMatchObject({ exit: 0, stderr: '' });
  expect((await stat(file)).size).toBeGreaterThan(size + 100);
});

it('--append adds only what is parted in the same way, under the same headers', async () => {
  const file = join(folder, 'parted.csv');
  const columns = ['--columns', 'Id=id,status'];
  expect(await exportTo(file, ...columns, '--delimiter', ';')).toMatchObject({ exit: 0 });
  const refused = await exportTo(file, ...columns, '--append');
  expect(refused).toMatchObject({ exit: 2, stderr: expect.stringContaining('--delimiter') });
  const bare = ['--columns', 'id,status', '--delimiter', ';'];
  expect(await exportTo(file, ...bare, '--append')).toMatchObject({ exit: 2 });
  const again = [...columns, '--delimiter', ';', '--append'];
  expect(await exportTo(file, ...again)).toMatchObject({ exit: 0 });
});

it('--append knows numbers as headers of ndjson', async () => {
  const file = join(folder, 'numbers.ndjson');
  const columns = ['--columns', 'x=id,2=status,1=name'];
  expect(await exportTo(file, ...columns)).toMatchObject({ exit: 0 });
  expect(await exportTo(file, ...columns, '--append')).toMatchObject({ exit: 0 });
});

it('columns that do not fit are shown beside those that are written, and no contact', async () => {
  const file = join(folder, 'other.csv');
  await exportTo(file, '--columns', 'id,status,attr.city');
  const { stderr } = await exportTo(file, '--columns', 'id,email', '--append');
  expect(stderr).toContain('the file has: id status attr.city; this export writes: id email');
  const bare = join(folder, 'bare.csv');
  await exportTo(bare, '--columns', 'name,status', '--no-header');
  const refused = await exportTo(bare, '--columns', 'id,email', '--append');
  expect(refused.stderr).toContain(
    'the file has: ? ? (? is no name of a column); this export writes: id email',
  );
  const json = join(folder, 'other.ndjson');
  await exportTo(json, '--columns', 'id,status');
  const keys = await exportTo(json, '--columns', 'id,email', '--append');
  expect(keys.stderr).toContain('the file has: id status; this export writes: id email');
});

it('--append adds no whole records to those of chosen columns, nor the other way round', async () => {
  const columns = join(folder, 'columns.ndjson');
  await exportTo(columns, '--columns', 'id,status,attr.city');
  const refused = await exportTo(columns, '--append');
  expect(refused).toMatchObject({ exit: 2 });
  expect(refused.stderr).toContain('--columns as the run that made it: id,status,attr.city');
  const whole = join(folder, 'whole.ndjson');
  await exportTo(whole);
  expect(await exportTo(whole, '--columns', 'id', '--append')).toMatchObject({ exit: 2 });
  expect(await exportTo(whole, '--append')).toMatchObject({ exit: 0 });
});

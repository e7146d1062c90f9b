import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { cleanEnv, tempFolder, watch } from '../support/cli.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder = '';
let packed: readonly string[] = [];

/** Runs a command as somebody would who has nothing of this project. */
async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(command, args, { cwd, env: { ...(await cleanEnv()) } });
  const { code, stdout, stderr } = await watch(child).ended;
  expect({ args, code }, stderr).toEqual({ args, code: 0 });
  return stdout;
}

beforeAll(async () => {
  folder = await tempFolder();
  // Packing would build anew, and take dist/ from under the tests that run beside this one.
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename, files }] = JSON.parse(await run('npm', pack, root));
  packed = files.map(({ path }: { path: string }) => path);
  const install = ['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)];
  await run('npm', install, folder);
});

describe('the packed tarball', () => {
  const wanted = [
    /^package\.json$/,
    /^README\.md$/,
    /^LICENSE$/,
    /^CHANGELOG\.md$/,
    /^bin\/reekolect\.js$/,
    /^bin\/package\.json$/,
    /^dist\/start\.js$/,
    /^dist\/[\w-]+\.js$/,
    /^dist\/package\.json$/,
    /^dist\/reekolect\.1$/,
    /^dist\/THIRD-PARTY-LICENSES\.txt$/,
  ];

  test('holds what a user needs, and nothing else', () => {
    expect(packed.filter((path) => !wanted.some((pattern) => pattern.test(path)))).toEqual([]);
    for (const pattern of wanted) expect(packed).toContainEqual(expect.stringMatching(pattern));
  });

  test('holds the licence of everything that was bundled', async () => {
    const installed = join(folder, 'node_modules/reekolect-cli/dist/THIRD-PARTY-LICENSES.txt');
    const licences = await readFile(installed, 'utf8');
    const seven = 'commander ora cli-table3 chalk got csv-stringify conf'.split(' ');
    for (const name of seven)
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, 'm'));
    expect(licences).not.toMatch(/licen[cs]e: undefined/i);
  });
});

describe('installed into an empty folder', () => {
  const command = join('node_modules', '.bin', 'reekolect');

  test('it is one package', async () => {
    const modules = await readdir(join(folder, 'node_modules'));
    expect(modules.filter((name) => !name.startsWith('.'))).toEqual(['reekolect-cli']);
    const inside = await readdir(join(folder, 'node_modules/reekolect-cli'));
    expect(inside).not.toContain('node_modules');
  });

  test('it runs, without anything of this project beside it', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(await run(command, ['--version'], folder)).toBe(`${version}\n`);
    expect(await run(command, ['help', 'filters'], folder)).toContain('--tag');
  });

  test.each(['csv', 'json', 'ndjson', 'md', 'vcf', 'xlsx', 'parquet', 'csv.gz'])(
    'it exports from the sandbox to %s',
    async (extension) => {
      const args = ['contacts', 'export', '--profile', 'sandbox', '-o', `contacts.${extension}`];
      expect(await run(command, args, folder)).toBe('');
      expect((await readFile(join(folder, `contacts.${extension}`))).length).toBeGreaterThan(4000);
    },
  );

  test('it lists, in a table and in a pipe', async () => {
    const list = ['contacts', 'list', '--profile', 'sandbox', '--limit', '2'];
    expect((await run(command, list, folder)).split('\n')).toHaveLength(4);
    expect(await run(command, [...list, '--format', 'table'], folder)).toMatch(/^ID +NAME/);
  });
});

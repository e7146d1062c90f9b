import { spawn, spawnSync } from 'node:child_process';
import { cp, lstat, mkdir, readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { cleanEnv, tempFolder, watch } from '../support/cli.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const hasMan = spawnSync('man', ['--version']).status === 0;
let folder = '';
let tarball = '';
let packed: readonly string[] = [];

/** What people leave in the working tree while they try things there. */
const strays =
  'contacts.csv contacts.csv.gz all.json contacts.csv.part contacts.csv.lock a.xlsx a.parquet a.vcf b.ndjson c.jsonl d.tsv e.csv.manifest.json contacts.db contacts.db-wal'.split(
    ' ',
  );
const others = ['.env', 'notes.txt', 'token'];

/** Runs a command as somebody would who has nothing of this project. */
async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(command, args, { cwd, env: { ...(await cleanEnv()) } });
  const { code, stdout, stderr } = await watch(child).ended;
  expect({ args, code }, stderr).toEqual({ args, code: 0 });
  return stdout;
}

/** A copy of the working tree without what is installed, and with files that do not belong there. */
async function copyOfTree(): Promise<string> {
  const copy = join(await tempFolder(), 'copy');
  const left = ['node_modules', '.git', ...strays];
  await cp(root, copy, {
    recursive: true,
    filter: (path) => !left.includes(basename(path)),
  });
  for (const name of [...strays, ...others]) await writeFile(join(copy, name), 'x');
  return copy;
}

beforeAll(async () => {
  folder = await tempFolder();
  // Packing would build anew; what is tested here is what the build has made.
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename, files }] = JSON.parse(await run('npm', pack, await copyOfTree()));
  packed = files.map(({ path }: { path: string }) => path);
  tarball = join(folder, filename);
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], folder);
});

describe('the packed tarball', () => {
  const wanted = [
    /^package\.json$/,
    /^README\.md$/,
    /^LICENSE$/,
    /^CHANGELOG\.md$/,
    /^bin\/reekolect\.js$/,
    /^bin\/code-cache\.js$/,
    /^bin\/package\.json$/,
    /^dist\/start\.js$/,
    /^dist\/[\w-]+\.js$/,
    /^dist\/package\.json$/,
    /^dist\/help\.txt$/,
    /^dist\/node-sqlite3-wasm\.wasm$/,
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

  test('it runs jq, which it brings with it', async () => {
    const list = ['contacts', 'list', '--profile', 'sandbox', '--limit', '2', '--jq', '.isContact'];
    expect(await run(command, list, folder)).toBe('true\ntrue\n');
  });

  test('it lists, in a table and in a pipe', async () => {
    const list = ['contacts', 'list', '--profile', 'sandbox', '--limit', '2'];
    expect((await run(command, list, folder)).split('\n')).toHaveLength(4);
    expect(await run(command, [...list, '--format', 'table'], folder)).toMatch(/^NAME +PHONE/);
  });
});

describe('installed globally', () => {
  test('the command and its manual page are found', async () => {
    const prefix = join(await tempFolder(), 'global');
    await mkdir(prefix);
    const install = ['install', '--global', '--offline', '--no-audit', '--no-fund'];
    await run('npm', [...install, '--prefix', prefix, tarball], folder);
    const command = join(prefix, 'bin/reekolect');
    expect((await lstat(await realpath(command))).mode & 0o111).toBe(0o111);
    expect(await run(command, ['-V'], folder)).toMatch(/^\d+\.\d+\.\d+\n$/);
    const page = join(prefix, 'share/man/man1/reekolect.1');
    expect(await readFile(page, 'utf8')).toContain('.TH REEKOLECT 1');
    if (!hasMan) return;
    const where = await run('man', ['-M', join(prefix, 'share/man'), '-w', 'reekolect'], folder);
    expect(where.trim()).toMatch(/reekolect\.1$/);
  });
});

describe('the working tree', () => {
  test('ignores what people export there, and nothing of its own', async () => {
    const copy = await copyOfTree();
    await run('git', ['init', '--quiet', '.'], copy);
    const seen = (await run('git', ['ls-files', '--others', '--exclude-standard'], copy)).split(
      '\n',
    );
    for (const name of strays) expect(seen).not.toContain(name);
    const own = ['package.json', 'package-lock.json', 'tsconfig.json', 'biome.json', 'README.md'];
    for (const name of [...own, 'src/start.ts', 'bin/package.json']) expect(seen).toContain(name);
  });

  test('lets npm install its packages without a warning about their scripts', async () => {
    const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
    const { allowScripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const scripted = Object.entries<{ hasInstallScript?: true; optional?: true }>(packages)
      .filter(([, { hasInstallScript, optional }]) => hasInstallScript && !optional)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    expect(scripted.filter((name) => !(name in allowScripts))).toEqual([]);
  });
});

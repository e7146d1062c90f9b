import { spawn, spawnSync } from 'node:child_process';
import { readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { cleanEnv, tempFolder, watch } from '../support/cli.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const hasHistory = spawnSync('git', ['-C', root, 'rev-parse', 'HEAD']).status === 0;
/** What people make while they try the program, in the folder of the clone. */
const strays = ['leads.csv', 'leads.csv.part', 'leads.csv.lock', 'leads.csv.manifest.json'];
const databases = ['contacts.db', 'contacts.db-wal'];

let clone = '';
let commands: readonly string[] = [];

async function run(command: string, args: readonly string[], cwd = clone): Promise<string> {
  const env = { ...(await cleanEnv()) };
  const { code, stdout, stderr } = await watch(spawn(command, args, { cwd, env })).ended;
  expect({ args, code }, stderr).toEqual({ args, code: 0 });
  return stdout;
}

async function packed(): Promise<readonly string[]> {
  const pack = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const [{ files }] = JSON.parse(await run('npm', pack));
  return files.map(({ path }: { path: string }) => path);
}

function isWanted(path: string): boolean {
  return /^(bin\/|dist\/|(package\.json|README\.md|LICENSE|CHANGELOG\.md)$)/.test(path);
}

describe.runIf(hasHistory)("a fresh clone, and the README's first two commands", () => {
  beforeAll(async () => {
    clone = join(await tempFolder(), 'clone');
    await run('git', ['clone', '--quiet', root, clone], root);
    await symlink(join(root, 'node_modules'), join(clone, 'node_modules'));
    const readme = await readFile(join(clone, 'README.md'), 'utf8');
    commands = [...readme.matchAll(/```sh\n(.*?)\n```/gs)].map(([, line = '']) => line);
    // The packages are linked already.
    await run('bash', ['-c', commands[0]?.replace(/^npm ci && /, '') ?? '']);
  });

  it('are an export from the sandbox and the tests', async () => {
    expect(commands[0]).toMatch(/^npm ci && npm start -- .*--profile sandbox -o contacts\.csv$/);
    expect(commands[1]).toBe('npm test');
    expect((await stat(join(clone, 'contacts.csv'))).size).toBeGreaterThan(10_000);
  });

  it('leave what is published as it was: all that a user needs', async () => {
    const paths = await packed();
    for (const path of ['bin/reekolect.js', 'dist/start.js', 'dist/reekolect.1', 'README.md']) {
      expect(paths).toContain(path);
    }
  });

  it('publish no file that somebody made there', async () => {
    for (const name of [...strays, ...databases]) await writeFile(join(clone, name), 'private');
    expect((await packed()).filter((path) => !isWanted(path))).toEqual([]);
  });

  it('leave nothing that git would add', async () => {
    for (const name of [...strays, ...databases]) await writeFile(join(clone, name), 'private');
    const status = await run('git', ['status', '--porcelain']);
    expect(status.split('\n').filter((line) => !/^(\?\? node_modules)?$/.test(line))).toEqual([]);
  });
});

it.skipIf(hasHistory)('not tested: this is no clone of a repository', () => {});

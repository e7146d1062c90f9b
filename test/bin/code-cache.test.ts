import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';

vi.setConfig({ testTimeout: 30_000 });

const cache = fileURLToPath(new URL('../../bin/code-cache.js', import.meta.url));
const isRoot = process.geteuid?.() === 0;
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A home, and a script beside it that prints a word. */
function makeHome(word = 'hello') {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-cache-'));
  folders.push(folder);
  const home = join(folder, 'home');
  mkdirSync(home);
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
  cpSync(cache, join(folder, 'bin/code-cache.js'));
  const script = join(folder, 'dist/start.js');
  writeFileSync(script, `exports.start = () => console.log('${word}');\n`);
  return { folder, home, script, own: join(home, '.cache/reekolect') };
}

type Home = ReturnType<typeof makeHome>;

/** Runs the script by way of the cache. */
function run(
  { folder, home, script }: Home,
  { env = {}, words = [] }: { env?: Readonly<Record<string, string>>; words?: string[] } = {},
) {
  const line = `require(${JSON.stringify(join(folder, 'bin/code-cache.js'))}).load(${JSON.stringify(script)}).start()`;
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['-e', line, '--', 'reekolect', ...words],
    { env: { HOME: home, ...env }, encoding: 'utf8' },
  );
  return { status, signal, stdout, stderr };
}

/** The same, which must succeed; what it printed. */
function start(home: Home, env: Readonly<Record<string, string>> = {}) {
  const { stdout, ...outcome } = run(home, { env });
  expect(outcome).toEqual({ status: 0, signal: null, stderr: '' });
  return stdout;
}

/** The files of the cache, those in Node's own folder included. */
function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

describe('the cache of compiled code', () => {
  test('is in a folder that only the user may read, and used at the second start', () => {
    const home = makeHome();
    expect(start(home)).toBe('hello\n');
    expect(statSync(home.own).mode & 0o777).toBe(0o700);
    const files = filesIn(home.own);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(statSync(file).mode & 0o077).toBe(0);
    const before = files.map((file) => readFileSync(file));
    expect(start(home)).toBe('hello\n');
    expect(filesIn(home.own).map((file) => readFileSync(file))).toEqual(before);
  });

  test('is where XDG_CACHE_HOME says', () => {
    const home = makeHome();
    const folder = join(home.folder, 'xdg');
    expect(start(home, { XDG_CACHE_HOME: folder })).toBe('hello\n');
    expect(filesIn(join(folder, 'reekolect')).length).toBeGreaterThan(0);
    expect(existsSync(home.own)).toBe(false);
  });

  test('of an older script of the same length is not used, nor kept', () => {
    const home = makeHome('hello');
    start(home);
    writeFileSync(home.script, readFileSync(home.script, 'utf8').replace('hello', 'world'));
    expect(start(home)).toBe('world\n');
    expect(filesIn(home.own)).toHaveLength(1);
  });

  test('is none of a run that failed: it would lack most of what others need', () => {
    const home = makeHome();
    writeFileSync(home.script, 'exports.start = () => { process.exitCode = 2; };\n');
    expect(run(home)).toMatchObject({ status: 2, stderr: '' });
    expect(filesIn(home.own)).toEqual([]);
  });

  test.each(['--help', '-h', '--dry-run'])('is another one with %s', (flag) => {
    const home = makeHome();
    run(home, { words: ['contacts', 'export', flag] });
    run(home, { words: ['contacts', 'export'] });
    expect(filesIn(home.own)).toHaveLength(2);
    run(home, { words: ['contacts', 'export', '--tag', 'vip'] });
    expect(filesIn(home.own)).toHaveLength(2);
  });

  test('that is damaged, cut or garbage is no trouble', () => {
    const home = makeHome();
    start(home);
    const [file = ''] = filesIn(home.own);
    const whole = readFileSync(file);
    for (const at of [0, 4, 40, Math.floor(whole.length / 2), whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      writeFileSync(file, damaged);
      expect(start(home)).toBe('hello\n');
    }
    for (const bytes of [Buffer.from('garbage'), Buffer.alloc(0), whole.subarray(0, 100)]) {
      writeFileSync(file, bytes);
      expect(start(home)).toBe('hello\n');
    }
  });
});

describe('at a doubt the plain source is run, and nothing is written', () => {
  const untouched = (home: Home, env?: Readonly<Record<string, string>>) => {
    const before = filesIn(home.folder).map((file) => [file, readFileSync(file, 'latin1')]);
    expect(start(home, env)).toBe('hello\n');
    expect(filesIn(home.folder).map((file) => [file, readFileSync(file, 'latin1')])).toEqual(
      before,
    );
  };

  test('without a home', () => {
    untouched(makeHome(), { HOME: '' });
    untouched(makeHome(), { HOME: '/nonexistent' });
    untouched(makeHome(), { XDG_CACHE_HOME: 'relative' });
  });

  test('when the user wants none', () => {
    untouched(makeHome(), { NODE_DISABLE_COMPILE_CACHE: '1' });
  });

  test('a folder that is a link', () => {
    const home = makeHome();
    mkdirSync(join(home.home, '.cache'));
    mkdirSync(join(home.folder, 'elsewhere'));
    symlinkSync(join(home.folder, 'elsewhere'), home.own);
    untouched(home);
  });

  test('a file in it that is a link', () => {
    const home = makeHome();
    mkdirSync(home.own, { recursive: true });
    symlinkSync(home.script, join(home.own, 'link'));
    untouched(home);
  });

  test.each(['.cache/reekolect', '.cache', '.'])('others may write to %s', (name) => {
    for (const mode of [0o770, 0o707]) {
      const home = makeHome();
      mkdirSync(home.own, { recursive: true });
      chmodSync(join(home.home, name), mode);
      untouched(home);
    }
  });

  test('others may write to a file in it', () => {
    const home = makeHome();
    start(home);
    for (const file of filesIn(home.own)) chmodSync(file, 0o620);
    untouched(home);
  });

  test.runIf(isRoot).each(['.cache/reekolect', '.cache', '.'])('%s is another user’s', (name) => {
    const home = makeHome();
    mkdirSync(home.own, { recursive: true });
    chownSync(join(home.home, name), 4242, 4242);
    untouched(home);
  });

  test.runIf(isRoot)('root with the home of a user without a cache (needs root)', () => {
    const home = makeHome();
    chownSync(home.home, 4242, 4242);
    untouched(home);
    expect(existsSync(join(home.home, '.cache'))).toBe(false);
  });

  test.runIf(isRoot)('a file in it is another user’s (needs root)', () => {
    const home = makeHome();
    start(home);
    for (const file of filesIn(home.own)) chownSync(file, 4242, 4242);
    untouched(home);
  });
});

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expandHome } from '../../src/files/home.ts';
import { takeLock } from '../../src/files/lock.ts';
import { configFolder } from '../../src/state/folders.ts';
import { openJob } from '../../src/state/job.ts';
import { changeSettings, isExposed, readSettings } from '../../src/state/settings.ts';
import { findToken } from '../../src/state/token.ts';

const isRoot = process.getuid?.() === 0;
const never = new AbortController().signal;

let root: string;
let folder: string;
let file: string;
let env: { readonly REEKOLECT_CONFIG_DIR: string };
/** Stores a token for the profile that it is given, as a login does. */
let program: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reekolect-settings-'));
  await chmod(root, 0o755);
  program = join(root, 'login.cjs');
  const source = JSON.stringify(join(import.meta.dirname, '../../src/state/settings.ts'));
  await build({
    stdin: {
      contents: `
        import { changeSettings } from ${source};
        const [profile] = process.argv.slice(2);
        changeSettings({ env: process.env }, ({ profiles, ...others }) => ({
          ...others,
          profiles: { ...profiles, [profile]: { token: 'token-of-' + profile } },
        })).then(() => console.log('stored'), ({ exit, code, message, hint }) => {
          console.log(JSON.stringify({ exit, code, message, hint }));
        });`,
      loader: 'js',
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: program,
    logLevel: 'error',
  });
});

afterAll(() => rm(root, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(root, 's-'));
  file = join(folder, 'config.json');
  env = { REEKOLECT_CONFIG_DIR: folder };
});

/** A login in a process of its own; what it printed. */
function login(profile: string, world: object, prefix: readonly string[] = [], uid?: number) {
  const { PATH } = process.env;
  const [command = '', ...args] = [...prefix, process.execPath, program, profile];
  const ids = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(command, args, { env: { PATH, ...world }, cwd: '/', ...ids });
  return new Promise<string>((resolve) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    child.once('close', () => resolve(said.trim()));
  });
}

describe('settings that are changed', () => {
  it('by six at once are all stored, privately, and leave nothing behind', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const said = await Promise.all(names.map((name) => login(name, env)));
    expect(said).toEqual(names.map(() => 'stored'));
    expect(Object.keys(readSettings(env).profiles ?? {}).sort()).toEqual(names);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['config.json']);
  });

  it('wait for a short change of another, and go on', async () => {
    const lock = await takeLock(`${file}.lock`, 'the settings');
    setTimeout(() => void lock.release(), 300);
    await changeSettings({ env }, () => ({ profile: 'work' }));
    expect(readSettings(env)).toEqual({ profile: 'work' });
  });

  it('fail with what `change` throws, and stay as they were', async () => {
    await changeSettings({ env }, () => ({ profile: 'work' }));
    const failing = changeSettings({ env }, () => {
      throw new Error('no luck');
    });
    await expect(failing).rejects.toThrow('no luck');
    expect(readSettings(env)).toEqual({ profile: 'work' });
    expect(await readdir(folder)).toEqual(['config.json']);
  });

  it('are written also where the old ones began with a mark', async () => {
    const text = Buffer.from(JSON.stringify({ profile: 'work' }), 'utf16le');
    await writeFile(file, Buffer.concat([Buffer.from([0xff, 0xfe]), text]));
    await changeSettings({ env }, (before) => ({ ...before, defaults: { rate: '2' } }));
    const after = { profile: 'work', defaults: { rate: '2' } };
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(after);
  });
});

describe('settings that are read', () => {
  it('may begin with a mark', async () => {
    await writeFile(file, '\uFEFF{"profile":"work"}');
    expect(readSettings(env)).toEqual({ profile: 'work' });
  });

  it.each([
    '{"profile":null}',
    '{"profile":7}',
    '{"profiles":null}',
    '{"profiles":[]}',
    '{"profiles":{"a":null}}',
    '{"profiles":{"a":{"token":null}}}',
    '{"profiles":{"a":{"token":{"secret":"x"}}}}',
    '{"profiles":{"a":{"apiUrl":7}}}',
    '{"defaults":null}',
    '{"views":"none"}',
    'null',
    '{"profile"',
  ])('with an odd part are refused, exit 7, naming the file: %s', async (text) => {
    await writeFile(file, text);
    expect(() => readSettings(env)).toThrow(
      expect.objectContaining({ exit: 7, message: expect.stringContaining(file) }),
    );
    await expect(changeSettings({ env }, (before) => before)).rejects.toMatchObject({ exit: 7 });
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('from a FIFO or a folder are refused, not waited for', async () => {
    execFileSync('mkfifo', [file]);
    expect(() => readSettings(env)).toThrow(expect.objectContaining({ exit: 7 }));
    await rm(file);
    await mkdir(file);
    expect(() => readSettings(env)).toThrow(expect.objectContaining({ exit: 7 }));
  });

  it('from a link that leads to itself are refused, with what to do', async () => {
    await symlink(file, file);
    expect(() => readSettings(env)).toThrow(
      expect.objectContaining({ exit: 7, hint: expect.stringContaining('check it') }),
    );
  });
});

describe('the folder of settings', () => {
  it('is the one that is named, its ~/ expanded, else the place of the system', () => {
    const HOME = '/home/ann';
    expect(configFolder({ HOME, REEKOLECT_CONFIG_DIR: '/c' })).toBe('/c');
    expect(configFolder({ HOME, REEKOLECT_CONFIG_DIR: '~/c' })).toBe('/home/ann/c');
    expect(configFolder({ HOME, REEKOLECT_CONFIG_DIR: 'c' })).toBe(join(process.cwd(), 'c'));
    if (process.platform !== 'linux') return;
    expect(configFolder({ HOME })).toBe('/home/ann/.config/reekolect');
    expect(configFolder({ HOME, XDG_CONFIG_HOME: '/x' })).toBe('/x/reekolect');
    expect(configFolder({ HOME: '' })).toBe(join(userInfo().homedir, '.config/reekolect'));
    expect(expandHome('~ann/x', { HOME })).toBe('~ann/x');
  });

  it('that can never be made is refused within a second, with what to set', async () => {
    for (const lost of ['/proc/reekolect', '/proc/reekolect/deep', '/proc/self']) {
      const began = Date.now();
      const failing = changeSettings({ env: { REEKOLECT_CONFIG_DIR: lost } }, () => ({
        profile: 'a',
      }));
      await expect(failing).rejects.toMatchObject({
        exit: 7,
        message: expect.stringMatching(/^(the folder )?\/proc\/.+/),
        hint: expect.stringContaining('REEKOLECT_CONFIG_DIR'),
      });
      const facts = { host: 'h', profile: 'p', command: 'c', token: 't', filters: {} };
      const job = openJob({ REEKOLECT_CONFIG_DIR: lost }, 'j', { ...facts, now: new Date() });
      await expect(job).rejects.toMatchObject({
        exit: 7,
        hint: expect.stringContaining('REEKOLECT_CONFIG_DIR'),
      });
      expect(Date.now() - began).toBeLessThan(3000);
    }
  });

  it('that counts from a working folder that is gone is refused, else all works', async () => {
    const gone = join(root, 'gone');
    const prefix = [
      'sh',
      '-c',
      `mkdir -p ${gone} && cd ${gone} && rmdir ${gone} && exec "$@"`,
      'sh',
    ];
    const said = JSON.parse(await login('a', { REEKOLECT_CONFIG_DIR: 'config' }, prefix));
    expect(said).toMatchObject({ exit: 7, code: 'no-working-folder' });
    expect(said.message).toContain('the working folder is gone');
    expect(await login('a', env, prefix)).toBe('stored');
  });

  it.skipIf(!isRoot)('must be named without a home; then all works (needs root)', async () => {
    const nobody = 54_321;
    expect(JSON.parse(await login('a', {}, [], nobody))).toMatchObject({
      exit: 7,
      code: 'no-home',
      hint: expect.stringContaining('REEKOLECT_CONFIG_DIR'),
    });
    await chown(folder, nobody, nobody);
    expect(await login('a', env, [], nobody)).toBe('stored');
    expect(await login('b', { XDG_CONFIG_HOME: folder }, [], nobody)).toBe('stored');
    expect(Object.keys(readSettings(env).profiles ?? {})).toEqual(['a']);
  });
});

describe('a token file', () => {
  const tokenIn = async (bytes: Uint8Array | string) => {
    const path = join(folder, 'token');
    await writeFile(path, bytes);
    return (await findToken({ REEKOLECT_TOKEN_FILE: path }, {}, 'default', never))?.token;
  };

  it('may begin with a mark, in UTF-8 and UTF-16', async () => {
    const le = Buffer.from('\uFEFFa-token\r\n', 'utf16le');
    expect(await tokenIn('\uFEFFa-token\n')).toBe('a-token');
    expect(await tokenIn(le)).toBe('a-token');
    expect(await tokenIn(Buffer.from(le).swap16())).toBe('a-token');
  });

  it('may be named with a ~/ that no shell has expanded', async () => {
    await writeFile(join(folder, 'token'), 'a-token');
    const found = await findToken(
      { HOME: folder, REEKOLECT_TOKEN_FILE: '~/token' },
      {},
      'default',
      never,
    );
    expect(found).toMatchObject({ token: 'a-token', file: join(folder, 'token') });
  });

  it('that cannot be read is named: exit 7; one that is empty: exit 4', async () => {
    const lost = { REEKOLECT_TOKEN_FILE: join(folder, 'none') };
    await expect(findToken(lost, {}, 'default', never)).rejects.toMatchObject({
      exit: 7,
      message: expect.stringContaining(join(folder, 'none')),
    });
    await expect(tokenIn('\n')).rejects.toMatchObject({ exit: 4 });
  });

  it('that is a FIFO is waited for until the run is stopped', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const stop = new AbortController();
    const finding = findToken({ REEKOLECT_TOKEN_FILE: path }, {}, 'default', stop.signal);
    setTimeout(() => stop.abort(new Error('stopped')), 100);
    await expect(finding).rejects.toThrow('stopped');
  });
});

describe('a file that others may read', () => {
  it('is one that its owner could close', async () => {
    await writeFile(file, '{}', { mode: 0o600 });
    expect(isExposed(file)).toBe(false);
    await chmod(file, 0o644);
    expect(isExposed(file)).toBe(true);
    expect(isExposed(join(folder, 'none'))).toBe(false);
    expect(isExposed('/dev/null')).toBe(false);
  });

  it('is none that goes by the name of a descriptor: chmod would change its own', async () => {
    await writeFile(file, 'a-token', { mode: 0o644 });
    const handle = await open(file);
    try {
      for (const name of ['/proc/self/fd', '/dev/fd']) {
        expect(isExposed(`${name}/${handle.fd}`)).toBe(false);
      }
    } finally {
      await handle.close();
    }
  });

  it.skipIf(!isRoot)('is none of ours when it is of another (needs root)', async () => {
    await writeFile(file, 'a-token', { mode: 0o444 });
    await chown(file, 54_321, 54_321);
    expect(isExposed(file)).toBe(false);
  });

  it('is none that lies on a read-only mount', async (context) => {
    const mount = join(folder, 'secrets');
    await mkdir(mount);
    const { status } = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', mount]);
    context.skip(status !== 0, 'this user may mount nothing here');
    try {
      await writeFile(join(mount, 'token'), 'a-token', { mode: 0o444 });
      expect(isExposed(join(mount, 'token'))).toBe(true);
      execFileSync('mount', ['-o', 'remount,ro', mount]);
      expect(isExposed(join(mount, 'token'))).toBe(false);
    } finally {
      execFileSync('umount', ['-l', mount]);
    }
  });
});

import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import {
  cleanEnv,
  type Env,
  program,
  runCli,
  runInProcess,
  tempFolder,
  watch,
} from '../support/cli.ts';
import { sandboxWith } from '../support/sandbox.ts';
import { serve } from '../support/service.ts';

vi.setConfig({ testTimeout: 60_000 });

const good = 'sandbox-token-0123456789abcdef';
const bad = 'some-other-token-0123456789abcdef';
const list = ['contacts', 'list', '--limit', '1', '--columns', 'id', '--no-header'];

/** A home of its own whose store holds what is given. */
async function home(store?: object | string) {
  const folder = await tempFolder();
  const config = join(folder, 'config');
  const file = join(config, 'config.json');
  if (store !== undefined) {
    await mkdir(config, { mode: 0o700 });
    await writeFile(file, typeof store === 'string' ? store : JSON.stringify(store), {
      mode: 0o600,
    });
  }
  return { folder, file, env: { REEKOLECT_CONFIG_DIR: config } };
}

function storeOf(token: string) {
  return { profiles: { default: { token } } };
}

describe('a token comes from', () => {
  test.each<
    readonly [variable: string | undefined, file: string | undefined, stored: string, number]
  >([
    [good, bad, bad, 0],
    [bad, good, good, 4],
    [undefined, good, bad, 0],
    [undefined, bad, good, 4],
    ['', good, bad, 0],
    [' \n', good, bad, 0],
    [undefined, undefined, good, 0],
    [undefined, undefined, bad, 4],
    [undefined, '', good, 0],
  ])(
    'REEKOLECT_TOKEN %j before REEKOLECT_TOKEN_FILE %j before the store %j: exit %i',
    async (...row) => {
      const [variable, inFile, stored, exit] = row;
      const { url } = await sandboxWith();
      const { folder, env } = await home(storeOf(stored));
      const file = join(folder, 'token');
      await writeFile(file, inFile ?? '', { mode: 0o600 });
      const from = {
        REEKOLECT_API_URL: url,
        REEKOLECT_TOKEN: variable,
        REEKOLECT_TOKEN_FILE: inFile === '' ? '' : inFile && file,
      };
      expect((await runInProcess(list, { env: { ...env, ...from } })).code).toBe(exit);
    },
  );

  test('nowhere: exit 4, and the ways to give one', async () => {
    const service = await serve({ contacts: [{}] });
    const { code, stdout, stderr } = await runInProcess(list, {
      env: { REEKOLECT_API_URL: service.url },
    });
    expect({ code, stdout, calls: service.calls }).toEqual({ code: 4, stdout: '', calls: [] });
    expect(stderr).toMatch(
      /^error: no token\n.*reekolect auth login.*REEKOLECT_TOKEN.*--profile sandbox\n$/,
    );
  });

  test.each([
    `  ${good}\n`,
    `Bearer ${good}`,
    `bearer  ${good}\r\n`,
    `Authorization: Bearer ${good}`,
    `"${good}"`,
    `'Bearer ${good}'`,
  ])('wherever, trimmed of what is pasted with it: %j', async (text) => {
    const { url } = await sandboxWith();
    const env = { REEKOLECT_API_URL: url };
    const { folder } = await home();
    const file = join(folder, 'token');
    await writeFile(file, text, { mode: 0o600 });
    expect((await runInProcess(list, { env: { ...env, REEKOLECT_TOKEN: text } })).code).toBe(0);
    expect((await runInProcess(list, { env: { ...env, REEKOLECT_TOKEN_FILE: file } })).code).toBe(
      0,
    );
    expect((await runInProcess(['auth', 'login', '--with-token'], { env, input: text })).code).toBe(
      0,
    );
  });

  test('a REEKOLECT_TOKEN_FILE that is not there: exit 7, and nobody is asked', async () => {
    const service = await serve({ contacts: [{}] });
    const env = { REEKOLECT_API_URL: service.url, REEKOLECT_TOKEN_FILE: '/no/such/token' };
    const { code, stderr } = await runInProcess(list, { env });
    expect({ code, calls: service.calls }).toEqual({ code: 7, calls: [] });
    expect(stderr).toContain("/no/such/token can't be read: it is not there");
  });

  test.each(['', ' \n', 'two words', 'tökén', 'line\nbreak', 'Bearer '])(
    '%j is no token: exit 4',
    async (text) => {
      const service = await serve({ contacts: [{}] });
      const { file, env } = await home();
      const { code, stderr } = await runInProcess(
        ['auth', 'login', '--with-token', '--no-verify'],
        {
          env: { ...env, REEKOLECT_API_URL: service.url },
          input: text,
        },
      );
      expect({ code, calls: service.calls }).toEqual({ code: 4, calls: [] });
      expect(stderr).toMatch(/^error: the token /);
      await expect(stat(file)).rejects.toThrow('ENOENT');
    },
  );
});

describe('auth login --with-token', () => {
  test('checks the token, then stores it for its owner alone, with the host', async () => {
    const service = await sandboxWith();
    const { folder, file, env } = await home();
    const login = await runCli(['auth', 'login', '--with-token'], {
      env: { ...env, REEKOLECT_API_URL: service.url },
      input: good,
    });
    expect(login).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(service.requests).toBe(1);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'config'))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(folder, 'config'))).toEqual(['config.json']);
    expect((await runCli(list, { env })).code).toBe(0);
  });

  test('stores it for its owner alone under an umask that would let anybody read it', async () => {
    const { folder, file, env } = await home();
    const line = 'umask 0; exec "$0" "$@"';
    const args = ['-c', line, process.execPath, program, 'auth', 'login', '--with-token'];
    const child = spawn('sh', [...args, '--no-verify'], { env: { ...(await cleanEnv(env)) } });
    expect((await watch(child, good).ended).code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'config'))).mode & 0o777).toBe(0o700);
  });

  test('stores nothing that the service refuses: exit 4', async () => {
    const { url } = await sandboxWith();
    for (const store of [undefined, storeOf('the-old-one-0123456789')]) {
      const { file, env } = await home(store);
      const { code, stdout, stderr } = await runCli(['auth', 'login', '--with-token'], {
        env: { ...env, REEKOLECT_API_URL: url },
        input: bad,
      });
      expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
      expect(stderr).toMatch(/^error: the service does not accept the token/);
      const held = await readFile(file, 'utf8').catch(() => undefined);
      expect(held).toBe(store && JSON.stringify(store));
    }
  });

  test('stores nothing when the service cannot be asked; --no-verify asks nobody', async () => {
    const { file, env } = await home();
    const login = ['auth', 'login', '--with-token', '--api-url', 'http://127.0.0.1:9'];
    const unasked = await runCli([...login, '--max-attempts', '1'], { env, input: good });
    expect(unasked.code).toBe(6);
    await expect(stat(file)).rejects.toThrow('ENOENT');
    const unverified = await runCli([...login, '--no-verify'], { env, input: good });
    expect(unverified).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      profiles: { default: { apiUrl: 'http://127.0.0.1:9/', apiUrlBy: 'login', token: good } },
    });
  });

  test('keeps what else the store holds, other profiles and strange settings', async () => {
    const store = {
      profiles: { default: { token: 'x', note: 'mine' }, 'a.b': { token: 'y' } },
      views: { vip: { tag: ['vip'] } },
      'from.later': [1],
    };
    const { file, env } = await home(store);
    await runCli(['auth', 'login', '--with-token', '--no-verify'], { env, input: good });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      ...store,
      profiles: { ...store.profiles, default: { token: good, note: 'mine' } },
    });
  });

  test('warns when the environment goes before what it stored', async () => {
    const { env } = await home();
    const { code, stderr } = await runCli(['auth', 'login', '--with-token', '--no-verify'], {
      env: { ...env, REEKOLECT_TOKEN: bad },
      input: good,
    });
    expect(code).toBe(0);
    expect(stderr).toBe(
      'warning: REEKOLECT_TOKEN is set and goes before the stored token: unset it to use this one\n',
    );
  });

  test('is what a login without a terminal is told of: exit 2', async () => {
    const { code, stderr } = await runCli(['auth', 'login']);
    expect(code).toBe(2);
    expect(stderr).toContain('reekolect auth login --with-token < token.txt');
  });
});

describe('auth logout', () => {
  test('forgets the token of its profile alone', async () => {
    const { url } = await sandboxWith();
    const shop = { token: good, apiUrl: url };
    const { file, env } = await home({ profiles: { default: { ...shop }, shop } });
    expect(await runCli(['auth', 'logout'], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      profiles: { default: { apiUrl: url }, shop },
    });
    const after = await runCli(list, { env });
    expect(after.code).toBe(4);
    expect(after.stderr).toContain('profiles with a token: shop');
    expect((await runCli([...list, '--profile', 'shop'], { env })).code).toBe(0);
  });

  test('of nothing is no failure, and writes no store', async () => {
    const { file, env } = await home();
    expect((await runCli(['auth', 'logout'], { env })).code).toBe(0);
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});

describe('auth status', () => {
  test.each([
    [good, 0, 'accepted'],
    [bad, 4, 'refused'],
  ])('of %s: exit %i, %s', async (token, exit, verdict) => {
    const { url } = await sandboxWith();
    const { file, env } = await home({ profiles: { default: { token, apiUrl: url } } });
    const { code, stdout } = await runCli(['auth', 'status'], { env });
    expect(code).toBe(exit);
    expect(stdout).toBe(
      `profile  default\nhost     ${new URL(url).host}\ntoken    ****cdef from ${file}\nservice  ${verdict}\n`,
    );
  });

  test('without a token: exit 4', async () => {
    const { code, stdout } = await runCli(['auth', 'status']);
    expect(code).toBe(4);
    expect(stdout).toBe('profile  default\nhost     api-v7.express-chat.com\ntoken    none\n');
  });
});

describe('a store that is broken', () => {
  const broken = [`{"profiles":{"default":{"token":"${good}"`, '[]', '"text"', '', 'null'];

  test.each(broken)('%j is told with its path and never overwritten: exit 7', async (text) => {
    const { file, env } = await home(text);
    const service = await serve({ contacts: [{}] });
    const world = { env: { ...env, REEKOLECT_API_URL: service.url }, input: good };
    const commands = ['contacts list', 'auth login --with-token --no-verify', 'auth logout'];
    for (const command of [
      ...commands,
      'auth status',
      'config set timeout 9',
      'view save x --tag y',
    ]) {
      const { code, stdout, stderr } = await runInProcess(command.split(' '), world);
      expect({ command, code, stdout }).toEqual({ command, code: 7, stdout: '' });
      expect(stderr).toContain(`error: ${file} is not a valid settings file\n`);
      expect(stderr).not.toContain(good);
    }
    expect(await readFile(file, 'utf8')).toBe(text);
    expect(await readdir(join(file, '..'))).toEqual(['config.json']);
    expect(service.calls).toEqual([]);
  });

  test('does not keep help from helping', async () => {
    const { env } = await home('{');
    for (const args of [['--version'], ['help', 'filters'], ['contacts', 'list', '--help']]) {
      expect((await runInProcess(args, { env })).code).toBe(0);
    }
  });
});

describe('a token that others can read', () => {
  test('in the store is warned of, once, and used; -q drops the warning', async () => {
    const { url } = await sandboxWith();
    const { file, env } = await home({ profiles: { default: { token: good, apiUrl: url } } });
    await chmod(file, 0o640);
    const { code, stderr } = await runCli(list, { env });
    expect(code).toBe(0);
    expect(stderr).toBe(
      `warning: ${file} holds a token and can be read by others: chmod 600 '${file}'\n`,
    );
    expect((await runCli([...list, '-q'], { env })).stderr).toBe('');
  });

  test('in REEKOLECT_TOKEN_FILE is warned of too', async () => {
    const { url } = await sandboxWith();
    const { folder, env } = await home();
    const file = join(folder, 'token');
    await writeFile(file, good, { mode: 0o644 });
    const from = { REEKOLECT_API_URL: url, REEKOLECT_TOKEN_FILE: file };
    const { code, stderr } = await runCli(list, { env: { ...env, ...from } });
    expect(code).toBe(0);
    expect(stderr).toContain(`chmod 600 '${file}'`);
  });
});

describe('the token is nowhere to be seen', () => {
  const secret = 'S3CRET-ey.J0-b%2F_c+d=~x1y2';

  /** Answers every call with what it was asked, the token included. */
  async function echo(status: number, wrap: (token: string) => string): Promise<Env> {
    const { url } = await serve({
      answer: ({ headers: { authorization = '' } }) => ({
        status,
        headers: { location: `http://127.0.0.1:9/?${authorization}` },
        body: wrap(authorization),
      }),
    });
    return { REEKOLECT_API_URL: url, REEKOLECT_TOKEN: secret };
  }

  const json = (token: string) =>
    JSON.stringify({ success: false, message: `${'x'.repeat(150)} no ${token}`, code: 400 });
  const commands = [
    ['contacts', 'list'],
    ['contacts', 'list', '-v'],
    ['contacts', 'list', '-v', '--errors', 'json'],
    ['contacts', 'get', 'a@example.com', '-v'],
    ['auth', 'status', '-v'],
    ['doctor', '-v'],
  ];

  test.each([
    ['a page of HTML', 400, (token: string) => `<pre>Authorization: ${token}</pre>`],
    ['JSON', 400, json],
    ['a refusal', 401, json],
    ['a failure that calls itself 200', 200, json],
    ['no JSON', 200, (token: string) => token],
    ['a redirect', 302, json],
    ['a breakdown', 500, json],
    ['a limit', 429, json],
  ])(
    'in what is told of a service that answers with it: %s, HTTP %i',
    async (_what, status, wrap) => {
      const env = await echo(status, wrap);
      const runs = commands.map((command) => [command, runInProcess] as const);
      for (const [command, run] of [...runs, [['contacts', 'list', '-v'], runCli] as const]) {
        const { code, stdout, stderr } = await run([...command, '--max-attempts', '1'], { env });
        expect([4, 5]).toContain(code);
        expect(stdout + stderr).not.toContain(secret);
      }
    },
  );

  test('whatever the command, with -v and --dry-run', async () => {
    const { url } = await sandboxWith({ token: secret });
    const { file, env } = await home({ profiles: { default: { token: secret, apiUrl: url } } });
    const commands = [
      'contacts list',
      'contacts export --format ndjson',
      'contacts count',
      'contacts stats',
      'contacts get nobody@example.com',
      'contacts list --dry-run',
      'contacts export --dry-run',
      'segments list',
      'agents list',
      'auth status',
      'config list',
      'config path',
      'view list',
      'doctor',
      'doctor --format json',
      'completion bash',
      'auth logout',
      'auth login --with-token',
    ];
    for (const command of commands) {
      const args = [...command.split(' '), '-v'];
      const run = /^contacts export|status|doctor$/.test(command) ? runCli : runInProcess;
      const { code, stdout, stderr } = await run(args, { env, input: secret });
      expect({ args, code }).toEqual({ args, code: command.startsWith('contacts get') ? 9 : 0 });
      expect(stdout + stderr).not.toContain(secret);
    }
    expect(await readFile(file, 'utf8')).toContain(secret);
  });

  test('when the program crashes (exit 1)', async () => {
    const { url } = await sandboxWith({ token: secret });
    const crash = 'performance.now = () => { throw new TypeError("boom"); };';
    const { code, stdout, stderr } = await runCli(['contacts', 'export', '-v'], {
      env: {
        REEKOLECT_API_URL: url,
        REEKOLECT_TOKEN: secret,
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(crash)}`,
      },
    });
    expect(code).toBe(1);
    expect(stderr).toContain('error: a bug in reekolect');
    expect(stderr).toContain('TypeError: boom\n    at ');
    expect(stdout + stderr).not.toContain(secret);
  });

  test('in the files that a run leaves behind', async () => {
    const { url } = await sandboxWith({
      token: secret,
      contacts: 120,
      faults: [{ kind: '500', page: 3, times: 1 }],
    });
    const { env } = await home();
    const folder = await tempFolder();
    const world = { env: { ...env, REEKOLECT_API_URL: url, REEKOLECT_TOKEN: secret }, cwd: folder };
    const args = ['contacts', 'export', '-o', 'a.csv', '--manifest', '--since-last', 'job'];
    expect((await runCli([...args, '--max-attempts', '1'], world)).code).toBe(5);
    expect(await readdir(folder)).toContain('a.csv.part');
    const left = [await textsIn(folder), await textsIn(env.REEKOLECT_CONFIG_DIR)].join();
    expect((await runCli(args, world)).code).toBe(0);
    expect(
      left + (await textsIn(folder)) + (await textsIn(env.REEKOLECT_CONFIG_DIR)),
    ).not.toContain(secret);
  });

  test.each([
    ['--token', secret, 'contacts', 'list'],
    ['contacts', 'list', `--token=${secret}`],
    ['contacts', 'list', '--token', secret],
    ['auth', 'login', `--token=${secret}`],
    ['auth', 'login', '--with-token', secret],
    ['auth', 'login', `--with-token=${secret}`],
    ['auth', 'login', secret],
    ['config', 'set', 'token', secret],
    ['config', 'set', 'profiles.default.token', secret],
    ['contacts', 'list', '--api-url', `https://${secret}@example.com`],
  ])('and no flag or argument takes it: %s %s %s', async (...args) => {
    const { file, env } = await home();
    for (const mode of [[], ['--errors', 'json']]) {
      const { code, stdout, stderr } = await runInProcess([...mode, ...args], { env });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).not.toContain(secret);
    }
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });
});

/** All text of all files below a folder; '' where there is none. */
async function textsIn(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const texts = files.map((entry) => readFile(join(entry.parentPath, entry.name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import {
  type CliOptions,
  envOf,
  runCli,
  runInProcess,
  startCli,
  tempFolder,
} from '../support/cli.ts';
import { sandboxWith } from '../support/sandbox.ts';
import { serve } from '../support/service.ts';

vi.setConfig({ testTimeout: 60_000 });

/** A service that answers every call with this. */
function answering(status: number, headers: Record<string, string>, body = '') {
  return serve({ answer: () => ({ status, headers, body }) });
}

async function faulty(...faults: readonly Fault[]): Promise<CliOptions> {
  return { env: envOf(await sandboxWith({ contacts: 120, faults })) };
}

const list = ['contacts', 'list'];
const once = ['--max-attempts', '1'];

interface Case {
  readonly what: string;
  readonly exit: number;
  readonly args: readonly string[];
  readonly world?: () => Promise<CliOptions>;
  readonly code: string;
  readonly status?: number;
}

const cases: readonly Case[] = [
  { what: 'an unknown flag', exit: 2, args: [...list, '--tga', 'x'], code: 'usage' },
  { what: 'a bad date', exit: 2, args: [...list, '--seen-after', 'then'], code: 'bad-date' },
  { what: 'a bad column', exit: 2, args: [...list, '--columns', 'x'], code: 'unknown-column' },
  { what: 'a bad id', exit: 2, args: [...list, '--bot-website', 'x'], code: 'bad-id' },
  { what: 'no token', exit: 4, args: list, code: 'no-token' },
  {
    what: 'a token that is refused',
    exit: 4,
    args: list,
    world: async () => ({ env: { ...envOf(await sandboxWith()), REEKOLECT_TOKEN: 'other' } }),
    code: 'token-refused',
    status: 400,
  },
  {
    what: 'a failure of the service',
    exit: 5,
    args: [...list, ...once],
    world: () => faulty({ kind: '500' }),
    code: 'bad-answer',
    status: 500,
  },
  {
    what: 'a limit',
    exit: 5,
    args: [...list, ...once],
    world: () => faulty({ kind: '429' }),
    code: 'rate-limited',
    status: 429,
  },
  {
    what: 'a failure that calls itself 200',
    exit: 5,
    args: list,
    world: () => faulty({ kind: 'not-success' }),
    code: 'bad-answer',
    status: 200,
  },
  {
    what: 'a redirect',
    exit: 5,
    args: list,
    world: () => faulty({ kind: 'redirect' }),
    code: 'bad-answer',
    status: 302,
  },
  {
    what: 'nobody there',
    exit: 6,
    args: [...list, ...once, '--api-url', 'http://127.0.0.1:9'],
    world: async () => ({ env: { REEKOLECT_TOKEN: 'a-token' } }),
    code: 'unreachable',
  },
  {
    what: 'no answer in time',
    exit: 6,
    args: [...list, ...once, '--timeout', '0.2'],
    world: () => faulty({ kind: 'hang' }),
    code: 'unreachable',
  },
  {
    what: 'a file that cannot be written',
    exit: 7,
    args: ['contacts', 'export', '-o', '/no/such/folder/a.csv'],
    world: () => faulty(),
    code: 'file',
  },
  {
    what: 'a service that repeats itself',
    exit: 8,
    args: ['contacts', 'export'],
    world: () => faulty({ kind: 'repeat' }),
    code: 'repeating-service',
  },
  {
    what: 'nobody found',
    exit: 9,
    args: ['contacts', 'get', 'nobody@example.com'],
    world: () => faulty(),
    code: 'not-found',
  },
  {
    what: 'nothing matched, with --fail-on-empty',
    exit: 9,
    args: ['contacts', 'export', '--search', 'nobody at all', '--fail-on-empty'],
    world: () => faulty(),
    code: 'nothing-matched',
  },
];

describe('every kind of failure has its exit code', () => {
  test.each(cases)('$exit: $what', async ({ exit, args, world }) => {
    const { code, stderr } = await runCli(args, await world?.());
    expect(code).toBe(exit);
    expect(stderr).toMatch(/^error: [^\n]+\n[^\n]+\n$/);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test.each(cases)('as JSON, $exit: $code', async ({ exit, args, world, code, status }) => {
    const ran = await runInProcess([...args, '--errors', 'json'], await world?.());
    expect(ran.code).toBe(exit);
    expect(ran.stderr).toMatch(/^\{[^\n]*\}\n$/);
    const told = JSON.parse(ran.stderr);
    expect(told).toEqual({
      code,
      message: expect.stringMatching(/./),
      hint: expect.stringMatching(/./),
      status: status ?? null,
    });
  });

  test('0: nothing matched, which is no failure', async () => {
    const args = ['contacts', 'export', '--search', 'nobody at all', '--no-header'];
    expect(await runCli(args, await faulty())).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });

  test('1: a bug, with a stack trace, and JSON before it where that is asked for', async () => {
    const crash = 'performance.now = () => { throw new TypeError("boom"); };';
    const { env } = await faulty();
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(crash)}`;
    const { code, stdout, stderr } = await runCli(['contacts', 'export', '--errors=json'], {
      env: { ...env, NODE_OPTIONS },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const [first = '', ...stack] = stderr.split('\n');
    expect(JSON.parse(first)).toMatchObject({ code: 'bug', hint: expect.stringMatching(/report/) });
    expect(stack.join('\n')).toMatch(/^TypeError: boom\n {4}at /);
  });

  test.sequential('75: another run writes the same file', async () => {
    const { env = {} } = { env: envOf(await sandboxWith({ contacts: 500, latencyMs: 300 })) };
    const folder = await tempFolder();
    const args = ['contacts', 'export', '-o', 'a.csv', '--concurrency', '1'];
    const first = await startCli(args, { env, cwd: folder });
    await vi.waitFor(() => readFile(join(folder, 'a.csv.part')), { timeout: 10_000 });
    const began = Date.now();
    const second = await runCli([...args, '--errors', 'json'], { env, cwd: folder });
    expect(Date.now() - began).toBeLessThan(2000);
    expect(second.code).toBe(75);
    expect(JSON.parse(second.stderr)).toMatchObject({ code: 'locked' });
    expect(second.stderr).toContain(String(first.child.pid));
    expect((await first.ended).code).toBe(0);
  });

  test.each([
    [130, 'SIGINT'],
    [143, 'SIGTERM'],
  ] as const)('%i: %s', async (exit, signal) => {
    const service = await serve({ latencyMs: 30_000 });
    const { child, ended } = await startCli(list, { env: envOf(service) });
    await vi.waitUntil(() => service.requests.length > 0, { timeout: 30_000 });
    child.kill(signal);
    const began = Date.now();
    const { code, stdout } = await ended;
    expect({ code, stdout }).toEqual({ code: exit, stdout: '' });
    expect(Date.now() - began).toBeLessThan(5000);
  });
});

describe('the token goes to nobody but the service', () => {
  const env = { REEKOLECT_TOKEN: 'a-token-of-the-tests' };

  test.each([
    ['http://example.com', 'https://'],
    ['http://127.0.0.1.example.com', 'https://'],
    ['ftp://example.com', 'https://'],
    ['api-v7.express-chat.com', 'not a web address'],
    ['https://api-v7.express.com', 'misprint'],
    ['https://API-V7.express.com./inbox/users', 'misprint'],
    ['https://me:pass@example.com', 'user name'],
  ])('%s is refused before any request: exit 2', async (url, said) => {
    // Whoever it tries to reach all the same, it would have to ask here.
    const proxy = await answering(200, {}, '{"success":true,"data":[]}');
    const through = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, ALL_PROXY: proxy.url };
    for (const [command, runs] of [
      ['contacts list', runCli],
      ['contacts export', runInProcess],
      ['auth status', runInProcess],
      ['segments list', runInProcess],
    ] as const) {
      const args = [...command.split(' '), '--api-url', url];
      const { code, stdout, stderr } = await runs(args, { env: { ...env, ...through } });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(said);
    }
    expect(proxy.requests.length).toBe(0);
  });

  test('a redirect to another host is not followed', async () => {
    const thief = await answering(200, {}, '{"success":true,"data":[]}');
    for (const status of [301, 302, 303, 307, 308]) {
      const { url } = await answering(status, { location: `${thief.url}/inbox/users` });
      const { code, stderr } = await runInProcess(list, {
        env: { ...env, REEKOLECT_API_URL: url },
      });
      expect(code).toBe(5);
      expect(stderr).toContain(`HTTP ${status}`);
    }
    expect(thief.requests.length).toBe(0);
  });

  test('and what it will never accept is asked for once only', async () => {
    for (const status of [400, 401, 403, 404, 422]) {
      const service = await answering(status, {}, '{"success":false,"message":"no"}');
      const { code } = await runInProcess(list, { env: envOf(service) });
      expect({ status, code }).toEqual({ status, code: [401, 403].includes(status) ? 4 : 5 });
      expect({ status, asked: service.requests.length }).toEqual({ status, asked: 1 });
    }
  });
});

describe('a command line that makes no sense: exit 2, and the near word', () => {
  test.each([
    [['contcts', 'list'], "unknown command 'contcts'", 'contacts'],
    [['contacts', 'lst'], "unknown command 'lst'", 'list'],
    [['contacts', 'list', '--stauts', 'OPEN'], "unknown option '--stauts'", '--status'],
    [['contacts', 'list', '--limit', '0'], '--limit 0: expected a whole number', 'list --help'],
    [['contacts', 'list', '--limit', 'ten'], '--limit ten: expected a whole number', ''],
    [
      ['contacts', 'list', '--limit', '5', '--all'],
      '--all and --limit contradict each other',
      'leave one of them out',
    ],
    [['contacts', 'list', '--tag'], '--tag needs a value', ''],
    [['contacts', 'list', 'vip'], 'takes no argument', '--search vip'],
    [['contacts', 'export', '-o=x.csv'], 'a short flag takes no =', '-o x.csv, or --output=x.csv'],
    [['segments', 'list', '-o=x.csv'], 'a short flag takes no =', '-o x.csv, or --output=x.csv'],
    [['contacts', 'list', '-n=5'], 'a short flag takes no =', '-n 5, or --limit=5'],
    [['contacts', 'list', '-f=json'], 'a short flag takes no =', '-f json, or --format=json'],
    [['contacts', 'list', '--format', 'cvs'], 'unknown format "cvs"', 'csv'],
    [['contacts', 'export', '-o', 'a.db'], 'a.db is a database', 'reekolect contacts sync a.db'],
    [['contacts', 'export', '--format', 'table'], 'a table is for looking at', 'contacts list'],
    [['contacts', 'export', '--resume'], '--resume needs a file', '-o FILE'],
    [['contacts', 'list', '--timeout', '-1'], '--timeout -1: expected a number', ''],
    [['contacts', 'list', '--errors', 'xml'], '--errors xml: allowed choices', 'text, json'],
    [['contacts', 'list', '--profile', 'a/b'], 'not a name for a profile: a/b', ''],
    [['help', 'contcts'], 'there is no help on "contcts"', 'contacts'],
  ])('%j', async (args, said, near) => {
    const service = await serve({});
    const { code, stdout, stderr } = await runInProcess(args, { env: envOf(service) });
    expect({ code, stdout, calls: service.calls }).toEqual({ code: 2, stdout: '', calls: [] });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(said);
    expect(stderr).toContain(near);
  });

  test('of a limit says the limit', async () => {
    const { stderr } = await runInProcess([...list, '--max-attempts', '99999999999']);
    expect(stderr).toContain('from 1 to 2147483647');
  });

  test.each([[[]], [['contacts']], [['auth']], [['segments']], [['view']], [['config']]])(
    'a noun without a verb, %j, shows its help',
    async (args) => {
      const { code, stdout, stderr } = await runInProcess(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(new RegExp(`^Usage: ${['reekolect', ...args].join(' ')} `));
      expect(stdout).toContain('Commands:');
    },
  );
});

describe('help', () => {
  test('--version is the version of the package', async () => {
    const packed = JSON.parse(
      await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
    );
    for (const flag of ['--version', '-V']) {
      expect(await runCli([flag])).toMatchObject({
        code: 0,
        stdout: `${packed.version}\n`,
        stderr: '',
      });
    }
  });

  test.each([
    '--help',
    '-h',
    'help',
    'contacts --help',
    'contacts list --help',
    'help contacts export',
    'help environment',
    'help exit-codes',
    'help filters',
    'help formats',
    'help cron',
  ])('%s goes to stdout, exit 0, without token, settings or network', async (line) => {
    const words = line.split(' ');
    const { code, stdout, stderr } = await runCli(words, { env: { HOME: '/no/such' } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').length).toBeGreaterThan(5);
    expect(stdout).not.toContain('\u001b');
  });
});

test('a missing home is no reason to fail', async () => {
  const env = { HOME: undefined, REEKOLECT_CONFIG_DIR: undefined, XDG_CONFIG_HOME: undefined };
  const sandbox = ['contacts', 'list', '--profile', 'sandbox', '--limit', '1'];
  expect((await runCli(sandbox, { env })).code).toBe(0);
});

test('a configuration folder that is a file is told, not crashed on', async () => {
  const folder = await tempFolder();
  await mkdir(join(folder, 'config.json'));
  const { code, stderr } = await runCli(list, { env: { REEKOLECT_CONFIG_DIR: folder } });
  expect(code).toBe(7);
  expect(stderr).toContain(`${join(folder, 'config.json')} can't be read: it is a folder`);
});

test('a ~/ that no shell has expanded leads home, for -o and for --body', async () => {
  const HOME = await tempFolder();
  const service = await serve({ contacts: [{ _id: 'a' }] });
  const world = { env: { ...envOf(service), HOME } };
  await writeFile(join(HOME, 'body.json'), '{"isSubscriber":true}');
  const args = ['contacts', 'export', '--body', '@~/body.json', '--columns', 'id'];
  expect(await runInProcess([...args, '--output=~/out.csv'], world)).toMatchObject({ code: 0 });
  expect(await readFile(join(HOME, 'out.csv'), 'utf8')).toBe('id\na\n');
  expect(service.bodies[0]).toMatchObject({ isSubscriber: true });
});

import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { maskProxy } from '../../src/api/proxy.ts';
import { clockOf } from '../../src/commands/doctor/network.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { ConfigFolder } from '../support/config-folder.ts';
import type { World } from '../support/context.ts';
import { serve } from '../support/service.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

interface Check {
  readonly state: string;
  readonly found: string;
  readonly hint: string | null;
}

async function examined(world: World, folder = new ConfigFolder(), ...flags: string[]) {
  const { exit, stdout, stderr } = await folder.run(
    ['doctor', '--format', 'json', ...flags],
    world,
  );
  const list: (Check & { check: string })[] = JSON.parse(stdout);
  for (const item of list) expect(Object.keys(item)).toEqual(['check', 'state', 'found', 'hint']);
  const checks = new Map(list.map((item) => [item.check, item as Check]));
  const stateOf = (check: string) => checks.get(check)?.state;
  return { exit, stdout, stderr, checks, stateOf, names: list.map(({ check }) => check) };
}

const names =
  'node settings profile token host proxy certificates dns connection service clock folder database zone terminal';

test('all is well against a service that answers', async () => {
  const { exit, stderr, checks, names: made, stdout } = await examined({ service: sandbox });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  expect(made).toEqual(names.split(' '));
  expect(new Set([...checks.values()].map(({ state }) => state))).toEqual(new Set(['ok']));
  expect(checks.get('service')?.found).toMatch(/^accepts the token; 50 contacts in \d+ ms$/);
  expect(checks.get('token')?.found).toBe('****cdef from REEKOLECT_TOKEN');
  expect(stdout).not.toContain(sandbox.token);
});

test('works with the sandbox profile', async () => {
  const { exit, checks } = await examined({}, new ConfigFolder(), '--profile', 'sandbox');
  expect(exit).toBe(0);
  expect(checks.get('service')?.state).toBe('ok');
});

test('people get lines, with what to do below', async () => {
  const folder = new ConfigFolder();
  const piped = await folder.run('doctor', { env: { REEKOLECT_API_URL: sandbox.url } });
  expect(piped.exit).toBe(4);
  expect(piped.stdout).toMatch(/^ok {6}node {9}\d/);
  expect(piped.stdout).toMatch(/^failed {2}token {8}no token\n {21}sign in: reekolect/m);
  expect(piped.stderr).toContain('error: failed: token\n');
  const shown = await folder.run('doctor', { service: sandbox, isTTY: true, columns: 60 });
  expect(shown.stdout).toContain('✓');
});

test('a refused token is exit 4', async () => {
  const service = { url: sandbox.url, token: 'wrong-token-0123456789' };
  const { exit, stateOf, stderr, stdout } = await examined({ service });
  expect(exit).toBe(4);
  expect(stateOf('service')).toBe('failed');
  expect(stateOf('clock')).toBe('ok');
  expect(stdout + stderr).not.toContain(service.token);
});

const bot = ['--bot', '65f3000000000000000b0701', '--customer', '65c0a1000000000000c05701'];

test('a bot token is tried too, where a bot is named', async () => {
  const folder = new ConfigFolder();
  const env = { REEKOLECT_BOT_TOKEN: sandbox.botToken };
  const nameless = await examined({ service: sandbox, env }, folder);
  expect(nameless.exit).toBe(0);
  expect(nameless.checks.get('leads')?.found).toMatch(/^no bot is named.*--bot and --customer/);
  const {
    exit,
    names: made,
    checks,
    stdout,
  } = await examined({ service: sandbox, env }, folder, ...bot);
  expect(exit).toBe(0);
  expect(made.slice(made.indexOf('clock') + 1, made.indexOf('folder'))).toEqual(['leads']);
  expect(checks.get('leads')?.found).toMatch(/^accepts the bot token; \d+ ms$/);
  expect(stdout).not.toContain(sandbox.botToken);
  // The bot may be stored, and the other token missing.
  folder.write({ defaults: { bot: bot[1], customer: bot[3] } });
  const alone = { ...env, REEKOLECT_API_URL: sandbox.url };
  const { exit: withoutToken, stateOf } = await examined({ env: alone }, folder);
  expect(withoutToken).toBe(0);
  expect(['token', 'service', 'leads'].map(stateOf)).toEqual(['skipped', 'skipped', 'ok']);
});

test('a refused bot token is exit 4', async () => {
  const env = { REEKOLECT_BOT_TOKEN: 'wrong-bot-token-0123456789' };
  const { exit, stateOf, checks, stdout } = await examined(
    { service: sandbox, env },
    new ConfigFolder(),
    ...bot,
  );
  expect(exit).toBe(4);
  expect(stateOf('service')).toBe('ok');
  expect(checks.get('leads')).toMatchObject({
    state: 'failed',
    hint: expect.stringContaining('auth login --bot-token'),
  });
  expect(stdout).not.toContain(env.REEKOLECT_BOT_TOKEN);
});

test('a host that nobody answers at is exit 6, and the other checks go on', async () => {
  const service = { url: 'http://127.0.0.1:1', token: sandbox.token };
  const { exit, stateOf } = await examined({ service });
  expect(exit).toBe(6);
  expect(stateOf('connection')).toBe('failed');
  expect(stateOf('service')).toBe('skipped');
  expect(stateOf('terminal')).toBe('ok');
});

test('an answer that is of no use is exit 5; a clock that is off is a warning', async () => {
  const ahead = new Date(Date.now() + 300_000).toUTCString();
  const { url } = await serve({
    answer: () => ({ status: 404, headers: { date: ahead }, body: 'nothing here' }),
  });
  const service = { url, token: sandbox.token };
  const { exit, stateOf, checks } = await examined({ service });
  expect(exit).toBe(5);
  expect(stateOf('service')).toBe('failed');
  expect(stateOf('clock')).toBe('warning');
  expect(checks.get('clock')?.found).toMatch(/^(29\d|30[01]) s behind the service's$/);
});

test.each([
  [900, 'ok'],
  [60_400, 'ok'],
  [-61_000, 'warning'],
])('a clock off by %i ms is %s', (ms, state) => {
  expect(clockOf(ms).state).toBe(state);
});

test('an address without https is exit 2, and nothing is sent', async () => {
  const service = { url: 'http://example.com', token: sandbox.token };
  const { exit, stateOf } = await examined({ service });
  expect(exit).toBe(2);
  expect(stateOf('host')).toBe('failed');
  expect(stateOf('connection')).toBe('skipped');
});

test.each([
  ['is no JSON', '{', 7],
  ['holds a bad default', { defaults: { timeout: 'soon' } }, 2],
  ['holds a key that is no setting', { defaults: { tomorrow: '1' } }, 2],
  ['holds a damaged view', { views: { vip: { tag: 5 } } }, 2],
])('settings that %s are told of', async (_what, settings, expected) => {
  const folder = new ConfigFolder();
  folder.write(settings);
  const { exit, checks } = await examined({ service: sandbox }, folder);
  expect(exit).toBe(expected);
  expect(checks.get('settings')?.state).toBe('failed');
  expect(checks.get('settings')?.found).toContain(folder.file);
});

test.skipIf(process.platform === 'win32')('settings that others can read: a warning', async () => {
  const folder = new ConfigFolder();
  folder.write({ profiles: { default: { token: sandbox.token } } });
  const { chmodSync } = await import('node:fs');
  chmodSync(folder.file, 0o644);
  const world = { env: { REEKOLECT_API_URL: sandbox.url } };
  const { exit, checks } = await examined(world, folder);
  expect(exit).toBe(0);
  expect(checks.get('settings')).toMatchObject({
    state: 'warning',
    hint: `chmod 600 '${folder.file}'`,
  });
});

test('a folder of settings that takes no file: a warning', async () => {
  const folder = new ConfigFolder();
  folder.write({});
  const env = { REEKOLECT_CONFIG_DIR: join(folder.file, 'below', 'a file') };
  const { exit, checks } = await examined({ service: sandbox, env });
  expect(exit).toBe(0);
  expect(checks.get('settings')).toMatchObject({
    state: 'warning',
    found: expect.stringContaining(env.REEKOLECT_CONFIG_DIR),
    hint: expect.stringContaining('REEKOLECT_CONFIG_DIR names another folder'),
  });
});

test('certificates that are not there are exit 7', async () => {
  const env = { NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' };
  const { exit, stateOf } = await examined({ service: sandbox, env });
  expect(exit).toBe(7);
  expect(stateOf('certificates')).toBe('failed');
  expect(stateOf('service')).toBe('ok');
});

test.each([
  ['http://me:secret@proxy:3128', 'http://****@proxy:3128'],
  ['me:se@cret@proxy:3128', 'http://****@proxy:3128'],
  ['http://me:se#cret@proxy:3128', '****'],
  ['http://proxy:3128', 'http://proxy:3128'],
])('the proxy %s is shown as %s', (text, shown) => {
  expect(maskProxy(text)).toBe(shown);
});

test('proxy variables are shown without passwords', async () => {
  const env = { HTTPS_PROXY: 'http://me:secret@127.0.0.1:9', NO_PROXY: '127.0.0.1' };
  const { checks, stdout } = await examined({ service: sandbox, env });
  expect(checks.get('proxy')?.found).toContain('HTTPS_PROXY=http://****@127.0.0.1:9');
  expect(stdout).not.toContain('secret');
});

test('a proxy variable that cannot be read is exit 2, and the service is not asked', async () => {
  const env = { HTTPS_PROXY: 'http://me:sec%ret@127.0.0.1:9' };
  const service = { url: 'https://example.invalid', token: sandbox.token };
  const { exit, stateOf, stdout } = await examined({ service, env });
  expect(exit).toBe(2);
  expect(stateOf('proxy')).toBe('failed');
  expect(stateOf('clock')).toBe('skipped');
  expect(stdout).not.toContain('ret@');
});

test('a working folder that is gone is one finding among others', async () => {
  const cwd = vi.spyOn(process, 'cwd').mockImplementation(() => {
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT', syscall: 'uv_cwd' });
  });
  try {
    const env = { REEKOLECT_CONFIG_DIR: 'relative' };
    const { exit, stateOf } = await examined({ service: sandbox, env });
    expect(exit).toBe(7);
    expect(stateOf('settings')).toBe('failed');
    expect(stateOf('folder')).toBe('warning');
    expect(stateOf('terminal')).toBe('ok');
  } finally {
    cwd.mockRestore();
  }
});

test('a token that can be read once is read once', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'reekolect-doctor-')), 'token');
  execFileSync('mkfifo', [file]);
  const writer = spawn('sh', ['-c', 'printf %s "$0" > "$1"', sandbox.token, file]);
  const env = { REEKOLECT_API_URL: sandbox.url, REEKOLECT_TOKEN_FILE: file };
  const { exit, stateOf } = await examined({ env });
  writer.kill();
  expect(stateOf('service')).toBe('ok');
  expect(exit).toBe(0);
});

test('looks for the database also in the file that the environment names', async () => {
  const folder = new ConfigFolder();
  const file = join(folder.path, 'database-url');
  writeFileSync(file, 'postgres://me:geheim@127.0.0.1:1/shop\n', { mode: 0o600 });
  const env = { REEKOLECT_DATABASE_URL_FILE: file };
  const { exit, checks, stdout } = await examined({ service: sandbox, env }, folder);
  expect(exit).toBe(7);
  expect(checks.get('database')).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('me@127.0.0.1:1/shop'),
  });
  expect(stdout).not.toContain('geheim');
  const missing = await examined({
    service: sandbox,
    env: { REEKOLECT_DATABASE_URL_FILE: `${file}-not` },
  });
  expect(missing.checks.get('database')).toMatchObject({ state: 'failed' });
});

test.each([
  ['contacts.db', '', 'ok', 'empty as yet'],
  ['other.db', 'no SQL at all, but a letter', 'failed', 'not an SQLite database'],
  ['missing/contacts.db', '', 'failed', 'missing'],
])('looks into the file of the database: %s', async (name, content, state, words) => {
  const folder = new ConfigFolder();
  const path = join(folder.path, name);
  if (content !== '') writeFileSync(path, content);
  const env = { REEKOLECT_DATABASE_URL: path };
  const { checks } = await examined({ service: sandbox, env }, folder);
  expect(checks.get('database')).toMatchObject({ state, found: expect.stringContaining(words) });
  expect(readdirSync(folder.path).filter((it) => it.includes('.tmp'))).toEqual([]);
});

test('looks into the file that a sync writes, its name filled in by the same zone', async () => {
  const folder = new ConfigFolder();
  folder.write({ defaults: { tz: 'Pacific/Kiritimati' } });
  const world = {
    service: sandbox,
    env: { HOME: folder.path, REEKOLECT_DATABASE_URL: 'sqlite:~/{profile}-{date}.db' },
    now: new Date('2026-11-27T12:00:00Z'),
  };
  expect(await folder.run('contacts sync', world)).toMatchObject({ exit: 0, stderr: '' });
  const name = join(folder.path, 'default-2026-11-28.db');
  expect(readdirSync(folder.path)).toContain('default-2026-11-28.db');
  const { checks } = await examined(world, folder);
  expect(checks.get('database')).toMatchObject({
    state: 'ok',
    found: expect.stringContaining(`${name}: last full run`),
  });
});

import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigFolder } from '../support/config-folder.ts';
import { runMain } from '../support/context.ts';
import type { Call } from '../support/http.ts';
import { sandboxWith } from '../support/sandbox.ts';
import { idOf, type Script, serve } from '../support/service.ts';

const bot = '65f3000000000000000b0701';
const customer = '65c0a1000000000000c05701';
const secret = 'the-bot-token-of-the-tests-9876';

function lead(n: number, type: string, rest: object = {}) {
  return {
    _id: idOf(n),
    uuid: `uuid-${n}`,
    createdAt: new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString(),
    profile: {
      device: { ip: '203.0.113.7' },
      userDetails: {
        name: `${type} ${n}`,
        contact: { phone: { number: '9812345678', prefix: '91' } },
      },
      notes: [{ title: 'Call', description: 'back', _id: idOf(900 + n) }],
    },
    lastMessage: { by: 'user', text: 'Hi' },
    websiteVisits: n,
    ...rest,
  };
}

/** A service of leads alone, that wants all of its headers and parameters. */
async function leadService(lists: Readonly<Record<string, readonly object[]>>, more: Script = {}) {
  const service = await serve({
    ...more,
    answer: (call) => {
      const own = more.answer?.(call);
      if (own !== undefined || call.path !== '/inbox/direct/chats') return own;
      const status = refusalOf(call);
      if (status !== undefined) return { status, body: '{"success":false}' };
      const list = lists[call.query.get('type') ?? ''] ?? [];
      const data = JSON.stringify(list.slice((call.page - 1) * 3, call.page * 3));
      return { body: `{"success":true,"message":"ok","data":${data},"code":200}` };
    },
  });
  const world = { env: { REEKOLECT_API_URL: service.url, REEKOLECT_BOT_TOKEN: secret } };
  const run = (verb: string, ...words: readonly string[]) =>
    runMain(['leads', verb, '--bot', bot, '--customer', customer, ...words], world);
  return { service, world, run };
}

function refusalOf({ headers, query }: Call): number | undefined {
  if (headers['x-bot-token'] !== secret || headers.authorization !== undefined) return 401;
  const asked = query.get('botId') === bot && query.get('customerId') === customer;
  return asked && /^(non-)?lead$/.test(query.get('type') ?? '') ? undefined : 400;
}

const people = Array.from({ length: 7 }, (_, n) => lead(n, 'lead'));
const visitors = Array.from({ length: 4 }, (_, n) => lead(n + 6, 'visitor'));
const lists = { lead: people, 'non-lead': visitors };

describe('leads', () => {
  test('are asked for by the bot token alone, all parameters given', async () => {
    const { service, run } = await leadService(lists);
    const { exit, stdout, stderr } = await run('export', '--columns', 'id,name,phone,visits,notes');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      'ID,Name,Phone,Visits,Notes'.toLowerCase(),
      `${idOf(0)},lead 0,+919812345678,0,Call: back`,
    ]);
    expect(stdout.split('\n')).toHaveLength(9);
    for (const { method, path, headers, query } of service.requests) {
      expect(`${method} ${path}`).toBe('GET /inbox/direct/chats');
      expect(headers['content-type']).toBe('application/json');
      expect([...query.keys()].sort()).toEqual(['botId', 'customerId', 'page', 'type']);
    }
  });

  test.each([
    ['lead', people],
    ['non-lead', visitors],
    // One of them is in both lists.
    ['all', [...people, ...visitors.slice(1)]],
  ])('--type %s are its leads, each once', async (type, expected) => {
    const { run } = await leadService(lists);
    const ids = expected.map(({ _id }) => _id);
    const { stdout } = await run('export', '--type', type, '--columns', 'id');
    expect(stdout.trim().split('\n').slice(1)).toEqual(ids);
    expect((await run('count', '--type', type)).stdout).toBe(`${ids.length}\n`);
  });

  test.each([
    ['export', '--columns', 'uuid', '--no-header'],
    ['export', '--verify', '--columns', 'uuid', '--no-header'],
    ['list', '--all', '--columns', 'uuid', '--no-header'],
    ['count'],
  ])('are all there though a visitor becomes a lead meanwhile: %s %s', async (verb, ...flags) => {
    const now = { lead: people.slice(0, 6), 'non-lead': visitors };
    const [moving] = visitors.slice(2);
    const answer = ({ query }: Call) => {
      if (query.get('type') === 'non-lead' && moving !== undefined) {
        now['lead'] = [moving, ...people.slice(0, 6)];
        now['non-lead'] = visitors.filter((visitor) => visitor !== moving);
      }
      return undefined;
    };
    const { run } = await leadService(now, { answer });
    const { exit, stdout } = await run(verb, ...flags, '--type', 'all');
    expect(exit).toBe(0);
    const found = stdout.trim().split('\n').sort();
    const all = Array.from({ length: 10 }, (_, n) => `uuid-${n}`);
    expect(found).toEqual(verb === 'count' ? ['10'] : all);
  });

  test('are listed up to the limit, over both lists, and no further', async () => {
    const { service, run } = await leadService(lists);
    const { stdout } = await run('list', '--type', 'all', '--limit', '8', '--jq', '.uuid');
    expect(stdout.trim().split('\n')).toEqual(Array.from({ length: 8 }, (_, n) => `uuid-${n}`));
    const pages = service.requests.filter(({ query }) => query.get('type') === 'non-lead');
    expect(pages.map(({ page }) => page)).toEqual([1]);
  });

  test('pass --where, and keep devices out of columns', async () => {
    const { run } = await leadService(lists);
    const found = await run('list', '--where', 'visits>=5', '--columns', 'all');
    expect(found.stdout.trim().split('\n')).toHaveLength(3);
    expect(found.stdout).not.toContain('203.0.113.7');
    expect((await run('list', '--columns', 'platform')).exit).toBe(2);
  });

  test('are never sent to contacts by a hint', async () => {
    const { run } = await leadService(lists);
    const list = await run('list', '--columns', 'attrs');
    const table = await run('export', '--format', 'table');
    expect([list.exit, table.exit]).toEqual([2, 2]);
    expect(list.stderr + table.stderr).not.toContain('contacts');
  });

  test('since the last time are the new ones', async () => {
    const now = { lead: people.slice(2), 'non-lead': [] as object[] };
    const { world } = await leadService(now);
    const folder = new ConfigFolder();
    const words = ['leads', 'export', '--bot', bot, '--customer', customer, '--type', 'all'];
    const run = () =>
      folder.run([...words, '--since-last', 'web', '--columns', 'uuid', '--no-header'], world);
    expect((await run()).stdout.trim().split('\n')).toHaveLength(5);
    now['lead'] = people;
    now['non-lead'] = visitors.slice(3);
    expect((await run()).stdout).toBe('uuid-0\nuuid-1\nuuid-9\n');
    expect((await folder.run('jobs list --columns job', world)).stdout).toContain('web');
    const other = await folder.run('contacts export --since-last web', {
      env: { ...world.env, REEKOLECT_TOKEN: 'another-secret-0123456789' },
    });
    expect(other).toMatchObject({ exit: 2, stderr: expect.stringContaining('leads export') });
  });

  test('go on where a run was cut short, in either list', async () => {
    let broken = true;
    const answer = (call: Call) =>
      broken && call.query.get('type') === 'non-lead' && call.page === 2
        ? { status: 500, body: '{}' }
        : undefined;
    const { service, run } = await leadService(lists, { answer });
    const file = join(mkdtempSync(join(tmpdir(), 'reekolect-')), 'leads.csv');
    const words = ['--type', 'all', '-o', file, '--columns', 'uuid', '--concurrency', '1'];
    expect((await run('export', ...words, '--max-attempts', '1')).exit).toBe(5);
    broken = false;
    const before = service.requests.length;
    expect((await run('export', ...words, '--resume')).exit).toBe(0);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(11);
    const again = service.requests
      .slice(before)
      .map(({ query, page }) => [query.get('type'), page]);
    // Front and end are always read anew, pages in between from the log; in the end all leads once more.
    expect(again.filter((call) => `${call}` === 'lead,2')).toHaveLength(1);
  });
});

describe('the bot', () => {
  const snippet = `<script id="messenger-widget-b" src="https://cdn.example.com/website-bot.js" defer>${bot},${customer}</script>`;

  test.each([
    ['a snippet', snippet],
    ['an address', `https://page.example.com/website/${bot}/${customer}?lang=en`],
  ])('is named by %s', async (_name, text) => {
    const { world } = await leadService(lists);
    const file = join(mkdtempSync(join(tmpdir(), 'reekolect-')), 'widget.html');
    writeFileSync(file, text);
    for (const widget of [text, `@${file}`]) {
      expect((await runMain(['leads', 'count', '--widget', widget], world)).stdout).toBe('7\n');
    }
  });

  test('is kept in the settings', async () => {
    const { world } = await leadService(lists);
    const folder = new ConfigFolder();
    expect(await folder.run('config set bot mine')).toMatchObject({ exit: 2 });
    await folder.run(`config set bot ${bot}`);
    await folder.run(`config set customer ${customer}`);
    expect((await folder.run('leads count', world)).stdout).toBe('7\n');
  });

  test.each([
    [[], /whose leads\? --bot and --customer/],
    [['--bot', bot], /whose leads\? --customer/],
    [['--bot', 'mine', '--customer', customer], /--bot mine: expected an id/],
    [['--widget', 'https://example.com'], /--widget holds no two ids/],
    [['--widget', snippet, '--bot', bot], /--widget/],
    [['--bot', bot, '--customer', customer, '--type', 'leads'], /allowed choices are lead/],
  ])('is missing or wrong in %j: exit 2, nothing asked', async (words, said) => {
    const { service, world } = await leadService(lists);
    const { exit, stderr } = await runMain(['leads', 'list', ...words], world);
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringMatching(said) });
    expect(service.requests).toEqual([]);
  });
});

describe('the bot token', () => {
  const words = ['--bot', bot, '--customer', customer];

  test('is never the other token', async () => {
    const { service } = await leadService(lists);
    const env = { REEKOLECT_API_URL: service.url, REEKOLECT_TOKEN: secret };
    const { exit, stderr } = await runMain(['leads', 'list', ...words], { env });
    expect({ exit, stderr }).toEqual({ exit: 4, stderr: expect.stringContaining('no bot token') });
    expect(service.requests).toEqual([]);
  });

  test.each([401, 403])('refused by %i is exit 4, and shown nowhere', async (status) => {
    const answer = () => ({ status, body: `{"success":false,"message":"no ${secret}"}` });
    const { run } = await leadService(lists, { answer });
    const { exit, stdout, stderr } = await run('list', '-v');
    expect(exit).toBe(4);
    expect(stderr).toContain('refused the bot token');
    expect(stderr).toContain('auth login --bot-token');
    expect(stdout + stderr).not.toContain(secret);
  });

  test('is stored checked where a bot is named, else with a word; 0600 and masked', async () => {
    const { service, world } = await leadService(lists);
    const folder = new ConfigFolder();
    const env = { REEKOLECT_API_URL: service.url };
    const login = ['auth', 'login', '--bot-token', '--with-token'];
    const refused = await folder.run([...login, ...words], { env, stdin: 'a-wrong-bot-token' });
    expect(refused.exit).toBe(4);
    const stored = await folder.run([...login, ...words], { env, stdin: `${secret}\n` });
    expect(stored).toMatchObject({ exit: 0, stderr: '' });
    expect(folder.settings.profiles.default).toMatchObject({ botToken: secret });
    expect(statSync(folder.file).mode & 0o777).toBe(0o600);
    const before = service.requests.length;
    const blind = await folder.run(login, { env, stdin: secret });
    expect(blind).toMatchObject({ exit: 0, stderr: expect.stringContaining('unchecked') });
    expect(service.requests).toHaveLength(before);
    expect((await folder.run(['leads', 'count', ...words])).stdout).toBe('7\n');
    const status = await folder.run(['auth', 'status', ...words]);
    expect(status).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^leads +accepted$/m) });
    expect((await folder.run('auth list')).stdout + status.stdout).not.toContain(secret);
    expect((await folder.run('doctor', world)).stdout).toMatch(/bot token +.*9876/);
    await folder.run('auth logout');
    expect(readFileSync(folder.file, 'utf8')).not.toContain(secret);
  });

  test('typed on the command line is exit 2, and not repeated', async () => {
    const { exit, stderr } = await runMain(['auth', 'login', `--bot-token=${secret}`]);
    expect(exit).toBe(2);
    expect(stderr).not.toContain(secret);
  });
});

test('the sandbox serves the leads of its bot, with the documented errors', async () => {
  const sandbox = await sandboxWith({ contacts: 120, pageSize: 5 });
  const env = { REEKOLECT_API_URL: sandbox.url, REEKOLECT_BOT_TOKEN: sandbox.botToken };
  const count = async (...more: readonly string[]) => {
    const args = ['leads', 'count', '--bot', bot, '--customer', customer, ...more];
    return Number((await runMain(args, { env })).stdout);
  };
  const [leads, others] = [await count(), await count('--type', 'non-lead')];
  expect(leads).toBeGreaterThan(5);
  expect(others).toBeGreaterThan(2);
  expect(await count('--type', 'all')).toBe(leads + others);
  const wrong = { ...env, REEKOLECT_BOT_TOKEN: 'not-the-bot-token' };
  const args = ['leads', 'list', '--bot', bot, '--customer', customer];
  expect((await runMain(args, { env: wrong })).exit).toBe(4);
});

test('the profile sandbox asks for its own bot, whatever is stored for another account', async () => {
  const folder = new ConfigFolder();
  folder.write({ defaults: { bot: 'a'.repeat(24), customer: 'b'.repeat(24) } });
  const count = (flags = '') => folder.run(`leads count --profile sandbox${flags}`);
  expect(await count()).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^[1-9]\d*\n$/) });
  expect(await count(` --bot ${'a'.repeat(24)}`)).toMatchObject({ exit: 4 });
});

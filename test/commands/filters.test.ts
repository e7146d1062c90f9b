import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requestBody } from '../../src/records/contacts/request-body.ts';
import { runMain } from '../support/context.ts';
import { serve } from '../support/service.ts';

const bot = '65b100000000000000000001';
const bot2 = '65B100000000000000000002';
const segment = '65d1000000000000005e6003';
const agent = '65e2000000000000000a6e01';
const now = new Date('2026-11-22T10:00:00.000Z');

const unfiltered = { ...requestBody([]), page: 1 };

/** The flags, the fields of the body that they change, and the filters that are named. */
type Line = readonly [flags: readonly string[], changed: object, named: readonly string[]];

const file = join(mkdtempSync(join(tmpdir(), 'reekolect-')), 'body.json');
writeFileSync(file, '{\n  "isSubscriber": true\n}\n');

const lines: readonly Line[] = [
  [[], {}, []],
  [['--contacts-only'], {}, []],
  [['--all-chats'], { isContact: false }, ['isContact']],
  [['--search', 'Thandi, of "X"'], { searchText: 'Thandi, of "X"' }, ['searchText']],
  [['--search', '--tag'], { searchText: '--tag' }, ['searchText']],
  [['--tag', 'vip'], { tags: ['vip'] }, ['tags']],
  [['--tag', 'vip,new lead'], { tags: ['vip', 'new lead'] }, ['tags']],
  [['--tag', 'vip', '--tag', 'b , c', '--tag', 'vip'], { tags: ['vip', 'b', 'c'] }, ['tags']],
  [['--tag', 'Smith\\, Sons,b'], { tags: ['Smith, Sons', 'b'] }, ['tags']],
  [['--tag', 'C:\\temp'], { tags: ['C:\\temp'] }, ['tags']],
  [['--status', 'OPEN'], { status: ['OPEN'] }, ['status']],
  [
    ['--status', 'open,inProgress', '--status', 'Call back'],
    { status: ['OPEN', 'INPROGRESS', 'Call back'] },
    ['status'],
  ],
  [['--online'], { isOnline: true }, ['isOnline']],
  [['--no-online'], { isOnline: false }, ['isOnline']],
  [['--interacted'], { userInteracted: true }, ['userInteracted']],
  [['--no-interacted'], { userInteracted: false }, ['userInteracted']],
  [['--live-chat'], { isLiveChatActive: true }, ['isLiveChatActive']],
  [['--no-live-chat'], { isLiveChatActive: false }, ['isLiveChatActive']],
  [['--ordered'], { hasOrdered: { status: true, lastAt: '' } }, ['hasOrdered']],
  [['--no-ordered'], { hasOrdered: { status: false, lastAt: '' } }, ['hasOrdered']],
  [
    ['--ordered-after', '2026-11-01T09:30Z'],
    { hasOrdered: { status: true, lastAt: '2026-11-01T09:29:59.000Z' } },
    ['hasOrdered'],
  ],
  [
    ['--ordered', '--ordered-after', '12h'],
    { hasOrdered: { status: true, lastAt: '2026-11-21T21:59:59.000Z' } },
    ['hasOrdered'],
  ],
  [
    ['--created-after', '2026-11-01T00:00Z'],
    { createdAt: { startAt: '2026-10-31T23:59:59.000Z', endsAt: '' } },
    ['createdAt'],
  ],
  [
    ['--created-before', '2026-11-01T00:00Z'],
    { createdAt: { startAt: '', endsAt: '2026-11-01T00:00:01.000Z' } },
    ['createdAt'],
  ],
  [
    ['--created-after', '2026-11-01T00:00Z', '--created-before', '2026-11-02T00:00Z'],
    { createdAt: { startAt: '2026-10-31T23:59:59.000Z', endsAt: '2026-11-02T00:00:01.000Z' } },
    ['createdAt'],
  ],
  [
    ['--seen-after', '30m'],
    { lastSeenAt: { startAt: '2026-11-22T09:29:59.000Z', endsAt: '' } },
    ['lastSeenAt'],
  ],
  [
    ['--seen-before', '2w'],
    { lastSeenAt: { startAt: '', endsAt: '2026-11-08T10:00:01.000Z' } },
    ['lastSeenAt'],
  ],
  [['--segment', segment], { segments: [segment] }, ['segments']],
  [['--agent', agent], { _agentAssigned: [agent] }, ['_agentAssigned']],
  [['--bot-website', `${bot},${bot2}`], { _botWebsite: [bot, bot2] }, ['_botWebsite']],
  [['--bot-whatsapp', bot], { _botWhatsapp: [bot] }, ['_botWhatsapp']],
  [['--bot-telegram', bot], { _botTelegram: [bot] }, ['_botTelegram']],
  [
    ['--bot-facebook', bot, '--bot-facebook', bot2],
    { _botFacebook: [bot, bot2] },
    ['_botFacebook'],
  ],
  [['--last-message-by', 'user,bot'], { lastMessageBy: ['user', 'bot'] }, ['lastMessageBy']],
  [['--body', '{"isSubscriber":true}'], { isSubscriber: true }, []],
  [['--body', `@${file}`], { isSubscriber: true }, []],
  [['--body', '{"isExport":"none"}'], {}, []],
  [['--body', '{"isContact":false}'], { isContact: false }, []],
  [['--tag', 'a', '--body', '{"tags":["b"]}'], { tags: ['b'] }, ['tags']],
  [
    ['--ordered', '--body', '{"hasOrdered":{"total":{"from":5}}}'],
    { hasOrdered: { status: true, lastAt: '', total: { from: 5 } } },
    ['hasOrdered'],
  ],
  [
    ['--tag', 'a', '--body', '{"tagsV2":["t"],"applicableFilters":["tagsV2","tags"]}'],
    { tags: ['a'], tagsV2: ['t'] },
    ['tags', 'tagsV2'],
  ],
  [
    ['--no-online', '--tag', 'vip', '--seen-after', '1d', '--all-chats', '--bot-website', bot],
    {
      tags: ['vip'],
      isContact: false,
      lastSeenAt: { startAt: '2026-11-21T09:59:59.000Z', endsAt: '' },
      _botWebsite: [bot],
    },
    ['tags', 'isOnline', '_botWebsite', 'lastSeenAt', 'isContact'],
  ],
];

const verbs = ['list', 'export', 'count', 'stats'] as const;

async function dryRun(flags: readonly string[], verb = 'list') {
  const { exit, stdout, stderr } = await runMain(['contacts', verb, '--dry-run', ...flags], {
    now,
  });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  const [head = '', body = ''] = stdout.split('\n\n');
  return { head, body };
}

describe('every filter flag becomes exactly this request', () => {
  test.each(lines)('%j', async (flags, changed, named) => {
    const { body } = await dryRun(flags);
    expect(JSON.parse(body)).toEqual({ ...unfiltered, ...changed, applicableFilters: named });
  });

  test.each(verbs)('for %s as for list', async (verb) => {
    const flags = ['--tag', 'vip', '--no-online', '--created-after', '7d'];
    expect((await dryRun(flags, verb)).body).toBe((await dryRun(flags)).body);
  });

  test('a field named __proto__ is sent like any other', async () => {
    const { body } = await dryRun(['--body', '{"__proto__":{"isOnline":true},"tags":["x"]}']);
    expect(body).toMatch(/"__proto__": \{\s*"isOnline": true\s*\}/);
    expect(JSON.parse(body).isOnline).toBe(false);
  });

  test('names that have to be looked up are told as such, since a dry run asks nobody', async () => {
    const { body } = await dryRun(['--segment', 'VIP', '--agent', 'Nomsa']);
    expect(JSON.parse(body).segments).toEqual(['(the id of segment "VIP")']);
    expect(JSON.parse(body)._agentAssigned).toEqual(['(the id of agent "Nomsa")']);
  });
});

describe('--dry-run', () => {
  const token = 'tok-0123456789abcdef-wxyz';

  test('shows the whole request with the token masked, and sends nothing', async () => {
    const service = await serve({});
    const world = { service: { url: service.url, token } };
    const { exit, stdout } = await runMain(['contacts', 'list', '--dry-run'], world);
    expect(exit).toBe(0);
    expect(stdout).toContain(`POST ${service.url}/inbox/users\n`);
    expect(stdout).toContain('authorization: Bearer ****wxyz\n');
    expect(stdout).toContain('authtype: Key\n');
    expect(stdout).toContain('content-type: application/json\n');
    expect(stdout).not.toContain(token);
    expect(service.calls).toEqual([]);
  });

  test('works without a token, against the documented endpoint', async () => {
    const { head } = await dryRun([]);
    expect(head).toContain('POST https://api-v7.express-chat.com/inbox/users\n');
  });

  test('shows what is really sent', async () => {
    const service = await serve({ contacts: [{ _id: bot, isOnline: false }] });
    const flags = [
      ...['--search', 'x', '--tag', 'a\\,b,c', '--status', 'open', '--no-online', '--interacted'],
      ...['--live-chat', '--ordered-after', '3d', '--created-after', '9d', '--seen-before', '1h'],
      ...[
        '--segment',
        segment,
        '--agent',
        agent,
        '--bot-telegram',
        bot,
        '--last-message-by',
        'bot',
      ],
      ...['--all-chats', '--body', '{"__proto__":1,"applicableFilters":["more"],"more":[null]}'],
    ];
    await runMain(['contacts', 'list', ...flags], { service, now });
    const shown = JSON.parse((await dryRun(flags)).body);
    expect(service.bodies[0]).toEqual(shown);
    expect(JSON.stringify(service.bodies[0])).toBe(JSON.stringify(shown));
  });

  test('and every page is asked for with the same body', async () => {
    const contacts = Array.from({ length: 7 }, (_, n) => ({ _id: `${n}` }));
    const service = await serve({ contacts });
    await runMain(['contacts', 'export', '--tag', 'vip', '--trust-server'], { service });
    const pages = service.bodies.map(({ page, ...body }) => ({ page, body }));
    expect(pages.map(({ page }) => page)).toEqual(expect.arrayContaining([1, 2, 3, 4]));
    for (const { body } of pages) expect(body).toEqual(pages[0]?.body);
  });
});

describe('a filter that makes no sense is a mistake (exit 2), and nothing is sent', () => {
  test.each<readonly [flags: readonly string[], said: string]>([
    [['--bot-website', 'main'], '--bot-website takes the id of a bot'],
    [['--bot-whatsapp', bot.slice(1)], '24 hexadecimal digits'],
    [['--bot-telegram', `${bot}0`], '24 hexadecimal digits'],
    [['--bot-facebook', `${bot},x`], ': x\n'],
    [['--search', ''], '--search is empty'],
    [['--search', ' '], '--search is empty'],
    [['--tag', ''], '--tag is empty'],
    [['--tag', ','], '--tag is empty'],
    [['--tag='], '--tag is empty'],
    [['--tag', 'vip', '--tag', ' '], '--tag is empty'],
    [['--status', ''], '--status is empty'],
    [['--segment', ''], '--segment is empty'],
    [['--agent', ' '], '--agent is empty'],
    [['--bot-website', ''], '--bot-website is empty'],
    [['--last-message-by', ''], '--last-message-by is empty'],
    [['--created-after', ''], 'cannot read the date: (empty)'],
    [['--created-after', '2026-02-29'], 'there is no such date or time: 2026-02-29'],
    [['--created-before', '01/11/2026'], 'cannot read the date: 01/11/2026'],
    [['--seen-after', 'next week'], 'cannot read the date: next week'],
    [['--seen-before', '2026-11-01T25:00'], 'there is no such date or time'],
    [['--ordered-after', '7 x'], 'cannot read the date: 7 x'],
    [['--created-after', '2026-11-02', '--created-before', '2026-11-01'], 'is not before'],
    [['--seen-after', '2026-11-02', '--seen-before', '2026-11-02'], 'swap the two dates'],
    [['--tz', 'Africa/Joburg'], 'Africa/Johannesburg'],
    [['--created-after', 'today', '--tz', ''], 'unknown time zone: (empty)'],
    [['--no-ordered', '--ordered-after', '7d'], 'contradict each other'],
    [['--contacts-only', '--all-chats'], 'contradict each other'],
    [['--all-chats', '--contacts-only'], 'contradict each other'],
    [['--online', '--no-online'], '--online and --no-online contradict each other'],
    [['--no-interacted', '--interacted'], 'contradict each other'],
    [['--live-chat', '--no-live-chat'], 'contradict each other'],
    [['--no-ordered', '--ordered'], 'contradict each other'],
    [['--body', '{"page":2}'], '--body must not set page'],
    [['--body', '{"isExport":"csv"}'], 'isExport'],
    [['--body', '{"isExport":null}'], 'isExport'],
    [['--body', 'tags'], '--body is not JSON'],
    [['--body', '[]'], '--body is not a JSON object'],
    [['--body', 'null'], '--body is not a JSON object'],
    [['--onlin'], 'did you mean --online?'],
  ])('%j: %s', async (flags, said) => {
    const service = await serve({ contacts: [{ _id: bot }] });
    for (const verb of ['list', 'export']) {
      const args = ['contacts', verb, ...flags];
      const { exit, stdout, stderr } = await runMain(args, { service, now });
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
      expect(stderr).toMatch(/^error: /);
      expect(stderr).toContain(said);
    }
    expect(service.calls).toEqual([]);
  });

  test('a --body file that is not there is exit 7', async () => {
    const { exit, stderr } = await runMain(['contacts', 'list', '--body', `@${file}.no`]);
    expect(exit).toBe(7);
    expect(stderr).toContain('body.json.no');
  });
});

import { describe, expect, test } from 'vitest';
import { runMain } from '../../support/context.ts';
import { serve } from '../../support/service.ts';

const now = new Date('2026-11-22T10:00:00.000Z');
const leads = '65d1000000000000005e6001';
const vips = '65d1000000000000005e6002';
const segments = [
  { _id: leads, segmentName: 'Leads' },
  { _id: vips, segmentName: 'VIP' },
];

async function listOf(records: readonly object[], flags: readonly string[]) {
  const contacts = records.map((record, n) => ({ _id: `${n}`, ...record }));
  const service = await serve({ contacts, segments, search: () => true });
  const args = ['contacts', 'export', '--columns', 'id', '--no-header', ...flags];
  const { exit, stdout, stderr } = await runMain(args, { service, now });
  expect(exit).toBe(0);
  return { ids: stdout.split('\n').slice(0, -1), stderr, service };
}

function person(userDetails: object) {
  return { profile: { userDetails } };
}

/** The flags, the flag that is told, a record that breaks it, and records that prove nothing. */
type Line = readonly [
  flags: readonly string[],
  told: string,
  broken: readonly object[],
  kept: readonly object[],
];

const unreadable = [null, '', 0, 'soon 5', '2026-11-05', '2026-11-05T10:00:00', {}, [], true];

const yesNo: readonly (readonly [name: string, holding: (value: unknown) => object])[] = [
  ['online', (value) => ({ isOnline: value })],
  ['interacted', (value) => ({ userInteracted: value })],
  ['live-chat', (value) => ({ isLiveChatActive: value })],
  ['ordered', (value) => ({ hasOrdered: { status: value } })],
];

const lines: readonly Line[] = [
  [
    ['--created-after', '2026-11-10T00:00Z'],
    '--created-after',
    [{ createdAt: '2026-11-09T23:59:58.999Z' }, { createdAt: 1_600_000_000_000 }],
    [
      { createdAt: '2026-11-10T00:00:00.000Z' },
      { createdAt: '2026-11-10T01:00:00+02:00x' },
      ...unreadable.map((createdAt) => ({ createdAt })),
      {},
    ],
  ],
  [
    ['--created-before', '2026-11-10T00:00Z'],
    '--created-before',
    [{ createdAt: '2026-11-10T00:00:01.001Z' }, { createdAt: { $date: '2026-12-01T00:00:00Z' } }],
    [{ createdAt: '2026-11-09T23:59:59.999Z' }, { createdAt: '2026-11-10T01:00:00+02:00' }],
  ],
  [
    ['--seen-after', '7d'],
    '--seen-after',
    [{ lastSeenAt: '2026-11-01T00:00:00.000Z' }],
    [{ lastSeenAt: '2026-11-22T00:00:00.000Z' }, { lastSeenAt: '' }, {}],
  ],
  [
    ['--seen-before', '7d'],
    '--seen-before',
    [{ lastSeenAt: '2026-11-22T00:00:00.000Z' }],
    [{ lastSeenAt: '2026-11-01T00:00:00.000Z' }, { lastSeenAt: null }, {}],
  ],
  [
    ['--ordered-after', '7d'],
    '--ordered-after',
    [{ hasOrdered: { status: true, lastAt: '2026-11-01T00:00:00.000Z' } }],
    [{ hasOrdered: { status: true } }, { hasOrdered: null }, {}],
  ],
  [
    ['--ordered-after', '7d'],
    '--ordered-after',
    [{ hasOrdered: { status: false } }],
    [{ hasOrdered: { status: true, lastAt: '2026-11-22T00:00:00.000Z' } }],
  ],
  ...yesNo.flatMap(([name, holding]): Line[] => {
    const unsure = [{}, ...[null, 'false', 'true', 0, 1, []].map(holding)];
    return [
      [[`--${name}`], `--${name}`, [holding(false)], [holding(true), ...unsure]],
      [[`--no-${name}`], `--no-${name}`, [holding(true)], [holding(false), ...unsure]],
    ];
  }),
  [
    ['--tag', 'vip,Café'],
    '--tag',
    [person({ tags: [] }), person({ tags: ['vips', 'cafe'] })],
    [
      person({ tags: ['x', 'VIP'] }),
      person({ tags: ['cafe\u0301'] }),
      person({ tags: [{ name: 'Vip' }] }),
      person({ tags: ['x', { id: 7 }] }),
      person({ tags: 'x' }),
      person({}),
      { profile: null },
    ],
  ],
  [
    ['--status', 'open,Call back'],
    '--status',
    [{ status: 'CLOSED' }, { status: 'Call' }],
    [{ status: 'Open' }, { status: 'CALL BACK' }, { status: '' }, { status: { id: 1 } }, {}],
  ],
  [
    ['--last-message-by', 'user'],
    '--last-message-by',
    [{ lastMessage: { by: 'bot' } }, { lastMessage: { by: 'liveagent' } }],
    [{ lastMessage: { by: 'USER' } }, { lastMessage: { by: '' } }, { lastMessage: null }, {}],
  ],
  [
    // Nobody knows how the service spells an agent: another unknown word may be the same.
    ['--last-message-by', 'agent'],
    '--last-message-by',
    [{ lastMessage: { by: 'bot' } }, { lastMessage: { by: 'user' } }],
    [{ lastMessage: { by: 'liveagent' } }, { lastMessage: { by: 'Agent' } }],
  ],
  [
    ['--segment', leads],
    '--segment',
    [{ segments: [] }, { segments: [vips] }, { segments: [{ _id: vips }] }],
    [{ segments: [vips, leads.toUpperCase()] }, { segments: ['VIP'] }, { segments: null }, {}],
  ],
  [
    ['--segment', 'leads'],
    '--segment',
    [{ segments: [] }, { segments: [vips] }, { segments: ['VIP'] }],
    [{ segments: [leads] }, { segments: ['LEADS'] }, { segments: [{ no: 1 }] }, {}],
  ],
];

describe('what provably breaks a filter is left out, and what proves nothing stays', () => {
  test.each(lines)('%j', async (flags, told, broken, kept) => {
    const { ids, stderr } = await listOf([...broken, ...kept], flags);
    expect(ids).toEqual(kept.map((_, n) => `${n + broken.length}`));
    const count = broken.length === 1 ? '1 contact' : `${broken.length} contacts`;
    expect(stderr).toBe(
      `warning: ${count} left out: the service did not apply ${told} (${broken.length}); --trust-server keeps them\n`,
    );
  });

  test.each(lines)(
    '--trust-server keeps all of %j, in silence',
    async (flags, _told, ...records) => {
      const all = records.flat();
      const { ids, stderr } = await listOf(all, [...flags, '--trust-server']);
      expect(ids).toHaveLength(all.length);
      expect(stderr).toBe('');
    },
  );

  test('--quiet leaves them out without a word', async () => {
    const { ids, stderr } = await listOf([{ isOnline: false }, {}], ['--online', '-q']);
    expect({ ids, stderr }).toEqual({ ids: ['1'], stderr: '' });
  });

  test('what no record can prove is left to the service: search, bots, agents, chats', async () => {
    const id = '65b100000000000000000001';
    const flags = ['--search', 'x', '--bot-website', id, '--bot-whatsapp', id, '--agent', id];
    const records = [{ _botWebsite: '65b100000000000000000002', isContact: false }, {}];
    const { ids, stderr } = await listOf(records, flags);
    expect({ ids, stderr }).toEqual({ ids: ['0', '1'], stderr: '' });
  });
});

test('one warning tells of all filters, each with its count', async () => {
  const records = [
    { isOnline: false, status: 'CLOSED' },
    { isOnline: true, status: 'CLOSED' },
    { isOnline: false, status: 'OPEN' },
    { isOnline: true, status: 'OPEN' },
  ];
  const { ids, stderr } = await listOf(records, ['--online', '--status', 'OPEN']);
  expect(ids).toEqual(['3']);
  expect(stderr).toBe(
    'warning: 3 contacts left out: the service did not apply --status (2), --online (1); --trust-server keeps them\n',
  );
});

test('the second asked for beyond each end is cut off without a warning', async () => {
  const window = ['--created-after', '2026-11-10T00:00Z', '--created-before', '2026-11-11T00:00Z'];
  const times = [
    '2026-11-09T23:59:59.000Z',
    '2026-11-09T23:59:59.999Z',
    '2026-11-10T00:00:00.000Z',
    '2026-11-10T23:59:59.999Z',
    '2026-11-11T00:00:00.000Z',
    '2026-11-11T00:00:01.000Z',
  ];
  const records = times.map((createdAt) => ({ createdAt }));
  const { ids, stderr } = await listOf(records, window);
  expect({ ids, stderr }).toEqual({ ids: ['2', '3'], stderr: '' });
});

describe('paging does not care what is left out', () => {
  const crowd = Array.from({ length: 30 }, (_, n) => ({ isOnline: n >= 27 }));

  test('nine pages of nothing but misfits are no end', async () => {
    const { ids, service } = await listOf(crowd, ['--online']);
    expect(ids).toEqual(['27', '28', '29']);
    const pages = service.bodies.map(({ page }) => page);
    expect(pages).toEqual(expect.arrayContaining([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
  });

  test('--limit counts the contacts that are shown', async () => {
    const service = await serve({ contacts: crowd.map((one, n) => ({ _id: `${n}`, ...one })) });
    const args = ['contacts', 'list', '--online', '--limit', '2', '--columns', 'id', '--no-header'];
    const { stdout } = await runMain(args, { service });
    expect(stdout).toBe('27\n28\n');
  });
});

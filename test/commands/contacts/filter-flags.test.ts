import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { requestBody } from '../../../src/records/contacts/request-body.ts';
import { bodyIn, ConfigFolder } from '../../support/config-folder.ts';
import { runMain } from '../../support/context.ts';
import { serve } from '../../support/service.ts';

const now = new Date('2026-11-22T10:00:00.000Z');
const bot = '65b100000000000000000001';
const otherBot = '65b100000000000000000002';
const leads = '65d1000000000000005e6001';
const vips = '65d1000000000000005e6002';
const nomsa = '65e2000000000000000a6e01';
const sipho = '65e2000000000000000a6e02';
const directory = {
  segments: [
    { _id: leads, segmentName: 'Leads' },
    { _id: vips, segmentName: 'VIP, gold' },
  ],
  agents: [
    { _id: nomsa, name: 'Nomsa Adams' },
    { _id: sipho, name: 'Sipho' },
  ],
};

const unfiltered = requestBody([]);

/** What a filter asks for, and what becomes of records that the service sends all the same. */
interface Row {
  readonly flags: readonly string[];
  /** The fields of the request that differ from an unfiltered one. */
  readonly body: object;
  readonly named: readonly string[];
  readonly kept: readonly object[];
  /** Left out with a warning that names `told`. */
  readonly dropped: readonly object[];
  readonly told?: string;
}

/** Nothing can be told from the record: the service's word is taken. */
function unproven(flags: readonly string[], body: object, named: string): Row {
  const kept = [{ _botWebsite: 'another', isContact: false, _agentAssigned: 'another' }, {}];
  return { flags, body, named: [named], kept, dropped: [] };
}

function tagged(...tags: readonly string[]) {
  return { profile: { userDetails: { tags } } };
}

function yesNo(name: string, field: string, holding: (value: unknown) => object): readonly Row[] {
  const unsure = [{}, holding(null), holding('yes')];
  const change = (value: boolean) =>
    field === 'hasOrdered' ? { [field]: { status: value, lastAt: '' } } : { [field]: value };
  return [true, false].map((value) => {
    const flag = `--${value ? '' : 'no-'}${name}`;
    return {
      flags: [flag],
      body: change(value),
      named: [field],
      kept: [holding(value), ...unsure],
      dropped: [holding(!value)],
      told: flag,
    };
  });
}

function window(name: string, field: string): readonly Row[] {
  const at = (time: string) => ({ [field]: `2026-11-${time}.000Z` });
  const [early, first, late] = [at('01T11:59:00'), at('01T12:00:00'), at('03T12:00:00')];
  const start = '2026-11-01T11:59:59.000Z';
  const end = '2026-11-02T00:00:01.000Z';
  const unsure = [{}, { [field]: 'soon' }, { [field]: null }];
  const after = [`--${name}-after`, '2026-11-01T12:00Z'];
  const before = [`--${name}-before`, '2026-11-02T02:00+02:00'];
  return [
    {
      flags: after,
      body: { [field]: { startAt: start, endsAt: '' } },
      named: [field],
      kept: [first, late, ...unsure],
      dropped: [early],
      told: `--${name}-after`,
    },
    {
      flags: before,
      body: { [field]: { startAt: '', endsAt: end } },
      named: [field],
      kept: [early, first, ...unsure],
      dropped: [late],
      told: `--${name}-before`,
    },
    {
      flags: [...before, ...after],
      body: { [field]: { startAt: start, endsAt: end } },
      named: [field],
      kept: [first, ...unsure],
      dropped: [early],
      told: `--${name}-after`,
    },
  ];
}

const rows: readonly Row[] = [
  unproven(['--search', 'Ann, of "X"'], { searchText: 'Ann, of "X"' }, 'searchText'),
  unproven(['--search', 'a', '--search', 'b'], { searchText: 'b' }, 'searchText'),
  {
    flags: ['--tag', 'vip'],
    body: { tags: ['vip'] },
    named: ['tags'],
    kept: [tagged('x', 'VIP'), { profile: {} }],
    dropped: [tagged(), tagged('vips')],
    told: '--tag',
  },
  {
    flags: ['--tag', 'vip,Smith\\, Sons', '--tag', 'hot', '--tag', 'vip'],
    body: { tags: ['vip', 'Smith, Sons', 'hot'] },
    named: ['tags'],
    kept: [tagged('smith, sons'), tagged('hot', 'cold')],
    dropped: [tagged('Smith'), tagged('Sons')],
    told: '--tag',
  },
  {
    flags: ['--status', 'open,Call\\, back', '--status', 'CLOSED'],
    body: { status: ['OPEN', 'Call, back', 'CLOSED'] },
    named: ['status'],
    kept: [{ status: 'Open' }, { status: 'call, BACK' }, { status: '' }, {}],
    dropped: [{ status: 'REVIEW' }, { status: 'Call' }],
    told: '--status',
  },
  ...yesNo('online', 'isOnline', (value) => ({ isOnline: value })),
  ...yesNo('interacted', 'userInteracted', (value) => ({ userInteracted: value })),
  ...yesNo('live-chat', 'isLiveChatActive', (value) => ({ isLiveChatActive: value })),
  ...yesNo('ordered', 'hasOrdered', (value) => ({ hasOrdered: { status: value } })),
  {
    flags: ['--ordered-after', '2026-11-01'],
    body: { hasOrdered: { status: true, lastAt: '2026-10-31T23:59:59.000Z' } },
    named: ['hasOrdered'],
    kept: [{ hasOrdered: { status: true, lastAt: '2026-11-01T00:00:00.000Z' } }, {}],
    dropped: [{ hasOrdered: { status: true, lastAt: '2026-10-31T00:00:00.000Z' } }],
    told: '--ordered-after',
  },
  {
    flags: ['--ordered-after', '2026-11-01', '--ordered'],
    body: { hasOrdered: { status: true, lastAt: '2026-10-31T23:59:59.000Z' } },
    named: ['hasOrdered'],
    kept: [{ hasOrdered: {} }],
    dropped: [{ hasOrdered: { status: false } }],
    told: '--ordered',
  },
  ...window('created', 'createdAt'),
  ...window('seen', 'lastSeenAt'),
  {
    flags: ['--segment', 'leads', '--segment', 'VIP\\, gold'],
    body: { segments: [leads, vips] },
    named: ['segments'],
    kept: [{ segments: [vips] }, { segments: ['Leads'] }, {}],
    dropped: [{ segments: [] }, { segments: ['Others'] }],
    told: '--segment',
  },
  {
    flags: ['--segment', `${leads},${vips}`],
    body: { segments: [leads, vips] },
    named: ['segments'],
    kept: [{ segments: [vips.toUpperCase()] }, { segments: ['a name'] }],
    dropped: [{ segments: [bot] }],
    told: '--segment',
  },
  unproven(['--agent', nomsa], { _agentAssigned: [nomsa] }, '_agentAssigned'),
  unproven(['--agent', 'sipho,nomsa adams'], { _agentAssigned: [sipho, nomsa] }, '_agentAssigned'),
  unproven(['--bot-website', bot], { _botWebsite: [bot] }, '_botWebsite'),
  unproven(
    ['--bot-whatsapp', `${bot}, ${otherBot}`],
    { _botWhatsapp: [bot, otherBot] },
    '_botWhatsapp',
  ),
  unproven(
    ['--bot-telegram', bot, '--bot-telegram', otherBot],
    { _botTelegram: [bot, otherBot] },
    '_botTelegram',
  ),
  unproven(['--bot-facebook', bot, '--bot-facebook', bot], { _botFacebook: [bot] }, '_botFacebook'),
  {
    flags: ['--last-message-by', 'user,bot'],
    body: { lastMessageBy: ['user', 'bot'] },
    named: ['lastMessageBy'],
    kept: [{ lastMessage: { by: 'BOT' } }, { lastMessage: { by: '' } }, {}],
    dropped: [{ lastMessage: { by: 'agent' } }],
    told: '--last-message-by',
  },
  unproven(['--all-chats'], { isContact: false }, 'isContact'),
  { flags: ['--contacts-only'], body: {}, named: [], kept: [{ isContact: false }], dropped: [] },
  {
    flags: ['--body', '{"isSubscriber":true,"applicableFilters":["isSubscriber"]}'],
    body: { isSubscriber: true },
    named: ['isSubscriber'],
    kept: [{ isSubscriber: false }],
    dropped: [],
  },
];

const table = rows.map((row) => [row.flags.join(' '), row] as const);

function wantedBody({ body, named }: Row) {
  return { ...unfiltered, ...body, applicableFilters: named };
}

async function exported({ flags, kept, dropped }: Row, ...more: readonly string[]) {
  // A record that is left out between two that stay.
  const [first = {}, ...rest] = kept;
  const contacts = [first, ...dropped, ...rest].map((record, n) => ({ _id: `${n}`, ...record }));
  const service = await serve({ ...directory, contacts, pageSize: 2, search: () => true });
  const args = ['contacts', 'export', '--columns', 'id', '--no-header', '--tz', 'UTC'];
  const outcome = await runMain([...args, ...flags, ...more], { service, now });
  const stayed = contacts.map(({ _id }) => _id);
  stayed.splice(1, dropped.length);
  return { ...outcome, service, ids: outcome.stdout.split('\n').slice(0, -1), stayed };
}

describe('a filter: its request, what is left out of the answer, and what is said', () => {
  it.each(table)('%s', async (_flags, row) => {
    const { exit, ids, stayed, stderr, service } = await exported(row);
    expect({ exit, ids }).toEqual({ exit: 0, ids: stayed });
    const { page, ...body } = service.bodies[0];
    expect(page).toBe(1);
    expect({ ...body, segments: [...body.segments].sort() }).toEqual(wantedBody(row));
    const many = row.dropped.length;
    expect(stderr).toBe(
      row.told === undefined
        ? ''
        : `warning: ${many} contact${many === 1 ? '' : 's'} left out: the service did not apply ${row.told} (${many}); --trust-server keeps them\n`,
    );
  });

  it.each(table)('%s, with --trust-server: nothing is left out or said', async (_flags, row) => {
    const { exit, ids, stderr } = await exported(row, '--trust-server');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(ids).toHaveLength(row.kept.length + row.dropped.length);
  });

  it('has a row for every filter flag', () => {
    const flags =
      'search tag status online no-online interacted no-interacted live-chat no-live-chat ordered no-ordered ordered-after created-after created-before seen-after seen-before segment agent bot-website bot-whatsapp bot-telegram bot-facebook last-message-by contacts-only all-chats body';
    const tried = new Set(rows.flatMap((row) => row.flags));
    expect(flags.split(' ').filter((flag) => !tried.has(`--${flag}`))).toEqual([]);
  });
});

describe('a filter in a view', () => {
  const dry = ['contacts', 'list', '--profile', 'sandbox', '--dry-run', '--tz', 'UTC'];

  // A view that filters nothing is refused.
  const saved = table.filter(([, { named }]) => named.length > 0);

  it.each(saved)('%s means the same saved, and pasted as it is shown', async (_flags, row) => {
    const folder = new ConfigFolder();
    const typed = bodyIn(await folder.run([...dry, ...row.flags], { now }));
    const save = ['view', 'save', 'mine', ...row.flags];
    expect(await folder.run(save)).toMatchObject({ exit: 0, stderr: '' });
    expect(bodyIn(await folder.run([...dry, '--view', 'mine'], { now }))).toEqual(typed);
    const { stdout } = await folder.run('view show mine');
    const pasted = execFileSync('bash', ['-c', `printf '%s\\0' ${stdout}`], { encoding: 'utf8' });
    const [program, ...words] = pasted.split('\0').slice(0, -1);
    expect(program).toBe('reekolect');
    expect(bodyIn(await folder.run([...words, ...dry.slice(2)], { now }))).toEqual(typed);
  });
});

const dates = ['created-after', 'created-before', 'seen-after', 'seen-before', 'ordered-after'];
const bots = ['bot-website', 'bot-whatsapp', 'bot-telegram', 'bot-facebook'];
const lists = ['tag', 'status', 'segment', 'agent', 'last-message-by', ...bots];

describe('a value that makes no sense: exit 2, said, and nothing is sent', () => {
  const empty = ['', ' ', ',', ' , ', '\t'];
  const wrong: readonly (readonly [flags: readonly string[], said: string])[] = [
    ...['search', 'body', ...dates, ...lists].map(
      (flag) => [[`--${flag}`], `--${flag} needs a value`] as const,
    ),
    ...[...lists, 'search'].flatMap((flag) =>
      empty
        .filter((value) => flag !== 'search' || !value.includes(','))
        .map((value) => [[`--${flag}`, value], `--${flag} is empty`] as const),
    ),
    ...lists.map((flag) => [[`--${flag}`, bot, `--${flag}`, ''], `--${flag} is empty`] as const),
    ...bots.flatMap((flag) =>
      ['shop', bot.slice(1), `${bot}0`, `${bot.slice(1)}g`].map(
        (id) => [[`--${flag}`, `${bot},${id}`], `--${flag} takes the id of a bot`] as const,
      ),
    ),
    ...dates.flatMap((flag) =>
      ['', 'soon', '01/02/2026', '2026-13-01', '2026-02-30', '-7d', '7x', '1e3d', '∞'].map(
        (date) => [[`--${flag}=${date}`], date === '' ? '(empty)' : date] as const,
      ),
    ),
    ...['online', 'no-online', 'interacted', 'live-chat', 'ordered', 'all-chats'].map(
      (flag) => [[`--${flag}=yes`], `--${flag}`] as const,
    ),
    [['--segment', 'Nobody'], 'Nobody'],
    [['--agent', 'Nobody'], 'Nobody'],
    ...['created', 'seen'].map(
      (name) =>
        [
          [`--${name}-after`, '2026-11-02', `--${name}-before`, '2026-11-01'],
          `--${name}-after`,
        ] as const,
    ),
    [['--view', 'a', '--view', 'b'], 'takes one view'],
    [['--no-ordered', '--ordered-after', '7d'], 'contradict'],
    [['--contacts-only', '--all-chats'], 'contradict each other'],
    ...['{', '[]', '"x"', '1', 'null', 'true', ''].map(
      (json) => [['--body', json], '--body is not'] as const,
    ),
    ...['{"page":1}', '{"isExport":"csv"}'].map(
      (json) => [['--body', json], '--body must not set'] as const,
    ),
  ];

  it.each(wrong)('%j: %s', async (flags, said) => {
    const service = await serve(directory);
    const args = ['contacts', 'list', '--tz', 'UTC', ...flags];
    const { exit, stdout, stderr } = await runMain(args, { service, now });
    expect({ exit, stdout, bodies: service.bodies }).toEqual({ exit: 2, stdout: '', bodies: [] });
    expect(stderr).toMatch(/^error: .+\n/);
    expect(stderr).toContain(said);
  });
});

describe('a flag beside its own opposite', () => {
  const names = ['online', 'interacted', 'live-chat', 'ordered'];
  const pairs = names.flatMap((name) => [
    [`--${name}`, `--no-${name}`],
    [`--no-${name}`, `--${name}`],
  ]);

  it.each(pairs)('%s %s: exit 2, both named', async (one, other) => {
    const { exit, stderr } = await runMain(['contacts', 'list', '--dry-run', one, other], { now });
    expect(exit).toBe(2);
    expect(stderr).toContain(one);
    expect(stderr).toContain(other);
  });

  it.each(pairs)('%s in a view, %s typed: the typed one wins', async (saved, typed) => {
    const folder = new ConfigFolder();
    expect((await folder.run(['view', 'save', 'mine', saved])).exit).toBe(0);
    const dry = ['contacts', 'list', '--profile', 'sandbox', '--dry-run'];
    const both = bodyIn(await folder.run([...dry, '--view', 'mine', typed]));
    expect(both).toEqual(bodyIn(await folder.run([...dry, typed])));
  });
});

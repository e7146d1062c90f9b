import { expect, test } from 'vitest';
import { contactColumns } from '../../../src/records/contacts/columns.ts';
import { contactFilters } from '../../../src/records/contacts/filters.ts';
import { requestBody } from '../../../src/records/contacts/request-body.ts';
import {
  type FilterFrame,
  type FilterOptions,
  type Mismatch,
  settleFilters,
} from '../../../src/records/filter-field.ts';
import type { Json } from '../../../src/table.ts';
import { parse } from '../../support/parse.ts';

const id = '65d1000000000000005e6001';
const frame: FilterFrame = {
  zone: () => 'Africa/Johannesburg',
  now: new Date('2026-11-20T12:00:00Z'),
  find: async (_directory, names) => names.map((name) => ({ id, name })),
  columns: contactColumns,
  names: async () => new Map(),
};

const tagged = (...tags: Json[]): Json => ({ profile: { userDetails: { tags } } });
const at = (createdAt: string): Json => ({ createdAt });
const seen = (lastSeenAt: string): Json => ({ lastSeenAt });
const named = (name: string, email = ''): Json => ({
  profile: { userDetails: { name, contact: { email } } },
});
const order = (status: boolean, lastAt?: string): Json => ({
  hasOrdered: lastAt === undefined ? { status } : { status, lastAt },
});

interface Row {
  readonly argv: string;
  /** What the verb gets. */
  readonly option: unknown;
  /** Its part of the request's body. */
  readonly body: object;
  readonly applicable: readonly string[];
  /** What the check says of records; `undefined` keeps them. */
  readonly records: readonly (readonly [record: Json, mismatch: Mismatch | undefined])[];
}

/** One for each row of the filters at least: flag → option → body → check. */
const rows: { readonly [name in keyof typeof contactFilters]: readonly Row[] } = {
  search: [
    {
      argv: '--search naidoo',
      option: 'naidoo',
      body: { searchText: 'naidoo' },
      applicable: ['searchText'],
      records: [],
    },
  ],
  tag: [
    {
      argv: '--tag vip,gold',
      option: ['vip', 'gold'],
      body: { tags: ['vip', 'gold'] },
      applicable: ['tags'],
      records: [
        [tagged('VIP'), undefined],
        [tagged({ name: 'Gold' }), undefined],
        [tagged('cold'), 'unapplied'],
        [tagged('cold', { name: 'warm' }), 'unapplied'],
        [tagged('cold', { id: 7 }), undefined],
        [tagged(), 'unapplied'],
        [tagged('cold', null), undefined],
        [{}, undefined],
      ],
    },
  ],
  status: [
    {
      argv: '--status open,mine',
      option: ['open', 'mine'],
      body: { status: ['OPEN', 'mine'] },
      applicable: ['status'],
      records: [
        [{ status: 'OPEN' }, undefined],
        [{ status: 'Mine' }, undefined],
        [{ status: 'CLOSED' }, 'unapplied'],
        [{ status: '' }, undefined],
        [{ status: 3 }, undefined],
      ],
    },
  ],
  online: [
    {
      argv: '--online',
      option: true,
      body: { isOnline: true },
      applicable: ['isOnline'],
      records: [
        [{ isOnline: true }, undefined],
        [{ isOnline: false }, 'unapplied'],
        [{ isOnline: 'false' }, undefined],
      ],
    },
    {
      argv: '--no-online',
      option: false,
      body: { isOnline: false },
      applicable: ['isOnline'],
      records: [[{ isOnline: true }, 'unapplied']],
    },
  ],
  interacted: [
    {
      argv: '--no-interacted',
      option: false,
      body: { userInteracted: false },
      applicable: ['userInteracted'],
      records: [
        [{ userInteracted: true }, 'unapplied'],
        [{ userInteracted: false }, undefined],
      ],
    },
  ],
  liveChat: [
    {
      argv: '--live-chat',
      option: true,
      body: { isLiveChatActive: true },
      applicable: ['isLiveChatActive'],
      records: [[{ isLiveChatActive: false }, 'unapplied']],
    },
  ],
  ordered: [
    {
      argv: '--no-ordered',
      option: false,
      body: { hasOrdered: { status: false, lastAt: '' } },
      applicable: ['hasOrdered'],
      records: [
        [order(true), 'unapplied'],
        [order(false), undefined],
      ],
    },
  ],
  orderedAfter: [
    {
      argv: '--ordered-after 2026-11-01',
      option: '2026-11-01',
      body: { hasOrdered: { status: true, lastAt: '2026-10-31T21:59:59.000Z' } },
      applicable: ['hasOrdered'],
      records: [
        [order(true, '2026-10-31T22:00:00.000Z'), undefined],
        [order(true, '2026-10-31T21:59:59.500Z'), 'margin'],
        [order(true, '2026-10-30T00:00:00.000Z'), 'unapplied'],
        [order(false), 'unapplied'],
      ],
    },
  ],
  createdAfter: [
    {
      argv: '--created-after 7d',
      option: '7d',
      body: { createdAt: { startAt: '2026-11-13T11:59:59.000Z', endsAt: '' } },
      applicable: ['createdAt'],
      records: [
        [at('2026-11-13T12:00:00.000Z'), undefined],
        [at('2026-11-13T11:59:59.999Z'), 'margin'],
        [at('2026-11-13T11:59:59.000Z'), 'margin'],
        [at('2026-11-13T11:59:58.999Z'), 'unapplied'],
        [at('soon'), undefined],
      ],
    },
  ],
  createdBefore: [
    {
      argv: '--created-before 2026-11-13T12:00Z',
      option: '2026-11-13T12:00Z',
      body: { createdAt: { startAt: '', endsAt: '2026-11-13T12:00:01.000Z' } },
      applicable: ['createdAt'],
      records: [
        [at('2026-11-13T11:59:59.999Z'), undefined],
        [at('2026-11-13T12:00:00.000Z'), 'margin'],
        [at('2026-11-13T12:00:01.000Z'), 'margin'],
        [at('2026-11-13T12:00:01.001Z'), 'unapplied'],
      ],
    },
  ],
  seenAfter: [
    {
      argv: '--seen-after today',
      option: 'today',
      body: { lastSeenAt: { startAt: '2026-11-19T21:59:59.000Z', endsAt: '' } },
      applicable: ['lastSeenAt'],
      records: [[seen('2026-11-18T00:00:00.000Z'), 'unapplied']],
    },
  ],
  seenBefore: [
    {
      argv: '--seen-before now',
      option: 'now',
      body: { lastSeenAt: { startAt: '', endsAt: '2026-11-20T12:00:01.000Z' } },
      applicable: ['lastSeenAt'],
      records: [[seen('2026-11-21T00:00:00.000Z'), 'unapplied']],
    },
  ],
  segment: [
    {
      argv: `--segment ${id}`,
      option: [id],
      body: { segments: [id] },
      applicable: ['segments'],
      records: [
        [{ segments: [id] }, undefined],
        [{ segments: ['65d1000000000000005e6002'] }, 'unapplied'],
        [{ segments: [{ _id: '65d1000000000000005e6002' }] }, 'unapplied'],
        // A name may be that of the segment: nothing is proven.
        [{ segments: ['VIP'] }, undefined],
        [{ segments: ['65d1000000000000005e6002', 'VIP'] }, undefined],
        [{ segments: null }, undefined],
        [{}, undefined],
      ],
    },
    {
      argv: `--segment VIP,${id}`,
      option: ['VIP', id],
      body: { segments: [id, id] },
      applicable: ['segments'],
      records: [
        [{ segments: ['Leads'] }, undefined],
        [{ segments: ['65d1000000000000005e6002'] }, 'unapplied'],
      ],
    },
    {
      argv: '--segment VIP',
      option: ['VIP'],
      body: { segments: [id] },
      applicable: ['segments'],
      records: [
        [{ segments: ['vip'] }, undefined],
        [{ segments: ['Leads'] }, 'unapplied'],
        [{ segments: [{ _id: '65d1000000000000005e6002' }] }, 'unapplied'],
        [{ segments: [{ no: 1 }] }, undefined],
      ],
    },
  ],
  agent: [
    {
      argv: '--agent Nomsa',
      option: ['Nomsa'],
      body: { _agentAssigned: [id] },
      applicable: ['_agentAssigned'],
      records: [],
    },
  ],
  botWebsite: [
    {
      argv: `--bot-website ${id}`,
      option: [id],
      body: { _botWebsite: [id] },
      applicable: ['_botWebsite'],
      records: [],
    },
  ],
  botWhatsapp: [
    {
      argv: `--bot-whatsapp ${id}`,
      option: [id],
      body: { _botWhatsapp: [id] },
      applicable: ['_botWhatsapp'],
      records: [],
    },
  ],
  botTelegram: [
    {
      argv: `--bot-telegram ${id}`,
      option: [id],
      body: { _botTelegram: [id] },
      applicable: ['_botTelegram'],
      records: [],
    },
  ],
  botFacebook: [
    {
      argv: `--bot-facebook ${id}`,
      option: [id],
      body: { _botFacebook: [id] },
      applicable: ['_botFacebook'],
      records: [],
    },
  ],
  lastMessageBy: [
    {
      argv: '--last-message-by user',
      option: ['user'],
      body: { lastMessageBy: ['user'] },
      applicable: ['lastMessageBy'],
      records: [
        [{ lastMessage: { by: 'bot' } }, 'unapplied'],
        [{ lastMessage: { by: 'USER' } }, undefined],
        [{ lastMessage: { by: 'agent' } }, 'unapplied'],
        [{ lastMessage: { by: '' } }, undefined],
        [{ lastMessage: { by: 7 } }, undefined],
      ],
    },
    {
      argv: '--last-message-by user,agent',
      option: ['user', 'agent'],
      body: { lastMessageBy: ['user', 'agent'] },
      applicable: ['lastMessageBy'],
      records: [
        [{ lastMessage: { by: 'bot' } }, 'unapplied'],
        [{ lastMessage: { by: 'liveAgent' } }, undefined],
        [{}, undefined],
      ],
    },
    {
      argv: '--last-message-by agent',
      option: ['agent'],
      body: { lastMessageBy: ['agent'] },
      applicable: ['lastMessageBy'],
      records: [
        [{ lastMessage: { by: 'bot' } }, 'unapplied'],
        [{ lastMessage: { by: 'liveAgent' } }, undefined],
      ],
    },
  ],
  allChats: [
    {
      argv: '--all-chats',
      option: true,
      body: { isContact: false },
      applicable: ['isContact'],
      records: [],
    },
    {
      argv: '--contacts-only',
      option: false,
      body: { isContact: true },
      applicable: [],
      records: [],
    },
  ],
  body: [
    {
      argv: '--body {"isSubscriber":true,"applicableFilters":["isSubscriber"]}',
      option: '{"isSubscriber":true,"applicableFilters":["isSubscriber"]}',
      body: { isSubscriber: true },
      applicable: ['isSubscriber'],
      records: [],
    },
  ],
  where: [
    {
      argv: '--where name~naidoo,x --where !email',
      option: ['name~naidoo,x', '!email'],
      body: {},
      applicable: [],
      records: [
        [named('Ann Naidoo,X'), undefined],
        [named('Ann Naidoo'), 'excluded'],
        [named('Ann Naidoo,X', 'ann@example.com'), 'excluded'],
        [{}, 'excluded'],
      ],
    },
  ],
};

const unfiltered = requestBody([]);

for (const [name, cases] of Object.entries(rows)) {
  test.each(cases)(`${name}: $argv`, async ({ argv, option, body, applicable, records }) => {
    const { options } = await parse(['contacts', 'list', ...argv.split(' ')]);
    expect(options).toEqual({ [name]: option });
    const typed = (
      name === 'body' ? { body: JSON.parse(String(option)) } : options
    ) as FilterOptions;
    const filter = await settleFilters(contactFilters, typed, frame);
    expect(requestBody(filter)).toEqual({ ...unfiltered, ...body, applicableFilters: applicable });
    for (const [record, mismatch] of records) {
      const held = { key: '', keyless: false, record, json: '' };
      expect(filter[0]?.check?.(held), JSON.stringify(record)).toBe(mismatch);
    }
  });
}

test.each<readonly [FilterOptions, string]>([
  [{ search: ' ' }, '--search is empty'],
  [{ tag: [] }, '--tag is empty'],
  [{ tag: ['a', ' '] }, '--tag is empty'],
  [{ botWebsite: ['42'] }, '--bot-website takes the id of a bot'],
  [{ createdAfter: 'soonish' }, 'soonish'],
  [{ createdAfter: '1d', createdBefore: '2d' }, 'is not before --created-before'],
  [{ body: { page: 2 } }, 'must not set page'],
  [{ body: { isExport: 'csv' } }, 'must not set isExport'],
  [{ where: ['nmae=x'] }, 'unknown column: nmae'],
])('%j is refused', async (typed, message) => {
  await expect(settleFilters(contactFilters, typed, frame)).rejects.toThrow(message);
});

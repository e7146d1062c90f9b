import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ExplainedError } from '../../../src/errors.ts';
import {
  attributeColumns as attributeColumnsOf,
  columnGroups,
  columnNames as namesOfColumns,
  parseColumns as parseColumnsOf,
} from '../../../src/records/columns.ts';
import { contactColumns } from '../../../src/records/contacts/columns.ts';
import { attributesOf } from '../../../src/records/contacts/parts.ts';
import type { ServiceRecord } from '../../../src/records/record.ts';
import type { Cell, Json } from '../../../src/table.ts';

const parseColumns = (names: readonly string[]) => parseColumnsOf(contactColumns, names);
const attributeColumns = (keys: Iterable<string>) => attributeColumnsOf(contactColumns, keys);
const attributeKeys = (contact: ServiceRecord) => [...attributesOf(contact).keys()];
const columnNames = namesOfColumns(contactColumns);
const defaultColumns = contactColumns.defaults;

const sample: Json = {
  _id: '66e07fd940c43d176eaf0b71',
  platform: ['WHATSAPP'],
  isOnline: true,
  userInteracted: false,
  profile: {
    userDetails: {
      contact: { email: '', phone: { number: '123456789', prefix: '1' } },
      userProvidedName: 'Contact Name',
      tags: [],
      attributes: [{ key: 'city', value: 'Durban' }],
      country: '',
      whatsAppNumber: '1123456789',
    },
  },
  status: 'OPEN',
  lastMessage: { by: 'user', at: '2024-06-05T19:05:50.875Z' },
  segments: [],
  isLiveChatActive: false,
  hasOrdered: { status: false },
  unreadMessages: 0,
  lastSeenAt: '2024-06-05T19:05:50.875Z',
  createdAt: '2024-06-05T19:05:50.876Z',
  updatedAt: '2024-06-05T19:05:50.876Z',
};

function contactOf(record: Json): ServiceRecord {
  return { key: 'a', keyless: false, record, json: JSON.stringify(record) };
}

function withDetails(userDetails: Json): Json {
  return { profile: { userDetails } };
}

/** Records with own `__proto__` keys can only come from JSON text. */
function parsed(text: string): Json {
  return JSON.parse(text);
}

function show(name: string, record: Json): Cell | undefined {
  return parseColumns([name])[0]?.read(contactOf(record));
}

test('the columns and the default ones are those of the README', () => {
  expect(columnNames.join(' ')).toBe(
    'id name first_name last_name email phone whatsapp platform status tags segments segment_names country city agent agent_name online interacted live_chat ordered subscribed last_message_by last_message last_message_at unread created_at last_seen_at updated_at',
  );
  expect(defaultColumns.join(' ')).toBe(
    'id name phone email platform status tags created_at last_seen_at',
  );
  expect(columnGroups).toEqual(['attrs', 'all']);
});

test('the published sample, column by column', () => {
  const shown = parseColumns(columnNames).map(({ name, read }) => [name, read(contactOf(sample))]);
  expect(Object.fromEntries(shown)).toEqual({
    id: '66e07fd940c43d176eaf0b71',
    name: 'Contact Name',
    first_name: 'Contact',
    last_name: 'Name',
    email: null,
    phone: '+1123456789',
    whatsapp: '+1123456789',
    platform: ['WHATSAPP'],
    status: 'OPEN',
    tags: [],
    segments: [],
    segment_names: [],
    country: null,
    city: 'Durban',
    agent: null,
    agent_name: null,
    online: true,
    interacted: false,
    live_chat: false,
    ordered: false,
    subscribed: null,
    last_message_by: 'user',
    last_message: null,
    last_message_at: '2024-06-05T19:05:50.875Z',
    unread: 0,
    created_at: '2024-06-05T19:05:50.876Z',
    last_seen_at: '2024-06-05T19:05:50.875Z',
    updated_at: '2024-06-05T19:05:50.876Z',
  });
});

test('a record that is nothing at all has no values', () => {
  for (const record of [null, 'text', 7, [], {}]) {
    const cells = parseColumns(columnNames).map(({ read }) => read(contactOf(record)));
    const lists = cells.filter((cell) => cell !== null);
    expect(lists).toEqual([[], [], [], []]);
  }
});

describe('where values are looked for', () => {
  test.each<[what: string, column: string, record: Json, cell: Cell]>([
    ['an id of MongoDB', 'id', { _id: { $oid: 'ab12' } }, 'ab12'],
    ['the name on the website', 'name', withDetails({ name: 'Ann' }), 'Ann'],
    [
      'the name the user gave first',
      'name',
      withDetails({ userProvidedName: 'Bo', name: 'Ann' }),
      'Bo',
    ],
    ['not a blank name', 'name', withDetails({ userProvidedName: ' ', name: 'Ann' }), 'Ann'],
    ['the name at Telegram', 'name', withDetails({ name: '', telegramUserName: 'ann7' }), 'ann7'],
    ['the first name', 'first_name', withDetails({ name: ' Ann  van der\u00a0Merwe ' }), 'Ann'],
    [
      'the rest',
      'last_name',
      withDetails({ name: ' Ann  van der\u00a0Merwe ' }),
      'van der\u00a0Merwe',
    ],
    ['one name alone', 'last_name', withDetails({ name: 'Ann ' }), null],
    ['no name at all', 'first_name', withDetails({ name: ' ' }), null],
    ['a subscriber', 'subscribed', { isSubscriber: false }, false],
    ['the last message', 'last_message', { lastMessage: { text: 'a\nb' } }, 'a\nb'],
    ['an agent by name, nobody asked', 'agent_name', { _agentAssigned: ['a1', 'a2'] }, 'a1; a2'],
    ['an e-mail address', 'email', withDetails({ contact: { email: 'a@b.c' } }), 'a@b.c'],
    ['an e-mail address elsewhere', 'email', withDetails({ email: 'a@b.c' }), 'a@b.c'],
    [
      'a phone with trunk zero',
      'phone',
      withDetails({ contact: { phone: { number: '0821234567', prefix: '+27' } } }),
      '+27821234567',
    ],
    [
      'a phone in numbers',
      'phone',
      withDetails({ contact: { phone: { number: 821234567, prefix: 27 } } }),
      '+27821234567',
    ],
    [
      'a phone that is text',
      'phone',
      withDetails({ contact: { phone: '+27 82 123 4567' } }),
      '+27821234567',
    ],
    [
      'a phone that cannot be read',
      'phone',
      withDetails({ contact: { phone: { number: '082 (home)', prefix: '27' } } }),
      '082 (home)',
    ],
    [
      'a phone without a number',
      'phone',
      withDetails({ contact: { phone: { number: '', prefix: '27' } } }),
      null,
    ],
    [
      'a WhatsApp number with plus',
      'whatsapp',
      withDetails({ whatsAppNumber: '+27821234567' }),
      '+27821234567',
    ],
    [
      'a WhatsApp number in digits',
      'whatsapp',
      withDetails({ whatsAppNumber: 27821234567 }),
      '+27821234567',
    ],
    [
      'a WhatsApp number that is none',
      'whatsapp',
      withDetails({ whatsAppNumber: '0821234567' }),
      '0821234567',
    ],
    ['one platform', 'platform', { platform: 'website' }, ['website']],
    ['tags', 'tags', withDetails({ tags: ['vip', '', 'new'] }), ['vip', 'new']],
    ['segments with names', 'segments', { segments: [{ _id: 'a1', segmentName: 'VIP' }] }, ['VIP']],
    ['a segment with an empty name', 'segments', { segments: [{ _id: 'a1', name: '' }] }, ['a1']],
    ['a country', 'country', withDetails({ country: 'South Africa' }), 'South Africa'],
    [
      'a city, before the attribute',
      'city',
      withDetails({ city: 'Paarl', attributes: [{ key: 'city', value: 'Durban' }] }),
      'Paarl',
    ],
    [
      'a city among attributes',
      'city',
      withDetails({ attributes: [{ key: 'City', value: 'Paarl' }] }),
      'Paarl',
    ],
    [
      'a country among attributes',
      'country',
      withDetails({ attributes: { COUNTRY: 'Benin' } }),
      'Benin',
    ],
    ['an agent', 'agent', { _agentAssigned: 'a1' }, 'a1'],
    ['an agent with a name', 'agent', { _agentAssigned: { _id: 'a1', name: 'Thandi' } }, 'Thandi'],
    ['online as text', 'online', { isOnline: 'true' }, null],
    ['an order', 'ordered', { hasOrdered: { status: true } }, true],
    ['orders in another shape', 'ordered', { hasOrdered: true }, null],
    ['unread in text', 'unread', { unreadMessages: '3' }, 3],
    ['unread without a number', 'unread', { unreadMessages: 'some' }, null],
    [
      'a time elsewhere',
      'created_at',
      { createdAt: '2024-06-05T21:05:50+02:00' },
      '2024-06-05T19:05:50.000Z',
    ],
    ['a time of MongoDB', 'updated_at', { updatedAt: { $date: 1 } }, '1970-01-01T00:00:01.000Z'],
    ['a time that is none', 'last_seen_at', { lastSeenAt: 'never' }, 'never'],
  ])('%s: %s', (_, column, record, cell) => expect(show(column, record)).toEqual(cell));
});

describe('custom attributes', () => {
  const contact = contactOf(
    withDetails({
      attributes: [
        { key: 'size', value: 'L' },
        { key: 'age', value: 41 },
        { key: 'size', value: 'XL' },
        { key: 'size', value: 'L' },
        { key: 'sizes', value: ['S', 'M'] },
        { key: 'card', value: { no: 7 } },
        { key: 'ok', value: true },
        { key: 'empty', value: '' },
        { key: '', value: 'no key' },
        { key: '__proto__', value: 'typed by a stranger' },
        { key: 'a.b c', value: 'odd key' },
        { value: 'no key at all' },
        'no attribute',
        null,
      ],
    }),
  );

  test.each([
    ['age', '41'],
    ['size', 'L; XL'],
    ['sizes', 'S; M'],
    ['card', '{"no":7}'],
    ['ok', 'true'],
    ['empty', null],
    ['__proto__', 'typed by a stranger'],
    ['a.b c', 'odd key'],
    ['Size', null],
    ['constructor', null],
  ])('attr.%s is %j', (key, cell) => {
    expect(parseColumns([`attr.${key}`])[0]?.read(contact)).toBe(cell);
  });

  test('its keys, each once', () => {
    expect(attributeKeys(contact)).toEqual(
      'size age sizes card ok empty __proto__'.split(' ').concat('a.b c'),
    );
  });

  test('held as an object of keys and values', () => {
    const other = contactOf(
      parsed('{"profile":{"userDetails":{"attributes":{"__proto__":1,"b":2}}}}'),
    );
    expect(attributeKeys(other)).toEqual(['__proto__', 'b']);
    expect(attributeColumns(['b', '__proto__']).map(({ read }) => read(other))).toEqual(['1', '2']);
  });

  test('become columns sorted by code point, each once', () => {
    const columns = attributeColumns(['é', '😀', 'b', '\uff5e', 'B', 'a', 'b']);
    expect(columns.map(({ name }) => name)).toEqual(
      ['B', 'a', 'b', 'é', '\uff5e', '😀'].map((key) => `attr.${key}`),
    );
  });
});

describe('paths', () => {
  test.each<[path: string, cell: Cell]>([
    ['.status', 'OPEN'],
    ['.lastMessage.by', 'user'],
    ['.platform', ['WHATSAPP']],
    ['.platform.0', 'WHATSAPP'],
    ['.platform.1', null],
    ['.platform.length', null],
    ['.profile.userDetails.attributes.0.key', 'city'],
    ['.profile.userDetails.contact', { email: '', phone: { number: '123456789', prefix: '1' } }],
    ['.profile.userDetails.country', ''],
    ['.status.0', null],
    ['.__proto__', null],
    ['.constructor.name', null],
    ['.no.such.thing', null],
  ])('%s is %j', (path, cell) => expect(show(path, sample)).toEqual(cell));

  test('.__proto__ is a key like any other where the record has it', () => {
    expect(show('.__proto__.x', parsed('{"__proto__":{"x":1}}'))).toBe(1);
  });
});

describe('asking for columns', () => {
  test('keeps the order asked for, and what each holds', () => {
    const columns = parseColumns([
      '.a.b',
      'tags',
      ' id',
      'attr.x',
      'phone',
      'unread',
      'created_at',
    ]);
    expect(columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      '.a.b json',
      'tags list',
      'id id',
      'attr.x text',
      'phone phone',
      'unread number',
      'created_at time',
    ]);
  });

  test.each([
    ['nmae', 'did you mean name?'],
    ['tag', 'did you mean tags?'],
    ['createdAt', 'did you mean created_at?'],
    ['Email', 'did you mean email?'],
    ['last_seen', 'did you mean last_seen_at?'],
    ['attr', 'did you mean attrs?'],
    ['shoe size', expect.stringMatching(/^columns are id name .* attr\.KEY .* \.a\.b\.c/)],
    ['attr.', expect.stringContaining('attr')],
    ['.', expect.stringContaining('.a.b.c')],
    ['.a..b', expect.stringContaining('.a.b.c')],
    ['', expect.stringContaining('.a.b.c')],
  ])('"%s" is unknown: %s', (name, hint) => {
    expect(() => parseColumns(['id', name])).toThrow(
      expect.objectContaining({ exit: 2, code: 'unknown-column', hint }),
    );
  });

  test('the message names the unknown column', () => {
    expect(() => parseColumns(['nmae'])).toThrow('unknown column: nmae');
  });

  test('the same column twice is a mistake', () => {
    const twice: Partial<ExplainedError> = { exit: 2, code: 'repeated-column' };
    expect(() => parseColumns(['id', 'name', 'id'])).toThrow(expect.objectContaining(twice));
  });
});

test.each<[column: string, tones: (string | undefined)[], cells: Cell[]]>([
  [
    'status',
    [undefined, 'busy', 'busy', 'quiet', undefined],
    ['OPEN', 'INPROGRESS', 'REVIEW', 'CLOSED', 'VIP'],
  ],
  ['online', ['good', 'quiet', undefined], [true, false, null]],
  ['name', [undefined], ['Ann']],
])('the tones of %s', (name, tones, cells) => {
  expect(cells.map((cell) => parseColumns([name])[0]?.tone?.(cell))).toEqual(tones);
});

describe('no record stops a run', () => {
  const places = [
    [],
    ...[
      '_id platform isOnline userInteracted status lastMessage lastMessage.by lastMessage.at segments',
      'isLiveChatActive hasOrdered hasOrdered.status unreadMessages lastSeenAt createdAt updatedAt',
      'createdAt.$date createdAt.$date.$numberLong _id.$oid _agentAssigned _agentAssigned.name',
      'profile profile.userDetails',
    ].flatMap((line) => line.split(' ').map((path) => path.split('.'))),
    ...'name userProvidedName telegramUserName email contact contact.email contact.phone contact.phone.number contact.phone.prefix whatsAppNumber tags country city attributes'
      .split(' ')
      .map((path) => ['profile', 'userDetails', ...path.split('.')]),
  ];
  const columns = parseColumns([
    ...columnNames,
    'attr.x',
    '.profile.userDetails.tags.0',
    '.__proto__.a',
  ]);

  function expectCells(record: Json): void {
    const contact = contactOf(record);
    for (const { name, kind, read, tone } of [
      ...columns,
      ...attributeColumns(attributeKeys(contact)),
    ]) {
      const cell = read(contact);
      tone?.(cell);
      if (kind === 'list') expect(cell, name).toSatisfy(Array.isArray);
      else if (kind === 'boolean') expect(cell, name).toBeOneOf([true, false, null]);
      else if (kind === 'number')
        expect(cell, name).toSatisfy((n) => n === null || Number.isFinite(n));
      else if (kind !== 'json') expect(cell, name).toSatisfy((t) => t === null || t.length > 0);
    }
  }

  test('whatever JSON stands in the places that are read', () => {
    const key = fc.constantFrom('key', 'value', 'name', '_id', '__proto__', '$date', 'number');
    const json = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(0, '', null, 'x', '+27', '1717614350', 1e300, -1),
        fc.jsonValue() as fc.Arbitrary<Json>,
        fc.array(tie('json'), { maxLength: 3 }),
        fc.array(fc.tuple(key, tie('json')), { maxLength: 3 }).map(Object.fromEntries),
      ),
    })).json;
    fc.assert(
      fc.property(fc.constantFrom(...places), json, (path, value) => {
        expectCells(path.reduceRight<Json>((inner, step) => ({ [step]: inner }), value));
      }),
      { numRuns: 2000 },
    );
  });

  test('nor what is nested deeper than the stack', () => {
    const deep = parsed(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    const record = (value: Json, path: readonly string[]): Json =>
      path.reduceRight<Json>((inner, step) => ({ [step]: inner }), value);
    for (const path of places) {
      const contact = { key: 'a', keyless: false, record: record(deep, path), json: '' };
      for (const { read } of columns) read(contact);
    }
    const attributes = record(
      [{ key: 'x', value: deep }],
      ['profile', 'userDetails', 'attributes'],
    );
    const contact = { key: 'a', keyless: false, record: attributes, json: '' };
    expect(parseColumns(['attr.x'])[0]?.read(contact)).toBe('(nested too deeply)');
  });
});

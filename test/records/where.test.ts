import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { usageError } from '../../src/errors.ts';
import { contactColumns } from '../../src/records/contacts/columns.ts';
import { settleTests } from '../../src/records/where.ts';
import type { Json } from '../../src/table.ts';

const zone = 'Africa/Johannesburg';
const frame = {
  zone: () => zone,
  now: new Date('2026-11-22T12:00:00.000Z'),
  columns: contactColumns,
  names: async () => new Map([['segment' as const, new Map([['s1', 'VIP Cape Town']])]]),
};

async function settle(text: string) {
  const [test] = await settleTests([text], frame);
  if (test === undefined) throw new Error('there is no test');
  return test;
}

async function passes(text: string, record: Json): Promise<boolean> {
  const { passes: ask } = await settle(text);
  return ask({ key: 'a', keyless: false, record, json: '' });
}

const person = (details: { readonly [key: string]: Json }, more: object = {}): Json => ({
  profile: { userDetails: details },
  ...more,
});
const attr = (key: string, value: Json) => person({ attributes: [{ key, value }] });

const ann = person(
  {
    name: 'Ann Naidoo',
    tags: ['VIP', 'Cape Town'],
    attributes: [
      { key: 'city', value: 'Durban' },
      { key: 'a=b', value: 'x=y' },
      { key: 'score', value: '12' },
      { key: 'lang', value: ['en', 'zu'] },
      { key: 'lang', value: 'af' },
    ],
  },
  {
    platform: ['WHATSAPP'],
    status: 'OPEN',
    isOnline: false,
    unreadMessages: 3,
    createdAt: '2026-11-01T10:00:00.000Z',
    lastMessage: { by: 'user', at: '2026-10-01T08:00:00.000Z' },
    segments: ['s1', 's2'],
    _agentAssigned: ['a1', 'a2'],
    deep: { list: [{ n: 1 }, 'Two'], none: [] },
  },
);

test.each([
  // Text without regard to case, blanks around it or the way accents are composed.
  ['name=ann naidoo', true],
  [' name = ANN NAIDOO ', true],
  ['name=ann', false],
  ['name!=ann', true],
  ['name!=Ann Naidoo', false],
  ['name~NAIDOO', true],
  ['name!~naidoo', false],
  ['name!~test', true],
  ['platform!=WEBSITE', true],
  // Not split at commas.
  ['name=Ann Naidoo,x', false],
  // Any item of a list; != and !~ are about none of them.
  ['tags=vip', true],
  ['tags~town', true],
  ['tags=VIP; Cape Town', false],
  ['tags!=cold', true],
  ['tags!=vip', false],
  ['tags!~cape', false],
  ['.deep.list=two', true],
  ['.deep.list~"n":1', true],
  ['attr.lang=zu', true],
  ['attr.lang=af', true],
  ['attr.lang=en; zu; af', true],
  ['attr.lang!=en', false],
  ['agent=a2', true],
  ['agent=a', false],
  // Names of ids, ids without one themselves.
  ['segment_names=vip cape town', true],
  ['segment_names=s2', true],
  ['segment_names=s1', false],
  // Attributes and paths; the first operator splits, after a backslash it does not.
  ['attr.city=Durban', true],
  ['attr.city!=Durban', false],
  ['attr.a\\=b=x=y', true],
  ['attr.a\\=b=x\\=y', true],
  ['attr.a\\=b', true],
  ['.lastMessage.by=USER', true],
  // Numbers, also in text.
  ['unread>=3', true],
  ['unread>3', false],
  ['unread<=3', true],
  ['unread<3.5', true],
  ['unread=3', true],
  ['unread=3.0', true],
  ['unread!=3', false],
  ['unread=4', false],
  ['unread<=2', false],
  ['attr.score>9', true],
  ['attr.score<9', false],
  ['name>3', false],
  // Whether there is a value.
  ['name', true],
  ['!name', false],
  ['email', false],
  ['!email', true],
  ['tags', true],
  ['.deep.none', false],
  ['!.deep.none', true],
  ['!last_seen_at', true],
  // Of yes and no, yes.
  ['online', false],
  ['!online', true],
  ['online=no', true],
  ['online=TRUE', false],
  ['online!=true', true],
])('%s: %s', async (text, expected) => expect(await passes(text, ann)).toBe(expected));

test.each([
  ['online', true],
  ['!online', false],
  ['online=yes', true],
  ['online=true', true],
  ['online!=no', true],
  ['online=no', false],
])('of who is online, %s: %s', async (text, expected) => {
  expect(await passes(text, { isOnline: true })).toBe(expected);
});

test('only a list is several values, whatever stands in a text', async () => {
  const two = person({ name: 'Ann; Bob', tags: ['Ann; Bob'] });
  expect(await passes('name=bob', two)).toBe(false);
  expect(await passes('name=ann; bob', two)).toBe(true);
  expect(await passes('tags=bob', two)).toBe(false);
});

test.each([
  ['12', '>9', true],
  [' 12 ', '>9', true],
  ['12.5', '>12.4', true],
  ['-5', '<0', true],
  ['+7', '>6', true],
  ['.25', '<0.3', true],
  ['.25', '>0.24', true],
  ['1e3', '>500', true],
  ['1e10', '>1e9', true],
  ['1e-2', '<.1', true],
  ['1E+2', '>-1.5e1', true],
  // What only a programming language takes for a number.
  ['0x10', '>3', false],
  ['Infinity', '>3', false],
  ['1_000', '>3', false],
  ['12 km', '>3', false],
])('"%s"%s: %s', async (held, rest, expected) => {
  expect(await passes(`attr.score${rest}`, attr('score', held))).toBe(expected);
});

test.each(['=x', '~x', '<3', '>=3', '<30d'])(
  'no value is neither %s nor the opposite of it, but for != and !~',
  async (rest) => {
    expect(await passes(`attr.none${rest}`, ann)).toBe(false);
    for (const value of ['', ' ', null, [], ['']]) {
      expect(await passes(`.here${rest}`, { here: value })).toBe(false);
      expect(await passes('.here', { here: value })).toBe(false);
      expect(await passes('.here!=x', { here: value })).toBe(true);
      expect(await passes('.here!~x', { here: value })).toBe(true);
    }
  },
);

describe('dates', () => {
  const created = (text: string, createdAt: Json) => passes(text, { createdAt });
  // The first of November in Johannesburg.
  const [before, first, last, after] = [
    '2026-10-31T21:59:59.999Z',
    '2026-10-31T22:00:00.000Z',
    '2026-11-01T21:59:59.999Z',
    '2026-11-01T22:00:00.000Z',
  ];

  test.each([
    ['=', [false, true, true, false]],
    ['!=', [true, false, false, true]],
    ['<', [true, false, false, false]],
    ['<=', [true, true, true, false]],
    ['>', [false, false, false, true]],
    ['>=', [false, true, true, true]],
  ])('a bare date is the whole day: created_at%s2026-11-01', async (operator, expected) => {
    const found = [before, first, last, after].map((at) =>
      created(`created_at${operator}2026-11-01`, at),
    );
    expect(await Promise.all(found)).toEqual(expected);
  });

  test.each([
    ['<7d', '2026-11-15T11:59:59.999Z', true],
    ['<7d', '2026-11-15T12:00:00.000Z', false],
    ['<=7d', '2026-11-15T12:00:00.000Z', true],
    ['>7d', '2026-11-15T12:00:00.000Z', false],
    ['>=7d', '2026-11-15T12:00:00.000Z', true],
    ['>=this month', first, true],
    ['>=this month', before, false],
    ['<today', '2026-11-21T21:59:59.999Z', true],
    ['<2 days ago', '2026-11-20T11:59:59.999Z', true],
    ['=2026-11-01T00:00', first, true],
    ['=2026-11-01T00:00', last, false],
    ['!=2026-11-01T00:00Z', first, true],
    ['>2026-11-01T00:00', first, false],
    // However a record spells its time; what is none is not compared.
    ['<7d', 1_600_000_000_000, true],
    ['<7d', '2026-11-01T00:00:00+02:00', true],
    ['<7d', 'long ago', false],
    ['>7d', 'long ago', false],
    ['~2026-11', '2026-11-01T00:00:00.000Z', true],
  ])('created_at%s of %s: %s', async (test_, at, expected) => {
    expect(await created(`created_at${test_}`, at)).toBe(expected);
  });

  test.each([
    ['attr.renewal<2026-12-01', '2026-11-30', true],
    ['attr.renewal<2026-12-01', '2026-12-01', false],
    ['attr.renewal<=2026-12-01', '2026-12-01', true],
    ['attr.renewal=2026-12-01', '2026-12-01T09:30', true],
    // Half past nine there is half past seven in UTC.
    ['attr.renewal<2026-12-01T07:31Z', '2026-12-01 09:30', true],
    ['attr.renewal<2026-12-01T07:30Z', '2026-12-01 09:30', false],
    ['attr.renewal>7d', '2026-11-20T00:00:00Z', true],
    ['attr.renewal>7d', '5', false],
    ['attr.renewal=today', 'Today', true],
  ])('%s of what somebody typed, %s: %s', async (text, value, expected) => {
    expect(await passes(text, attr('renewal', value))).toBe(expected);
  });

  test('are told as the instants that they came to', async () => {
    const day = await settle('created_at=2026-11-01');
    expect(day.span).toEqual({ start: new Date(first), end: new Date(after) });
    expect((await settle('last_message_at<30d')).span?.start).toEqual(
      new Date('2026-10-23T12:00:00.000Z'),
    );
    expect((await settle('name=30d')).span).toBeUndefined();
  });

  test('are known to move with now, or not to', async () => {
    const moves = async (text: string) => (await settle(text)).relative;
    expect(await moves('last_message_at<30d')).toBe(true);
    expect(await moves('created_at>=2026-11-01')).toBe(false);
    expect(await moves('name=now')).toBe(false);
  });
});

test('whatever JSON a record holds: nothing is thrown, and ! is the opposite', async () => {
  const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
  const held = fc.record({
    profile: fc.record({ userDetails: fc.record({ tags: json, name: json, attributes: json }) }),
    status: json,
    createdAt: json,
    unreadMessages: json,
  });
  const column = fc.constantFrom('name', 'tags', 'status', 'attr.x', '.profile', '.createdAt');
  const value = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('3', 'true', '2026-11-01'));
  await fc.assert(
    fc.asyncProperty(held, column, value, async (record, name, text) => {
      const plain = text.replace(/[=~<>!]/g, '\\$&');
      fc.pre(plain.trim() !== '');
      for (const operator of ['=', '~']) {
        const yes = await passes(`${name}${operator}${plain}`, record as Json);
        expect(await passes(`${name}!${operator}${plain}`, record as Json)).toBe(!yes);
      }
      expect(await passes(name, record as Json)).toBe(!(await passes(`!${name}`, record as Json)));
      for (const test_ of ['created_at<7d', 'created_at>=2026-11-01', 'unread>2', '.status<3']) {
        expect(typeof (await passes(test_, record as Json))).toBe('boolean');
      }
    }),
    { numRuns: 60 },
  );
});

describe('what makes no sense is refused, with what to do', () => {
  test.each([
    ['', 'bad-test', '(empty) names no column', 'COLUMN=VALUE'],
    ['!', 'bad-test', 'names no column', 'COLUMN=VALUE'],
    ['=x', 'bad-test', 'names no column', 'COLUMN=VALUE'],
    ['name=', 'bad-test', 'has no value after =', "'!name'"],
    ['name!~ ', 'bad-test', 'has no value after !~', "'!name'"],
    ['!name=x', 'bad-test', 'says ! before a column', 'COLUMN!=VALUE'],
    ['nmae=x', 'unknown-column', 'unknown column: nmae', 'name'],
    ['nosuch', 'unknown-column', 'unknown column: nosuch', 'attr.KEY'],
    ['createdAt<7d', 'unknown-column', 'unknown column: createdAt', 'created_at'],
    ['city Durban', 'unknown-column', 'unknown column: city Durban', 'attr.KEY'],
    ['attrs~x', 'bad-test', 'names several columns', 'attr.city'],
    ['all', 'bad-test', 'names several columns', 'attr.city'],
    ['unread', 'bad-test', 'tests nothing: unread is a number', "'unread>3'"],
    [
      'last_message_at',
      'bad-test',
      'tests nothing: last_message_at is a time',
      "quotes, as in 'last_message_at>30d'",
    ],
    ['name<m', 'bad-test', 'compares with neither a number nor a date', '7d'],
    ['created_at<soon', 'bad-test', 'compares with neither a number nor a date', '7d'],
    ['created_at<30', 'bad-test', 'compares with neither', '1mo'],
    ['created_at=x', 'bad-test', 'compares with neither', '7d'],
    ['created_at>2026-02-30', 'bad-test', 'there is no such date or time', '7d'],
    ['attr.x=2026-02-30', 'bad-test', 'there is no such date or time', '7d'],
    ['created_at=7d', 'bad-test', 'asks for an exact instant', "'created_at>7d'"],
    ['unread>7d', 'bad-test', 'compares a number', 'unread>=3'],
    ['unread=many', 'bad-test', 'compares a number', 'unread>=3'],
    ['online=maybe', 'bad-test', 'compares with neither true nor false', 'true or false'],
    ['online=untrue', 'bad-test', 'compares with neither true nor false', 'true or false'],
    ['online=trueish', 'bad-test', 'compares with neither true nor false', 'true or false'],
    ['online!=nobody', 'bad-test', 'compares with neither true nor false', 'true or false'],
    ['online=casino', 'bad-test', 'compares with neither true nor false', 'true or false'],
    ['created_at>9999y', 'bad-test', ': too far away: 9999y', '7d'],
  ])('%s', async (text, code, message, hint) => {
    const refused = settle(text);
    await expect(refused).rejects.toMatchObject({ exit: 2, code });
    await expect(refused).rejects.toMatchObject({ message: expect.stringContaining(message) });
    await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining(hint) });
  });

  test.each([
    usageError('there is no zone called Durban', 'name one', 'bad-zone'),
    new Error('a bug of ours'),
  ])('a wrong zone is told as such, and so is a bug: %s', async (failure) => {
    const zone = () => {
      throw failure;
    };
    for (const text of ['created_at<7d', 'created_at=2026-11-01']) {
      await expect(settleTests([text], { ...frame, zone })).rejects.toBe(failure);
    }
  });
});

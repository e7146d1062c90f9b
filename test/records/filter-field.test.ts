import { describe, expect, test } from 'vitest';
import { contactColumns } from '../../src/records/contacts/columns.ts';
import { contactFilters } from '../../src/records/contacts/filters.ts';
import { requestBody } from '../../src/records/contacts/request-body.ts';
import {
  type AnyFilterField,
  type FilterFrame,
  type FilterOptions,
  isId,
  isTyped,
  narrowedTo,
  settleFilters,
  typedFilters,
} from '../../src/records/filter-field.ts';
import type { ServiceRecord } from '../../src/records/record.ts';
import { contactPage } from '../support/page.ts';

const id = '65d1000000000000005e6001';
const frame: FilterFrame = {
  zone: () => 'UTC',
  now: new Date('2026-11-20T12:00:00Z'),
  find: async () => {
    throw new Error('nothing had to be looked up');
  },
  columns: contactColumns,
  names: async () => new Map(),
};
const settle = (typed: FilterOptions) => settleFilters(contactFilters, typed, frame);

test('of the options of a command, the filters that were given count', () => {
  const options = {
    tag: ['vip'],
    online: false,
    status: undefined,
    columns: 'id',
    output: 'x.csv',
  };
  expect(typedFilters(contactFilters, options)).toEqual({ tag: ['vip'], online: false });
});

describe('what is said of a filter', () => {
  test.each<readonly [FilterOptions, object]>([
    [{ online: true }, { flag: '--online', local: false, moves: false, told: [] }],
    [{ online: false }, { flag: '--no-online' }],
    [{ allChats: false }, { flag: '--contacts-only' }],
    [{ tag: ['vip'] }, { flag: '--tag', told: [], columns: [], moves: false }],
    [{ createdAfter: '7d' }, { moves: true, told: ['2026-11-13T12:00:00.000Z'] }],
    [{ createdAfter: '2026-11-01' }, { moves: false, told: ['2026-11-01T00:00:00.000Z'] }],
    [{ where: ['name~x'] }, { flag: '--where', local: true, moves: false, told: ['name~x'] }],
    [
      { where: ['name~x', 'last_message_at<30d'] },
      { moves: true, told: ['name~x', 'last_message_at<30d: 2026-10-21T12:00:00.000Z'] },
    ],
    [
      { where: ['created_at=2026-11-01'] },
      {
        moves: false,
        told: ['created_at=2026-11-01: 2026-11-01T00:00:00.000Z to 2026-11-02T00:00:00.000Z'],
      },
    ],
    [
      { where: ['attr.city=Durban', '!email'] },
      { columns: [{ name: 'attr.city' }, { name: 'email' }] },
    ],
  ])('%j', async (typed, expected) => {
    expect((await settle(typed))[0]).toMatchObject(expected);
  });
});

test('each filter counts once, those for which the service may be asked last', async () => {
  const typed = { segment: ['VIP'], where: ['name~x'], tag: ['vip'], createdAfter: '7d' };
  const find = async () => [{ id, name: 'VIP' }];
  const filter = await settleFilters(contactFilters, typed, { ...frame, find });
  expect(filter.map(({ name }) => name)).toEqual(['tag', 'createdAfter', 'where', 'segment']);
});

describe('two dates', () => {
  test.each<FilterOptions>([
    { tag: ['vip'], createdAfter: '2d', createdBefore: '1d' },
    { seenAfter: '2d', seenBefore: '1d' },
    { createdAfter: '1d', seenBefore: '2d' },
    { orderedAfter: '1d', createdBefore: '2d' },
  ])('that something can lie between, or of other windows, go together: %j', async (typed) => {
    expect(await settle(typed)).toHaveLength(Object.keys(typed).length);
  });

  test.each<readonly [FilterOptions, string]>([
    [{ createdAfter: '1d', createdBefore: '2d' }, '--created-after 2026-11-19T12:00:00.000Z'],
    [{ seenAfter: '1d', seenBefore: '1d' }, '--seen-after 2026-11-19T12:00:00.000Z'],
  ])('that nothing can lie between are refused: %j', async (typed, message) => {
    await expect(settle(typed)).rejects.toMatchObject({
      exit: 2,
      message: expect.stringContaining(`${message} is not before`),
      hint: expect.stringContaining('swap'),
    });
  });
});

describe('records since a date', () => {
  const from = new Date('2026-11-10T00:00:00Z');
  const asked = async (typed: FilterOptions) => {
    const filter = narrowedTo(await settle(typed), contactFilters, 'createdAfter', from);
    return { names: filter.map(({ name }) => name), body: requestBody(filter) };
  };
  const since = (startAt: string, endsAt = '') => ({ createdAt: { startAt, endsAt } });

  test.each<readonly [FilterOptions, readonly string[], object]>([
    [{}, ['createdAfter'], since('2026-11-09T23:59:59.000Z')],
    [{ online: true }, ['online', 'createdAfter'], since('2026-11-09T23:59:59.000Z')],
    [
      { createdBefore: '2026-11-12' },
      ['createdBefore', 'createdAfter'],
      since('2026-11-09T23:59:59.000Z', '2026-11-12T00:00:01.000Z'),
    ],
    // An earlier date gives way, a later one stands.
    [{ createdAfter: '2026-11-01' }, ['createdAfter'], since('2026-11-09T23:59:59.000Z')],
    [{ createdAfter: '2026-11-15' }, ['createdAfter'], since('2026-11-14T23:59:59.000Z')],
  ])('are asked for beside %j', async (typed, names, body) => {
    const found = await asked(typed);
    expect(found.names).toEqual(names);
    expect(found.body).toMatchObject(body);
  });

  test('are held against what was typed alone, since nobody typed the date', async () => {
    const text = '{"data":[{"_id":"a","createdAt":"2026-11-05T00:00:00.000Z"}]}';
    const [old] = contactPage(text).records;
    const checked = async (typed: FilterOptions) =>
      narrowedTo(await settle(typed), contactFilters, 'createdAfter', from).map((it) =>
        it.check?.(old as ServiceRecord),
      );
    expect(await checked({})).toEqual([undefined]);
    expect(await checked({ createdAfter: '2026-11-01' })).toEqual([undefined]);
    expect(await checked({ createdAfter: '2026-11-07' })).toEqual(['unapplied']);
  });
});

test.each<readonly [keyof typeof contactFilters, readonly unknown[], readonly unknown[]]>([
  ['search', ['x', ''], [true, ['x'], null, undefined]],
  ['createdAfter', ['7d'], [7, null]],
  ['online', [true, false], ['true', null]],
  ['body', [{}, { a: 1 }], [[], null, '{}']],
  ['tag', [['a', 'b'], []], ['a', [1], ['a', 1], null, { length: 0 }]],
  ['segment', [['a']], ['a', [null]]],
  ['botWebsite', [[id]], [id]],
  ['where', [['name']], ['name', [true]]],
])('of a stored %s, %j are what its flag makes and %j are not', (name, valid, invalid) => {
  const field = contactFilters[name] as AnyFilterField;
  expect(valid.filter((value) => !isTyped(field, value))).toEqual([]);
  expect(invalid.filter((value) => isTyped(field, value))).toEqual([]);
});

test.each([
  [id, true],
  [id.toUpperCase(), true],
  [`${id}0`, false],
  [`0${id}`, false],
  [id.slice(1), false],
  [`${id.slice(1)}g`, false],
])('%s may be an id: %s', (text, expected) => expect(isId(text)).toBe(expected));

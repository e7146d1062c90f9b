import { describe, expect, test } from 'vitest';
import { contactColumns } from '../../src/records/contacts/columns.ts';
import { contactFilters, knownStatuses } from '../../src/records/contacts/filters.ts';
import {
  type FilterFrame,
  type FilterOptions,
  settleFilters,
} from '../../src/records/filter-field.ts';

const id = '65d1000000000000005e6001';
const other = '65d1000000000000005e6002';

type LookUp = readonly [directory: string, names: readonly string[]];

async function settle(typed: FilterOptions, lookedUp: LookUp[] = []) {
  const frame: FilterFrame = {
    zone: () => 'UTC',
    now: new Date('2026-11-20T12:00:00Z'),
    find: async (directory, names) => {
      lookedUp.push([directory, names]);
      return names.map((name) => ({ id: other, name }));
    },
    columns: contactColumns,
    names: async () => new Map(),
  };
  return { filter: await settleFilters(contactFilters, typed, frame), lookedUp };
}

describe('an unset variable in a script does not turn into everything', () => {
  test.each<readonly [FilterOptions, string]>([
    [{ search: ' ' }, '--search'],
    [{ tag: [] }, '--tag'],
    [{ tag: ['vip', ''] }, '--tag'],
    [{ segment: [' '] }, '--segment'],
    [{ botWebsite: [] }, '--bot-website'],
  ])('%j', async (typed, flag) => {
    await expect(settle(typed)).rejects.toMatchObject({
      exit: 2,
      message: `${flag} is empty`,
      hint: `give it a value, or leave ${flag} out for no such filter`,
    });
  });
});

test.each(['42', 'my bot', `${id}0`])('%s is no id of a bot', async (typed) => {
  await expect(settle({ botTelegram: [id, typed] })).rejects.toMatchObject({
    exit: 2,
    code: 'bad-id',
    message: `--bot-telegram takes the id of a bot, 24 hexadecimal digits: ${typed}`,
    hint: expect.stringContaining('dashboard'),
  });
});

test.each<readonly [FilterOptions, object, readonly unknown[]]>([
  [{ segment: [id] }, { segments: [id] }, []],
  [{ segment: ['VIP', id, 'VIP'] }, { segments: [id, other] }, [['segment', ['VIP']]]],
  [{ agent: ['Nomsa'] }, { _agentAssigned: [other] }, [['agent', ['Nomsa']]]],
])('of %j only names are looked up, each once', async (typed, body, expected) => {
  const { filter, lookedUp } = await settle(typed);
  expect(filter[0]?.body).toEqual(body);
  expect(lookedUp).toEqual(expected);
});

test('a mistake is told before the service is asked for names', async () => {
  const lookedUp: LookUp[] = [];
  const settled = settle({ agent: ['Nomsa'], where: ['nosuch'] }, lookedUp);
  await expect(settled).rejects.toMatchObject({ code: 'unknown-column' });
  expect(lookedUp).toEqual([]);
});

test('beside those of a view, only tests add up', () => {
  const adding = Object.entries(contactFilters).filter(
    ([, field]) => 'adds' in field && field.adds,
  );
  expect(adding.map(([name]) => name)).toEqual(['where']);
});

test('a shell completes dates, statuses and who spoke last, and nothing else', () => {
  const dates = ['today', 'yesterday', '24h', '7d', '30d'];
  const completed = Object.entries(contactFilters).flatMap(([name, { completion }]) =>
    completion.length > 0 ? [[name, completion]] : [],
  );
  expect(Object.fromEntries(completed)).toEqual({
    status: knownStatuses,
    orderedAfter: dates,
    createdAfter: dates,
    createdBefore: dates,
    seenAfter: dates,
    seenBefore: dates,
    lastMessageBy: ['user', 'bot'],
  });
});

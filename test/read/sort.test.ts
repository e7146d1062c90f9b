import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sortedRecords } from '../../src/read/sort.ts';
import { column } from '../../src/records/columns.ts';
import { at, type ServiceRecord } from '../../src/records/record.ts';
import type { Json } from '../../src/table.ts';

const byValue = column('value', 'json', ({ record }) => at(record, 'value') ?? null);

async function* pagesOf(values: readonly Json[], size: number) {
  for (let from = 0; from < values.length; from += size) {
    yield values
      .slice(from, from + size)
      .map((value, n): ServiceRecord => recordOf(`${from + n}`, value));
  }
}

function recordOf(key: string, value: Json): ServiceRecord {
  return { key, keyless: false, record: { value }, json: '' };
}

/** The values in their new order with the places that they came from, and how many there were if cut. */
async function sorted(
  values: readonly Json[],
  limit = Infinity,
  descending = false,
  size = 3,
  by = byValue,
) {
  let cut: number | undefined;
  const sorting = { column: by, descending };
  const all: string[] = [];
  const pages = sortedRecords(pagesOf(values, size), sorting, limit, (count) => {
    cut = count;
  });
  for await (const page of pages) {
    all.push(...page.map(({ key, record }) => `${at(record, 'value')}@${key}`));
  }
  return { all, cut };
}

test('numbers by their size, text without regard to case, none last both ways', async () => {
  expect((await sorted([10, 9, null, 100])).all).toEqual(['9@1', '10@0', '100@3', 'null@2']);
  const words = ['b', 'A', '', 'a10', 'a9'];
  expect((await sorted(words)).all).toEqual(['A@1', 'a9@4', 'a10@3', 'b@0', '@2']);
  const down = await sorted(words, Infinity, true);
  expect(down.all).toEqual(['b@0', 'a10@3', 'a9@4', 'A@1', '@2']);
});

test('numbers that are text, as attributes are, by their size and before words', async () => {
  const prices = ['b', '1.5', '-5', '1.25', '10', '-10', 'a', 2];
  expect((await sorted(prices)).all.map((value) => value.replace(/@.*/, ''))).toEqual([
    '-10',
    '-5',
    '1.25',
    '1.5',
    '2',
    '10',
    'a',
    'b',
  ]);
});

test('ids as they count up, though their digits are hexadecimal', async () => {
  const ids = ['66a1e0', '6a0000', '66b000', '610000', '9'];
  const { all } = await sorted(ids, Infinity, false, 3, column('id', 'id', byValue.read));
  expect(all).toEqual(['9@4', '610000@3', '66a1e0@0', '66b000@2', '6a0000@1']);
});

test('the first of all, and how many those are; equal ones stay in their order', async () => {
  const values = [3, 1, 2, 1, 3, 1];
  expect(await sorted(values, 2)).toEqual({ all: ['1@1', '1@3'], cut: 6 });
  expect(await sorted(values, 4, true)).toEqual({ all: ['3@0', '3@4', '2@2', '1@1'], cut: 6 });
  expect((await sorted(values, 6)).cut).toBeUndefined();
  expect(await sorted([], 2)).toEqual({ all: [], cut: undefined });
});

describe('however many there are', () => {
  test('the order is that of a stable sort', async () => {
    const values = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 300 });
    const repeat = fc.integer({ min: 1, max: 60 });
    const limit = fc.integer({ min: 1, max: 20_000 });
    await fc.assert(
      fc.asyncProperty(values, repeat, limit, fc.boolean(), async (some, times, most, down) => {
        const all = Array.from({ length: times }, () => some).flat();
        const expected = all
          .map((value, key) => ({ value, key }))
          .sort((one, other) => (down ? other.value - one.value : one.value - other.value))
          .slice(0, most)
          .map(({ value, key }) => `${value}@${key}`);
        expect((await sorted(all, most, down, 500)).all).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

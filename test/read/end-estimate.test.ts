import { expect, test } from 'vitest';
import { estimateRecords } from '../../src/read/end-estimate.ts';

/** An account of so many records, 50 a page, and which of its pages are looked at, round by round. */
function account(records: number, size = 50) {
  const rounds: number[][] = [];
  let last: number[] | undefined;
  const lengthOf = async (page: number) => {
    if (last === undefined) {
      last = [];
      rounds.push(last);
      setImmediate(() => {
        last = undefined;
      });
    }
    last.push(page);
    await new Promise((resolve) => setImmediate(resolve));
    return Math.max(0, Math.min(size, records - (page - 1) * size));
  };
  return { lengthOf, rounds };
}

test.each([400, 401, 450, 451, 799, 8000, 12_345, 100_000, 1_000_000, 5_000_000])(
  '%i records are known within 2 % and a page, and never too few',
  async (records) => {
    for (const width of [1, 2, 3, 4, 32]) {
      const { lengthOf } = account(records);
      const found = await estimateRecords({ page: 8, size: 50 }, { lengthOf, width: () => width });
      expect(found).toBeGreaterThanOrEqual(records);
      expect(found).toBeLessThanOrEqual(records * 1.021 + 50);
    }
  },
);

test('few looks will do, several at once, and fewer where fewer may be under way', async () => {
  const four = account(50_000);
  await estimateRecords({ page: 8, size: 50 }, { lengthOf: four.lengthOf, width: () => 4 });
  expect(four.rounds.length).toBeLessThanOrEqual(5);
  expect(four.rounds.flat().length).toBeLessThanOrEqual(20);
  expect(new Set(four.rounds.flat()).size).toBe(four.rounds.flat().length);
  expect(four.rounds.flat().every((page) => page > 8)).toBe(true);
  const one = account(50_000);
  await estimateRecords({ page: 8, size: 50 }, { lengthOf: one.lengthOf, width: () => 0 });
  expect(one.rounds.every((pages) => pages.length === 1)).toBe(true);
  expect(one.rounds.length).toBeLessThanOrEqual(12);
});

test('a last page that is shorter than the others does not make all of them short', async () => {
  const { lengthOf } = account(451);
  expect(await estimateRecords({ page: 9, size: 50 }, { lengthOf, width: () => 3 })).toBe(500);
});

test('an account that ends where the walk is holds what was read', async () => {
  const { lengthOf } = account(400);
  expect(await estimateRecords({ page: 8, size: 50 }, { lengthOf, width: () => 4 })).toBe(400);
});

test('a service without end has no number', async () => {
  const looks = { lengthOf: async () => 50, width: () => 4 };
  expect(await estimateRecords({ page: 8, size: 50 }, looks)).toBeUndefined();
});

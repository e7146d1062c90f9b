import { describe, expect, test } from 'vitest';
import { type EndEstimate, estimateEnd, looksAllowed } from '../../src/read/end-estimate.ts';

interface Account {
  /** How many pages hold something. */
  readonly pages: number;
  readonly reached?: () => number;
  readonly width?: number;
  /** What a page answers in place of what it holds. */
  readonly answer?: (page: number) => readonly string[] | undefined | 'as it is';
}

/** What is looked at, round by round, and what is known after each. */
async function estimate({ pages, reached = () => 1, width = 8, answer }: Account) {
  const rounds: number[][] = [];
  const known: EndEstimate[] = [];
  const estimates = estimateEnd({
    reached,
    async look(page) {
      rounds.at(-1)?.push(page);
      const own = answer?.(page) ?? (answer === undefined ? 'as it is' : undefined);
      if (own !== 'as it is') return own;
      return page <= pages ? [`${page}`] : [];
    },
    async turn(made) {
      rounds.push([]);
      return looksAllowed({ made, pages: 10_000, width, spaced: false });
    },
  });
  for await (const end of estimates) known.push(end);
  return { rounds, known, looks: rounds.flat() };
}

const sizes = [1, 2, 8, 15, 16, 17, 40, 160, 240, 256, 1000, 2000, 20_000, 100_000];

test.each(sizes)('%i pages are known within 3 % and a page, and never too few', async (pages) => {
  for (const width of [2, 3, 8, 64]) {
    const { known } = await estimate({ pages, width });
    const end = known.at(-1);
    expect(end?.rough).toBe(false);
    expect(end?.pages).toBeGreaterThanOrEqual(pages);
    expect(end?.pages).toBeLessThanOrEqual(pages * 1.031 + 1);
  }
});

test.each(sizes)(
  '%i pages are known roughly after a round, or few more where there are many',
  async (pages) => {
    const { rounds, known } = await estimate({ pages });
    expect(rounds[0]).toEqual([16, 64, 256]);
    const before = rounds.length - known.length;
    expect(before).toBe(pages < 256 ? 0 : pages < 4096 ? 1 : pages < 65_536 ? 2 : 3);
    const [first] = known;
    // Between one page and the 16th nothing can be told but that little is left.
    if (pages < 16) expect(first?.pages).toBeLessThan(16);
    else expect(Math.abs(Math.log2((first?.pages ?? 0) / pages))).toBeLessThanOrEqual(1.01);
  },
);

test('few looks will do, and each page is looked at but once', async () => {
  for (const pages of sizes) {
    const { looks } = await estimate({ pages });
    expect(looks.length).toBeLessThanOrEqual(19);
    expect(new Set(looks).size).toBe(looks.length);
  }
  expect((await estimate({ pages: 240 })).looks.length).toBeLessThanOrEqual(11);
});

test('what the walk has read meanwhile is not looked at', async () => {
  let reached = 0;
  const { looks } = await estimate({ pages: 240, reached: () => (reached += 70) });
  expect(looks.every((page) => page > 70)).toBe(true);
});

test('an end that the walk passes was none', async () => {
  let rounds = 0;
  const { known } = await estimate({
    pages: 500,
    reached: () => (++rounds < 3 ? 10 : 300),
    answer: (page) => (page === 256 && rounds < 3 ? [] : 'as it is'),
  });
  expect(known.at(-1)?.pages).toBeGreaterThanOrEqual(500);
});

test('a page that cannot be had leaves what the others tell', async () => {
  const { known, looks } = await estimate({
    pages: 240,
    answer: (page) => (page === 64 ? undefined : 'as it is'),
  });
  expect(known.at(-1)).toMatchObject({ rough: false });
  expect(looks.length).toBeLessThanOrEqual(20);
});

describe('nothing is known, and the looking ends, when', () => {
  test('pages never end', async () => {
    const { known, looks } = await estimate({ pages: Number.POSITIVE_INFINITY });
    expect(known).toEqual([]);
    expect(looks.length).toBeLessThanOrEqual(15);
  });

  test('the last page is given for each beyond it', async () => {
    const { known, rounds } = await estimate({
      pages: 40,
      answer: (page) => [`${Math.min(40, page)}`],
    });
    expect(known).toEqual([]);
    expect(rounds).toEqual([[16, 64, 256]]);
  });

  test('no page can be had', async () => {
    const { known, looks } = await estimate({ pages: 40, answer: () => undefined });
    expect(known).toEqual([]);
    expect(looks.length).toBeLessThanOrEqual(41);
  });
});

describe('how many looks a walk can bear', () => {
  test.each([
    // At the first answer, of four requests that may be under way then.
    [{ made: 0, pages: 0, width: 4, spaced: false }, 3],
    [{ made: 0, pages: 0, width: 2, spaced: false }, 1],
    [{ made: 3, pages: 1, width: 8, spaced: false }, 0],
    [{ made: 3, pages: 8, width: 8, spaced: false }, 2],
    [{ made: 13, pages: 41, width: 8, spaced: false }, 0],
    // One after the other, each in the place of a page.
    [{ made: 0, pages: 7, width: 1, spaced: false }, 0],
    [{ made: 0, pages: 8, width: 1, spaced: false }, 1],
    [{ made: 0, pages: 7, width: 8, spaced: true }, 0],
    [{ made: 1, pages: 15, width: 8, spaced: true }, 0],
    [{ made: 1, pages: 80, width: 8, spaced: true }, 1],
  ])('%j: %i', (facts, looks) => {
    expect(looksAllowed(facts)).toBe(looks);
  });
});

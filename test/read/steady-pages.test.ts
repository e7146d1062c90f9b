import { describe, expect, it } from 'vitest';
import type { Page } from '../../src/read/course.ts';
import { SteadyPages } from '../../src/read/steady-pages.ts';
import { ModelAccount } from '../support/model-account.ts';

/** The pages taken up to `count`, and what was asked for, with a `!` where no log may keep it. */
async function take(
  account: ModelAccount,
  count: number,
  { width = 4, needed = count }: { width?: number; needed?: number } = {},
) {
  const pages = new SteadyPages({
    ask: (page, afresh) =>
      account.fetchPage({ round: '', page, afresh }, new AbortController().signal),
    width: () => width,
    lastNeeded: () => needed,
  });
  const taken: Page[] = [];
  for (let page = 1; page <= count; page += 1) taken.push(await pages.take(page));
  const ids = taken.map((page) => page.map(({ key }) => key));
  return { ids, asked: account.requests.map((request) => request.slice(1)).join(' ') };
}

function pagesOf({ ids, pageSize }: ModelAccount, count: number): string[][] {
  return Array.from({ length: count }, (_, index) =>
    ids.slice(index * pageSize, (index + 1) * pageSize),
  );
}

describe('pages in which no row is passed over', () => {
  it('come several at a time, the last of them asked for before and after the others', async () => {
    const account = new ModelAccount(100, 10);
    const { ids, asked } = await take(account, 9);
    expect(ids).toEqual(pagesOf(account, 9));
    expect(asked).toBe('8! 1! 2! 3! 4! 5! 6! 7! 8! 9');
  });

  it('come one by one where fewer than eight are needed', async () => {
    expect((await take(new ModelAccount(100, 10), 7)).asked).toBe('1 2 3 4 5 6 7');
    expect((await take(new ModelAccount(100, 10), 8, { width: 3 })).asked).toBe('1 2 3 4 5 6 7 8');
  });

  it('come one by one where a row moved meanwhile', async () => {
    const account = new ModelAccount(200, 10);
    account.before = (request) => {
      if (request === 5) account.ids.unshift('new');
    };
    const { ids, asked } = await take(account, 8);
    expect(ids).toEqual(pagesOf(account, 8));
    expect(asked).toBe('8! 1! 2! 3! 4! 5! 6! 7! 8! 1 2 3 4 5 6 7 8');
  });

  it('come one by one where one of them is shorter than the others', async () => {
    for (const short of [1, 4, 7]) {
      const account = new ModelAccount(100, 10);
      const ask = account.fetchPage;
      let looks = 0;
      Object.assign(account, {
        fetchPage: async (...request: Parameters<typeof ask>) => {
          const page = await ask(...request);
          if (request[0].page !== short) return page;
          looks += 1;
          return looks === 1 ? page.slice(0, 3) : page;
        },
      });
      const { asked, ids } = await take(account, 8);
      expect(ids).toEqual(pagesOf(account, 8));
      expect(asked).toBe('8! 1! 2! 3! 4! 5! 6! 7! 8! 1 2 3 4 5 6 7 8');
    }
  });

  it('come one by one where the pages end', async () => {
    const account = new ModelAccount(75, 10);
    const { ids, asked } = await take(account, 8, { needed: 20 });
    expect(ids).toEqual(pagesOf(account, 8));
    expect(asked).toBe('8! 1! 2! 3! 4! 5! 6! 7! 8!');
    expect((await take(new ModelAccount(55, 10), 6, { needed: 20 })).asked).toBe('8! 1 2 3 4 5 6');
  });

  it('come one by one where one fails, so that it fails only if it is needed', async () => {
    const account = new ModelAccount(100, 10);
    account.before = () => {
      if (account.requests.at(-1)?.startsWith(':7')) throw new Error('refused');
    };
    const pages = take(account, 6, { needed: 8 });
    expect((await pages).ids).toEqual(pagesOf(account, 6));
    await expect(take(account, 8)).rejects.toThrow('refused');
  });
});

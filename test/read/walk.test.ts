import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Walk, type WalkOptions } from '../../src/read/walk.ts';
import { contactOf, keysOf, ModelAccount, objectId } from '../support/model-account.ts';

function walkOver(account: ModelAccount, options: Partial<WalkOptions> = {}): Walk {
  return new Walk({
    fetchPage: account.fetchPage,
    width: () => 4,
    signal: new AbortController().signal,
    care: 'front',
    ...options,
  });
}

describe('a walk over an account that does not change', () => {
  for (const count of [0, 1, 2, 3, 49, 50, 51, 1000]) {
    it(`brings each of ${count} contacts once, in order`, async () => {
      const account = new ModelAccount(count, 50);
      const walk = walkOver(account);
      expect(await keysOf(walk.pages())).toEqual(account.ids);
      expect(walk.tally).toMatchObject({ unique: count, late: 0, ended: true });
    });
  }

  it('delivers in order although pages answer in any order', async () => {
    const account = new ModelAccount(200, 10);
    account.before = (request) => sleep((request * 7) % 5);
    expect(await keysOf(walkOver(account).pages())).toEqual(account.ids);
  });

  it('takes a short page for what it is, not for the end', async () => {
    const pages = [['a', 'b'], ['c'], ['d', 'e'], []];
    const walk = walkOver(new ModelAccount(0, 1), {
      fetchPage: async ({ page }) => (pages[page - 1] ?? []).map(contactOf),
    });
    expect(await keysOf(walk.pages())).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('asks again for an empty page when a later one holds contacts', async () => {
    const account = new ModelAccount(100, 10);
    let hiccups = 1;
    const walk = walkOver(account, {
      fetchPage: async (request, signal) => {
        if (request.page === 3 && hiccups-- > 0) {
          await sleep(20);
          return [];
        }
        return account.fetchPage(request, signal);
      },
    });
    expect(await keysOf(walk.pages())).toEqual(account.ids);
  });

  it('fails with exit 8 when a page stays empty although a later one holds contacts', async () => {
    const account = new ModelAccount(100, 10);
    const walk = walkOver(account, {
      fetchPage: async (request, signal) => {
        if (request.page === 3) return sleep(20, []);
        return account.fetchPage(request, signal);
      },
    });
    await expect(keysOf(walk.pages())).rejects.toMatchObject({ exit: 8, code: 'missing-page' });
  });

  it('asks for one page only when the reader wants no more', async () => {
    const account = new ModelAccount(1000, 50);
    let width = 1;
    const walk = walkOver(account, {
      width: () => width,
      care: 'once',
      fetchPage: async (request, signal) => {
        const contacts = await account.fetchPage(request, signal);
        width += 1;
        return contacts;
      },
    });
    for await (const page of walk.pages()) {
      expect(page).toHaveLength(50);
      break;
    }
    expect(account.requests).toEqual(['1:1']);
  });

  it('holds a bounded number of pages for a slow reader', async () => {
    const account = new ModelAccount(10_000, 10);
    let taken = 0;
    for await (const _ of walkOver(account).pages()) {
      taken += 1;
      if (taken === 20) break;
      await sleep(1);
    }
    expect(account.requests.length).toBeLessThanOrEqual(20 + 8);
  });

  it('fails with a page that cannot be had, after delivering those before it', async () => {
    const account = new ModelAccount(100, 10);
    const walk = walkOver(account, {
      fetchPage: async (request, signal) => {
        if (request.page === 4) throw new Error('page 4 is gone');
        return account.fetchPage(request, signal);
      },
    });
    const keys: string[] = [];
    await expect(async () => {
      for await (const page of walk.pages()) keys.push(...page.map(({ key }) => key));
    }).rejects.toThrow('page 4 is gone');
    expect(keys).toEqual(account.ids.slice(0, 30));
  });

  it('does not mind failures of pages past the end', async () => {
    const account = new ModelAccount(30, 10);
    const walk = walkOver(account, {
      fetchPage: async (request, signal) => {
        if (request.page > 4) throw new Error('past the end');
        return account.fetchPage(request, signal);
      },
    });
    expect(await keysOf(walk.pages())).toEqual(account.ids);
  });
});

describe('a walk over an account that changes', () => {
  it('brings rows that were repeated by an insert once, and the new contact too', async () => {
    const account = new ModelAccount(100, 10);
    account.before = (request) => {
      if (request === 3) account.ids.unshift(objectId(1001));
    };
    const keys = await keysOf(walkOver(account, { width: () => 1 }).pages());
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(keys)).toEqual(new Set(account.ids));
  });

  it('misses nobody when pages answer out of order around an insert', async () => {
    const account = new ModelAccount(100, 10);
    const answered = new Map<number, () => void>();
    const fourth = new Promise<void>((resolve) => answered.set(4, resolve));
    const walk = walkOver(account, {
      fetchPage: async (request, signal) => {
        const first = request.round === '1';
        if (first && request.page === 3) {
          await fourth;
          account.ids.unshift(objectId(1001));
        }
        const contacts = await account.fetchPage(request, signal);
        if (first) answered.get(request.page)?.();
        return contacts;
      },
    });
    const keys = await keysOf(walk.pages());
    expect(new Set(keys)).toEqual(new Set(account.ids));
    expect(keys).toHaveLength(account.ids.length);
  });

  it('finds what moved to the front behind its back', async () => {
    const account = new ModelAccount(100, 10);
    account.before = (request) => {
      if (request === 3) account.ids.unshift(...account.ids.splice(90, 1));
    };
    const walk = walkOver(account, { width: () => 1 });
    expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
    expect(walk.tally.late).toBe(1);
  });

  it('misses what a deletion shifted, unless it verifies', async () => {
    const run = async (care: 'front' | 'verify') => {
      const account = new ModelAccount(100, 10);
      const victim = objectId(98);
      account.before = (request) => {
        if (request === 5) account.ids = account.ids.filter((id) => id !== victim);
      };
      const walk = walkOver(account, { width: () => 1, care });
      const keys = new Set(await keysOf(walk.pages()));
      return { missed: account.ids.filter((id) => !keys.has(id)), tally: walk.tally };
    };
    expect((await run('front')).missed).toHaveLength(1);
    const verified = await run('verify');
    expect(verified.missed).toEqual([]);
    expect(verified.tally).toMatchObject({ stable: true, late: 1 });
  });

  it('ends where the account ends now when a page full of contacts went away meanwhile', async () => {
    const account = new ModelAccount(60, 10);
    const walk = walkOver(account, {
      care: 'verify',
      fetchPage: async (request, signal) => {
        if (request.round === '1' && request.page === 3) {
          await sleep(20);
          account.ids = account.ids.slice(30, 50);
        }
        return account.fetchPage(request, signal);
      },
    });
    const keys = await keysOf(walk.pages());
    expect(keys).toEqual(expect.arrayContaining(account.ids));
    expect(walk.tally).toMatchObject({ ended: true, stable: true });
  });

  it('needs two walks to call a quiet account stable', async () => {
    const walk = walkOver(new ModelAccount(100, 10), { care: 'verify' });
    await keysOf(walk.pages());
    expect(walk.tally).toMatchObject({ walks: 2, stable: true, unique: 100 });
  });

  it('gives up after five walks when contacts that existed keep turning up', async () => {
    let number = 0;
    const walk = walkOver(new ModelAccount(0, 1), {
      care: 'verify',
      fetchPage: async ({ page }) => {
        number += 1;
        return page === 1 ? [contactOf(`found ${number}`), contactOf('known')] : [];
      },
    });
    await keysOf(walk.pages());
    expect(walk.tally).toMatchObject({ walks: 5, stable: false });
  });
});

describe('a service that repeats itself', () => {
  it('is recognised when it ignores page numbers', async () => {
    const account = new ModelAccount(100, 10);
    const walk = walkOver(account, {
      fetchPage: ({ round }, signal) => account.fetchPage({ round, page: 1 }, signal),
    });
    await expect(keysOf(walk.pages())).rejects.toMatchObject({
      exit: 8,
      code: 'repeating-service',
    });
    expect(account.requests.length).toBeLessThan(20);
  });

  it('is recognised when it repeats the last page past the end', async () => {
    const account = new ModelAccount(100, 10);
    const walk = walkOver(account, {
      fetchPage: ({ round, page }, signal) =>
        account.fetchPage({ round, page: Math.min(page, 10) }, signal),
    });
    await expect(keysOf(walk.pages())).rejects.toMatchObject({ exit: 8 });
  });

  it('is recognised when it goes round in circles', async () => {
    const account = new ModelAccount(100, 10);
    const walk = walkOver(account, {
      fetchPage: ({ round, page }, signal) =>
        account.fetchPage({ round, page: ((page - 1) % 10) + 1 }, signal),
    });
    await expect(keysOf(walk.pages())).rejects.toMatchObject({ exit: 8 });
  });

  it('is not suspected when an import shifts everything by several pages', async () => {
    const account = new ModelAccount(200, 10);
    account.before = (request) => {
      if (request !== 12) return;
      account.ids.unshift(...Array.from({ length: 60 }, (_, index) => objectId(9000 - index)));
    };
    const keys = await keysOf(walkOver(account, { width: () => 1 }).pages());
    expect(new Set(keys)).toEqual(new Set(account.ids));
  });
});

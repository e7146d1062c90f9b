import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Walk, type WalkOptions } from '../../src/read/walk.ts';
import type { ServiceRecord } from '../../src/records/record.ts';
import { contactOf, keysOf, ModelAccount, objectId } from '../support/model-account.ts';

function walkOver(account: ModelAccount, options: Partial<WalkOptions> = {}): Walk {
  return new Walk({
    fetchPage: account.fetchPage,
    width: () => 4,
    signal: new AbortController().signal,
    care: 'front',
    wait: (ms) => sleep(ms / 50),
    ...options,
  });
}

/** The first so many contacts, as a list reads them. */
async function firstOf(
  account: ModelAccount,
  limit: number,
  options: Partial<WalkOptions> = {},
): Promise<string[]> {
  const keys: string[] = [];
  const walk = walkOver(account, {
    width: () => 8,
    care: 'once',
    limit: () => limit,
    isEnough: (next) => keys.length + next.length >= limit,
    ...options,
  });
  for await (const page of walk.pages()) {
    keys.push(...page.map(({ key }) => key));
    if (keys.length >= limit) break;
  }
  return keys.slice(0, limit);
}

/** Answers of those numbers hold nobody. */
function hiding(account: ModelAccount, first: number, last: number): WalkOptions['fetchPage'] {
  let number = 0;
  return async (request, signal) => {
    number += 1;
    const hidden = number >= first && number <= last;
    const contacts = await account.fetchPage(request, signal);
    return hidden ? [] : contacts;
  };
}

describe('a walk over an account that does not change', () => {
  for (const count of [0, 1, 2, 3, 49, 50, 51, 1000]) {
    it(`brings each of ${count} contacts once, in order`, async () => {
      const account = new ModelAccount(count, 50);
      const walk = walkOver(account);
      const pages: (readonly ServiceRecord[])[] = [];
      for await (const page of walk.pages()) pages.push(page);
      expect(pages.flat().map(({ key }) => key)).toEqual(account.ids);
      expect(pages).toHaveLength(Math.ceil(count / 50));
      expect(walk.tally).toMatchObject({ unique: count, late: 0, walks: 1, ended: true });
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

  for (const [limit, requests] of [
    [1, ['1:1']],
    [50, ['1:1']],
    [51, ['1:1', '1:2', '1a1:1']],
    [120, ['1:1', '1:2', '1:3', '1a1:1']],
  ] as const) {
    it(`asks for no page beyond the ${limit} contacts that will do, and from page 2 on for page 1 once more`, async () => {
      const account = new ModelAccount(1000, 50);
      expect(await firstOf(account, limit)).toEqual(account.ids.slice(0, limit));
      expect(account.requests).toEqual(requests);
    });
  }

  for (const [contacts, short, limit] of [
    [300, 1, 250],
    [300, 2, 250],
    [300, 3, 250],
    // Page 2 is the last one, and as short as page 1 was, or shorter.
    [70, 1, 40],
    [60, 1, 30],
    [60, 1, 60],
  ] as const) {
    it(`loses nothing of the first ${limit} of ${contacts} when page ${short} comes back short once`, async () => {
      const account = new ModelAccount(contacts, 50);
      const asked = new Set<number>();
      const keys = await firstOf(account, limit, {
        fetchPage: async (request, signal) => {
          const page = await account.fetchPage(request, signal);
          const isShort = request.page === short && !asked.has(request.page);
          asked.add(request.page);
          return isShort ? page.slice(0, 20) : page;
        },
      });
      expect(keys).toEqual(account.ids.slice(0, limit));
    });
  }

  it('loses nobody of a limit whom the last page leaves out once', async () => {
    const account = new ModelAccount(100, 10);
    const keys = await firstOf(account, 25, {
      width: () => 1,
      fetchPage: async (request, signal) => {
        const page = await account.fetchPage(request, signal);
        return account.requests.length === 3 ? page.filter((_, row) => row !== 1) : page;
      },
    });
    expect(keys).toEqual(account.ids.slice(0, 25));
  });

  it('loses nobody of a limit who moves on while a page that came back short is read again', async () => {
    const account = new ModelAccount(12, 3);
    const there = [...account.ids];
    account.before = (request) => {
      if (request === 4) account.ids.unshift(objectId(5000));
    };
    const keys = await firstOf(account, 9, {
      fetchPage: async (request, signal) => {
        const page = await account.fetchPage(request, signal);
        return account.requests.length === 2 ? page.slice(0, 1) : page;
      },
    });
    expect(keys.slice(0, 9)).toEqual(there.slice(0, 9));
  });

  it('loses nothing of the end within a limit when the last page comes back short once', async () => {
    for (const contacts of [40, 90]) {
      const account = new ModelAccount(contacts, 50);
      let looks = 0;
      const keys = await firstOf(account, 200, {
        fetchPage: async (request, signal) => {
          const page = await account.fetchPage(request, signal);
          if (page.length === 40) looks += 1;
          return page.length === 40 && looks === 1 ? page.slice(0, 10) : page;
        },
      });
      expect(keys).toEqual(account.ids);
    }
  });

  it('loses nobody within a limit that is beyond the end when some come meanwhile', async () => {
    const account = new ModelAccount(130, 10);
    const there = account.ids.length;
    account.before = (request) => {
      if (request > 4 && request < 12) account.ids.unshift(objectId(5000 + request));
    };
    expect(new Set(await firstOf(account, 200))).toEqual(new Set(account.ids));
    expect(account.ids.length).toBeGreaterThan(there);
  });

  it('passes over nobody within a limit while some come, however many pages it takes', async () => {
    const account = new ModelAccount(1000, 10);
    const there = [...account.ids];
    account.before = async (request) => {
      if (request % 3 === 0) account.ids.unshift(objectId(5000 + request));
      await sleep(request % 2);
    };
    const keys = new Set(await firstOf(account, 300));
    const held = there.filter((id) => keys.has(id)).length;
    expect(there.slice(0, held).filter((id) => !keys.has(id))).toEqual([]);
  });

  for (const [contacts, size, request, limit] of [
    [60, 5, 4, 20],
    // What page 2 holds by then is the end, and no longer than page 1 was.
    [5, 3, 2, 4],
    // Page 3, and then page 2, is beyond the end by then.
    [4, 2, 3, 3],
    [4, 4, 2, 3],
  ] as const) {
    it(`has the first ${limit} of ${contacts} in order when pages get ${size} long at request ${request}`, async () => {
      const account = new ModelAccount(contacts, contacts === 4 ? 1 : 2);
      account.before = (number) => {
        if (number === request) account.pageSize = size;
      };
      const keys = await firstOf(account, limit, { width: () => 1 });
      expect(keys).toEqual(account.ids.slice(0, limit));
    });
  }

  it('reads many pages of a limit several at a time, few of them one by one', async () => {
    for (const [pages, expected] of [
      [7, 1],
      // The client lets in no more than its width.
      [33, 15],
    ] as const) {
      const account = new ModelAccount(1000, 10);
      let underWay = 0;
      let most = 0;
      const keys = await firstOf(account, pages * 10, {
        fetchPage: async (request, signal) => {
          underWay += 1;
          most = Math.max(most, underWay);
          const contacts = await sleep(5, await account.fetchPage(request, signal));
          underWay -= 1;
          return contacts;
        },
      });
      expect(keys).toEqual(account.ids.slice(0, pages * 10));
      expect(most).toBe(expected);
    }
  });

  it('goes beyond what a limit needs, a page at a time, when the reader drops some', async () => {
    const account = new ModelAccount(1000, 50);
    let left = 4;
    const walk = walkOver(account, {
      width: () => 8,
      care: 'once',
      limit: () => 50,
      isEnough: () => left === 1,
    });
    for await (const page of walk.pages()) {
      expect(page).toHaveLength(50);
      left -= 1;
      if (left === 0) break;
    }
    expect(account.requests).toEqual(['1:1', '1:2', '1:3', '1:4', '1a1:1']);
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

describe('the tally of a walk', () => {
  it('counts every answer that held contacts, front and end included', async () => {
    const account = new ModelAccount(95, 10);
    const walk = walkOver(account);
    await keysOf(walk.pages());
    expect(walk.tally).toEqual({
      pages: 10 + 2,
      received: 95 + 10 + 5,
      unique: 95,
      duplicates: 15,
      late: 0,
      walks: 1,
      stable: undefined,
      ended: true,
      keyless: 0,
      shuffled: false,
      keylessTwice: false,
    });
  });
});

describe('what a walk asks for', () => {
  const cases: readonly (readonly [string, number, 'once' | 'front' | 'verify', string])[] = [
    ['an empty account', 0, 'front', '1:1 1.1:1'],
    ['a list of an empty account', 0, 'once', '1:1 1.1:1'],
    ['--verify of an empty account', 0, 'verify', '1:1 1.1:1 2:1 2.1:1'],
    ['a list to the end', 25, 'once', '1:1 1:2 1:3 1:4 1.1:4 1a1:1 1a2:1 1a3:3'],
    ['an export', 25, 'front', '1:1 1:2 1:3 1:4 1.1:4 1a1:1! 1a2:1! 1a3:3!'],
    [
      'an export whose last page is full',
      20,
      'front',
      '1:1 1:2 1:3 1.1:3 1a1:1! 1a2:1! 1a3:2! 1a4:3!',
    ],
    ['an export of one page', 5, 'front', '1:1 1:2 1.1:2 1a1:1! 1a2:2! 1a3:1!'],
    [
      '--verify',
      15,
      'verify',
      '1:1 1:2 1:3 1.1:3 1a1:1 1a2:1 1a3:2 2:1 2:2 2:3 2.1:3 2a1:1 2a2:1 2a3:2 front:1!',
    ],
  ];
  for (const [name, count, care, expected] of cases) {
    it(`for ${name}`, async () => {
      const account = new ModelAccount(count, 10);
      const waits: number[] = [];
      const walk = walkOver(account, {
        width: () => 1,
        care,
        wait: async (ms) => {
          waits.push(ms);
        },
      });
      expect(await keysOf(walk.pages())).toEqual(account.ids);
      expect(account.requests.join(' ')).toBe(expected);
      expect(new Set(waits)).toEqual(new Set([100]));
      expect(walk.tally.stable).toBe(care === 'verify' ? true : undefined);
    });
  }

  it('waits 100 ms by the clock before it asks again for an empty page', async () => {
    const account = new ModelAccount(15, 10);
    const asked: number[] = [];
    account.before = () => {
      asked.push(performance.now());
    };
    const walk = new Walk({
      fetchPage: account.fetchPage,
      width: () => 1,
      signal: new AbortController().signal,
      care: 'once',
    });
    await keysOf(walk.pages());
    expect((asked[3] ?? 0) - (asked[2] ?? 0)).toBeGreaterThanOrEqual(99);
  });
});

describe('a service that hides contacts for a while', () => {
  for (const care of ['once', 'front', 'verify'] as const) {
    for (let request = 1; request <= 14; request += 1) {
      it(`${care}: loses nobody when answer ${request} is empty`, async () => {
        const account = new ModelAccount(95, 10);
        const walk = walkOver(account, { care, fetchPage: hiding(account, request, request) });
        expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
        expect(walk.tally.stable).not.toBe(false);
      });
    }
  }

  for (let request = 4; request <= 20; request += 1) {
    it(`loses nobody, and asks for no page 0, when answers ${request} and the next are empty`, async () => {
      const account = new ModelAccount(25, 10);
      const fetchPage = hiding(account, request, request + 1);
      const walk = walkOver(account, { width: () => 1, care: 'verify', fetchPage });
      const lengths: number[] = [];
      const keys = new Set<string>();
      for await (const page of walk.pages()) {
        lengths.push(page.length);
        for (const { key } of page) keys.add(key);
      }
      expect(keys).toEqual(new Set(account.ids));
      expect(lengths).not.toContain(0);
      expect(account.requests.filter((name) => name.includes(':0'))).toEqual([]);
    });
  }

  for (const last of [6, 7, 8, 9, 10]) {
    it(`loses nobody when answers 4 to ${last} are empty`, async () => {
      const account = new ModelAccount(95, 10);
      const fetchPage = hiding(account, 4, last);
      const walk = walkOver(account, { width: () => 1, fetchPage });
      expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
    });
  }

  it('is asked again with growing patience, and then fails with exit 5', async () => {
    const account = new ModelAccount(95, 10);
    const waits: number[] = [];
    const walk = walkOver(account, {
      width: () => 1,
      fetchPage: hiding(account, 4, 1000),
      wait: async (ms) => {
        waits.push(ms);
      },
    });
    await expect(keysOf(walk.pages())).rejects.toMatchObject({
      exit: 5,
      code: 'contacts-vanished',
      hint: expect.stringContaining('try again later'),
    });
    expect(waits).toEqual([100, 250, 500, 1000, 2000]);
  });

  it('fails with exit 5 also when it hides them from the last look of --verify', async () => {
    const account = new ModelAccount(15, 10);
    const walk = walkOver(account, {
      care: 'verify',
      fetchPage: async (request, signal) => {
        const contacts = await account.fetchPage(request, signal);
        return request.round === 'front' ? [] : contacts;
      },
    });
    await expect(keysOf(walk.pages())).rejects.toMatchObject({ exit: 5 });
  });

  it('may send one page short: it is read again', async () => {
    for (let request = 1; request <= 14; request += 1) {
      const account = new ModelAccount(95, 10);
      let number = 0;
      const walk = walkOver(account, {
        fetchPage: async (asked, signal) => {
          number += 1;
          const short = number === request;
          const contacts = await account.fetchPage(asked, signal);
          return short ? contacts.slice(0, 4) : contacts;
        },
      });
      expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
      expect(walk.tally.stable).toBeUndefined();
      expect(walk.tally.walks).toBeLessThanOrEqual(2);
    }
  });

  for (const [before, after] of [
    [10, 5],
    [10, 20],
    [10, 7],
    [5, 50],
  ] as const) {
    it(`may go over from pages of ${before} to pages of ${after}`, async () => {
      for (let request = 1; request <= 16; request += 1) {
        const account = new ModelAccount(95, before);
        account.before = (number) => {
          if (number === request) account.pageSize = after;
        };
        const walk = walkOver(account);
        expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
        expect(walk.tally.walks).toBeLessThanOrEqual(3);
      }
    });
  }

  for (const sizes of [
    [3, 3, 5],
    [3, 2, 3],
    [2, 3, 3],
  ]) {
    it(`may have pages of ${sizes.join(', ')}: they are not counted by the last one`, async () => {
      const walk = walkOver(new ModelAccount(0, 1), {
        fetchPage: async ({ page }) =>
          Array.from({ length: sizes[page - 1] ?? 0 }, (_, row) => contactOf(`${page} ${row}`)),
      });
      await keysOf(walk.pages());
      expect(walk.tally).toMatchObject({ walks: 2, stable: undefined });
    });
  }

  it('may have pages of many sizes: two walks that meet the same are enough', async () => {
    const sizes = [4, 7, 2, 9, 1];
    const asked: string[] = [];
    const walk = walkOver(new ModelAccount(0, 1), {
      width: () => 1,
      fetchPage: async ({ round, page }) => {
        asked.push(`${round}:${page}`);
        const length = sizes[page - 1] ?? 0;
        return Array.from({ length }, (_, row) => contactOf(`${page} ${row}`));
      },
    });
    expect(await keysOf(walk.pages())).toHaveLength(23);
    // Such pages can't be counted by the last one: that is not read again.
    expect(asked.filter((name) => name.includes('a'))).toEqual(['1a1:1', '2a1:1']);
    expect(walk.tally).toMatchObject({ walks: 2, stable: undefined, late: 0 });
  });
});

describe('a walk that ends before its time', () => {
  it('rejects at once with the reason when it is aborted, whatever the requests do', async () => {
    const abort = new AbortController();
    const walk = walkOver(new ModelAccount(100, 10), {
      signal: abort.signal,
      fetchPage: () => new Promise(() => {}),
    });
    const reading = keysOf(walk.pages());
    await sleep(1);
    abort.abort(new Error('Ctrl-C'));
    await expect(reading).rejects.toThrow('Ctrl-C');
    expect(walk.tally.ended).toBe(false);
  });

  it('rejects at once also while it waits to ask again', async () => {
    const abort = new AbortController();
    const account = new ModelAccount(5, 10);
    const walk = walkOver(account, { signal: abort.signal, wait: () => new Promise(() => {}) });
    const reading = keysOf(walk.pages());
    await sleep(5);
    abort.abort(new Error('Ctrl-C'));
    await expect(reading).rejects.toThrow('Ctrl-C');
  });

  it('says the reason also while it waits by the clock', async () => {
    const abort = new AbortController();
    const walk = new Walk({
      fetchPage: new ModelAccount(5, 10).fetchPage,
      width: () => 1,
      signal: abort.signal,
      care: 'once',
    });
    const reading = keysOf(walk.pages());
    await sleep(20);
    abort.abort(new Error('Ctrl-C'));
    await expect(reading).rejects.toThrow('Ctrl-C');
  });

  it('asks for nothing when it was aborted before', async () => {
    const account = new ModelAccount(100, 10);
    const signal = AbortSignal.abort(new Error('Ctrl-C'));
    await expect(keysOf(walkOver(account, { signal }).pages())).rejects.toThrow('Ctrl-C');
    expect(account.requests).toEqual([]);
  });

  it('ends all that is under way when a page fails or the reader has enough', async () => {
    for (const fails of [true, false]) {
      const ended: number[] = [];
      const walk = walkOver(new ModelAccount(100, 10), {
        fetchPage: async ({ page }, signal) => {
          if (page === 1 && fails) throw new Error('refused');
          if (page === 1) return [contactOf('a')];
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          ended.push(page);
          throw signal.reason;
        },
      });
      const read = async () => {
        for await (const _ of walk.pages()) break;
      };
      await (fails ? expect(read()).rejects.toThrow('refused') : read());
      await sleep(1);
      expect(ended).toEqual([2, 3, 4]);
    }
  });

  it('leaves no listener on its signal, and never more than one', async () => {
    const { signal } = new AbortController();
    const account = new ModelAccount(2000, 10);
    let most = 0;
    account.before = () => {
      most = Math.max(most, getEventListeners(signal, 'abort').length);
    };
    await keysOf(walkOver(account, { signal, width: () => 64, care: 'verify' }).pages());
    expect(most).toBe(1);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('warns of no leak with 64 pages under way', async () => {
    const warnings: Error[] = [];
    const add = (warning: Error) => warnings.push(warning);
    process.on('warning', add);
    const walk = walkOver(new ModelAccount(2000, 10), {
      width: () => 64,
      fetchPage: async ({ page }, signal) => {
        await sleep(1, undefined, { signal });
        return page > 200 ? [] : [contactOf(`${page}`)];
      },
    });
    await keysOf(walk.pages());
    await sleep(1);
    process.off('warning', add);
    expect(warnings).toEqual([]);
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

  it('misses nobody when page 1 answers after others and an insert', async () => {
    const account = new ModelAccount(100, 10);
    const walk = walkOver(account, {
      fetchPage: async (request, signal) => {
        if (request.round === '1' && request.page === 1) {
          await sleep(10);
          account.ids.unshift(objectId(1001));
        }
        return account.fetchPage(request, signal);
      },
    });
    expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
    expect(walk.tally).toMatchObject({ walks: 2, stable: undefined, late: 1 });
    // The front brought nobody after the end was read: somebody is missing.
    const measured = account.requests.filter((name) => name.startsWith('1a'));
    const reading = ['1:1!', '2:1!', '3:11!'];
    expect(measured).toEqual([...reading.map((it) => `1a${it}`), '1a4:1!', '1a5:1!', '1a6:11!']);
  });

  it('does not end a second walk at a page 1 that is empty for a moment', async () => {
    const account = new ModelAccount(25, 10);
    const walk = walkOver(account, {
      width: () => 1,
      fetchPage: async (request, signal) => {
        const contacts = await account.fetchPage(request, signal);
        // A row is missing once, so that a second walk is needed.
        if (request.round === '1' && request.page === 2) return contacts.slice(1);
        return request.page === 1 && ['2', '2.1'].includes(request.round) ? [] : contacts;
      },
    });
    expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
  });

  it('measures again when somebody came between front and end', async () => {
    const account = new ModelAccount(95, 10);
    account.before = (request) => {
      // The request for the last page.
      if (request === 15) account.ids.unshift(objectId(1001));
    };
    const walk = walkOver(account, { width: () => 1 });
    expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
    expect(account.requests.slice(-7)).toEqual([
      '1a1:1!',
      '1a2:1!',
      '1a3:10!',
      '1a4:2!',
      '1a5:1!',
      '1a6:1!',
      '1a7:10!',
    ]);
    expect(walk.tally).toMatchObject({ walks: 1, late: 1 });
  });

  it('tells with --verify whether those that it met exist still, not those it ever met', async () => {
    const account = new ModelAccount(40, 10);
    account.before = (request) => {
      // One goes after it was met, so that its neighbour is skipped; two that were met go later.
      if (request === 3) account.ids.splice(2, 1);
      if (request === 8) account.ids.splice(0, 2);
    };
    const walk = walkOver(account, { width: () => 1, care: 'verify' });
    const keys = new Set(await keysOf(walk.pages()));
    expect(account.ids.filter((id) => !keys.has(id))).toEqual([]);
    expect(walk.tally.stable).toBe(true);
  });

  for (const every of [1, 2, 3, 4, 7, 20]) {
    it(`pays few walks when a contact comes every ${every} requests`, async () => {
      const account = new ModelAccount(500, 10);
      const throughout = [...account.ids];
      account.before = async (request) => {
        await sleep((request * 7) % 4);
        if (request % every === 0) account.ids.unshift(objectId(1000 + request));
      };
      const walk = walkOver(account);
      const keys = new Set(await keysOf(walk.pages()));
      expect(throughout.filter((id) => !keys.has(id))).toEqual([]);
      expect(walk.tally.stable).toBeUndefined();
      expect(walk.tally.walks).toBeLessThanOrEqual(3);
    });
  }

  it('pays one walk when contacts come now and then, and nothing was lost', async () => {
    const account = new ModelAccount(500, 10);
    account.before = (request) => {
      if (request % 20 === 0) account.ids.unshift(objectId(1000 + request));
    };
    const walk = walkOver(account, { width: () => 1 });
    expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
    expect(walk.tally.walks).toBe(1);
  });

  it('follows an end that moves on by several pages', async () => {
    const account = new ModelAccount(100, 10);
    account.before = (request) => {
      // Between the last page and the second look at the end.
      if (request !== 13) return;
      account.ids.unshift(...Array.from({ length: 47 }, (_, index) => objectId(9000 - index)));
    };
    const walk = walkOver(account, { width: () => 1 });
    expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
    expect(walk.tally.walks).toBe(1);
  });

  it('holds with --verify those who came until its end', async () => {
    const account = new ModelAccount(100, 10);
    const walk = walkOver(account, {
      care: 'verify',
      existedBefore: ({ key }) => key < objectId(1000),
      fetchPage: async (request, signal) => {
        if (request.round === 'front' && request.page === 1) {
          account.ids.unshift(...Array.from({ length: 12 }, (_, i) => objectId(2000 - i)));
        }
        return account.fetchPage(request, signal);
      },
    });
    expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
    expect(walk.tally).toMatchObject({ walks: 2, stable: true, late: 12 });
    expect(account.requests.filter((name) => name.startsWith('front'))).toEqual([
      'front:1!',
      'front:2!',
      'front:3!',
    ]);
  });

  it('says that it is not stable while rows are shifted in every walk', async () => {
    const account = new ModelAccount(200, 10);
    let gone = 0;
    account.before = (request) => {
      if (request % 5 !== 0) return;
      gone += 1;
      account.ids.splice(0, 1);
    };
    const walk = walkOver(account, { width: () => 1, care: 'verify' });
    await keysOf(walk.pages());
    expect(gone).toBeGreaterThan(5);
    expect(walk.tally).toMatchObject({ walks: 5, stable: false, ended: true });
  });

  it('says that some may be missing when no two of its walks are alike', async () => {
    let number = 0;
    const walk = walkOver(new ModelAccount(0, 1), {
      fetchPage: async ({ page }) => {
        number += 1;
        const length = page > 4 ? 0 : 2 + ((number * page) % 3);
        return Array.from({ length }, (_, row) => contactOf(`${page} ${row} ${number}`));
      },
    });
    await keysOf(walk.pages());
    expect(walk.tally).toMatchObject({ walks: 5, stable: false });
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

  it.each(['front', 'verify'] as const)(
    'is not believed when it answers one page with another, care %s',
    async (care) => {
      const account = new ModelAccount(100, 10);
      const walk = walkOver(account, {
        care,
        fetchPage: ({ round, page }, signal) =>
          account.fetchPage({ round, page: page === 4 ? 2 : page }, signal),
      });
      expect(await keysOf(walk.pages())).toHaveLength(90);
      expect(walk.tally).toMatchObject({ stable: false, walks: 2 });
    },
  );

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

describe('a service that sorts anew for each page', () => {
  /** All were created at once, so that they stand in another order on each page. */
  const pageOf = (ids: readonly string[], page: number, size: number) => {
    const order = (id: string) => (Number.parseInt(id, 16) * (page * 7 + 3)) % 61;
    return [...ids].sort((a, b) => order(a) - order(b)).slice((page - 1) * size, page * size);
  };

  it.each(['front', 'verify'] as const)('is not believed, with care %s', async (care) => {
    const account = new ModelAccount(60, 20);
    let requests = 0;
    const fetchPage = async ({ page }: { readonly page: number }) => {
      requests += 1;
      return pageOf(account.ids, page, 20).map(contactOf);
    };
    const walk = walkOver(account, { care, fetchPage, createdAt: () => 0 });
    const keys = await keysOf(walk.pages());
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeLessThan(60);
    expect(walk.tally).toMatchObject({ stable: false, shuffled: true, walks: 2 });
    expect(requests).toBeLessThan(50);
  });

  it('is no service that lists somebody twice for ever', async () => {
    const account = new ModelAccount(60, 20);
    const listed = account.ids.toSpliced(50, 0, account.ids[5] as string);
    const walk = walkOver(account, {
      fetchPage: async ({ page }) => listed.slice((page - 1) * 20, page * 20).map(contactOf),
      createdAt: ({ key }) => account.ids.indexOf(key),
    });
    expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
    expect(walk.tally).toMatchObject({ stable: undefined, shuffled: false });
  });

  it('is believed where all its contacts turn up', async () => {
    const account = new ModelAccount(45, 50);
    const walk = walkOver(account, {
      fetchPage: async ({ page }) => pageOf(account.ids, page, 50).map(contactOf),
    });
    expect(new Set(await keysOf(walk.pages()))).toEqual(new Set(account.ids));
    expect(walk.tally).toMatchObject({ stable: undefined, shuffled: false });
  });
});

describe('records without a key', () => {
  const keyless = (text: string): ServiceRecord => ({ ...contactOf(text), keyless: true });

  it('are counted, each once', async () => {
    const rows = ['a', 'b', 'c'].map(keyless);
    const walk = walkOver(new ModelAccount(0, 1), {
      fetchPage: async ({ page }) => (page > 3 ? [] : [rows[page - 1] as ServiceRecord]),
    });
    await keysOf(walk.pages());
    expect(walk.tally).toMatchObject({ keyless: 3, keylessTwice: false });
  });

  it('may have come twice where pages overlapped', async () => {
    const pages = [[keyless('a'), contactOf('1')], [contactOf('1'), keyless('b')], []];
    const walk = walkOver(new ModelAccount(0, 1), {
      care: 'once',
      fetchPage: async ({ page }) => pages[page - 1] ?? [],
    });
    await keysOf(walk.pages());
    expect(walk.tally).toMatchObject({ keyless: 2, keylessTwice: true });
  });

  it('may have come twice where one came after the first walk', async () => {
    const walk = walkOver(new ModelAccount(0, 1), {
      fetchPage: async ({ page, round }) => {
        if (page === 1) return [keyless(round === '1' ? 'a' : 'a, changed'), contactOf('1')];
        return [];
      },
    });
    await keysOf(walk.pages());
    expect(walk.tally).toMatchObject({ keyless: 2, keylessTwice: true });
  });

  it('are no matter where every record has a key', async () => {
    const account = new ModelAccount(100, 10);
    account.before = (request) => {
      if (request === 3) account.ids.unshift(objectId(1001));
    };
    const walk = walkOver(account, { width: () => 1 });
    await keysOf(walk.pages());
    expect(walk.tally).toMatchObject({ keyless: 0, keylessTwice: false });
    expect(walk.tally.duplicates).toBeGreaterThan(0);
  });
});

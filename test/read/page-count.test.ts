import { describe, expect, it } from 'vitest';
import { findEnd, probeEvenness } from '../../src/read/page-count.ts';
import { contactOf, objectId } from '../support/model-account.ts';

/** An account of pages of these lengths; counts what is asked. */
function pagesOf(lengthOf: (page: number) => number) {
  const asked: number[] = [];
  const look = async (page: number) => {
    asked.push(page);
    const length = lengthOf(page);
    return Array.from({ length }, (_, row) => contactOf(objectId(page * 1000 + row)));
  };
  return { asked, look };
}

const noWait = async () => {};

/** `count` contacts on pages of 50. */
function accountOf(count: number) {
  return pagesOf((page) => Math.max(0, Math.min(50, count - (page - 1) * 50)));
}

describe('where the pages end', () => {
  for (const count of [
    0, 1, 49, 50, 51, 99, 100, 101, 149, 150, 151, 199, 200, 201, 1023, 1024, 3200, 3201, 99_999,
    100_000, 100_001, 999_950, 1_000_000, 1_000_001,
  ]) {
    it(`is found exactly for ${count} contacts, by a few requests`, async () => {
      const { asked, look } = accountOf(count);
      const end = await findEnd(look, noWait);
      const pages = Math.ceil(count / 50);
      expect(end).toEqual({ pages, records: count, even: true });
      expect(asked.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(pages + 2)) + 4);
      expect(await probeEvenness(look, end)).toBe(true);
      expect(asked.length).toBeLessThanOrEqual(50);
    });
  }

  it('is found for every small account', async () => {
    for (let count = 0; count <= 700; count += 1) {
      expect((await findEnd(accountOf(count).look, noWait)).records).toBe(count);
    }
  });

  it('is told with a doubt when pages that were looked at differ in length', async () => {
    const uneven = pagesOf((page) => (page > 100 ? 0 : page === 4 ? 49 : 50));
    expect(await findEnd(uneven.look, noWait)).toMatchObject({ pages: 100, even: false });
    const growing = pagesOf((page) => (page > 5 ? 0 : page === 5 ? 51 : 50));
    expect(await findEnd(growing.look, noWait)).toMatchObject({ pages: 5, even: false });
  });

  it('is doubted after a closer look when other pages are short', async () => {
    // The pages looked at while searching are whole; most others are not.
    const search = accountOf(5000);
    const end = await findEnd(search.look, noWait);
    const sound = new Set(search.asked);
    const { look } = pagesOf((page) => (page > 100 ? 0 : sound.has(page) ? 50 : 40));
    expect(await findEnd(look, noWait)).toMatchObject({ even: true, pages: 100 });
    expect(await probeEvenness(look, end)).toBe(false);
  });

  it('is not looked for for ever in a service that ignores page numbers', async () => {
    let asked = 0;
    const look = async () => {
      asked += 1;
      return [contactOf('the same')];
    };
    await expect(findEnd(look, noWait)).rejects.toMatchObject({
      exit: 8,
      code: 'repeating-service',
    });
    expect(asked).toBeLessThan(5);
  });

  it('is not looked for for ever in a service that repeats its last page', async () => {
    const { look, asked } = accountOf(1000);
    const repeating = (page: number) => look(Math.min(page, 20));
    await expect(findEnd(repeating, noWait)).rejects.toMatchObject({ exit: 8 });
    expect(asked.length).toBeLessThan(12);
  });

  it('is not looked for for ever in a service without an end', async () => {
    const { look, asked } = pagesOf(() => 1);
    await expect(findEnd(look, noWait)).rejects.toMatchObject({ exit: 8 });
    expect(asked.length).toBeLessThan(40);
  });
});

describe('an end that was found', () => {
  /** As `accountOf`, but the requests of these numbers bring nobody. */
  function hiding(count: number, isHidden: (request: number, page: number) => boolean) {
    const { look, asked } = accountOf(count);
    const waits: number[] = [];
    return {
      asked,
      waits,
      wait: async (ms: number) => {
        waits.push(ms);
      },
      async look(page: number) {
        const contacts = await look(page);
        return isHidden(asked.length, page) ? [] : contacts;
      },
    };
  }

  for (let request = 1; request <= 25; request += 1) {
    it(`is not believed when answer ${request} alone is empty`, async () => {
      const { look, wait } = hiding(20_000, (number) => number === request);
      expect((await findEnd(look, wait)).records).toBe(20_000);
    });
  }

  it('is asked for again 100 ms later, and then page 1', async () => {
    const { look, wait, waits, asked } = hiding(120, () => false);
    await findEnd(look, wait);
    expect(waits).toEqual([100]);
    expect(asked.slice(-2)).toEqual([4, 1]);
  });

  it('is asked for again when there is nobody at all', async () => {
    const { look, wait, waits, asked } = hiding(0, () => false);
    expect(await findEnd(look, wait)).toMatchObject({ pages: 0, records: 0 });
    expect(asked).toEqual([1, 1]);
    expect(waits).toEqual([100]);
  });

  it('is no end when the service hides everybody for a while', async () => {
    const { look, wait, waits } = hiding(5000, (request) => request >= 5 && request <= 14);
    expect((await findEnd(look, wait)).records).toBe(5000);
    expect(waits).toContain(1000);
  });

  it('is an error when the service goes on hiding everybody', async () => {
    const { look, wait } = hiding(5000, (request) => request >= 5);
    await expect(findEnd(look, wait)).rejects.toMatchObject({ exit: 5, code: 'contacts-vanished' });
  });

  it('is an error when it turns out to be none again and again', async () => {
    let asked = 0;
    const look = async (page: number) => {
      asked += 1;
      // Page 2 and those after it come at the second time of asking only.
      return page === 1 || asked % 2 === 1 ? [contactOf(`${page} ${asked}`)] : [];
    };
    await expect(findEnd(look, async () => {})).rejects.toMatchObject({ exit: 8 });
    expect(asked).toBeLessThan(400);
  });
});

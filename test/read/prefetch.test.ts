import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Prefetch, type PrefetchOptions } from '../../src/read/prefetch.ts';

/** Answers that come when the test says so. */
class Desk {
  /** `page`, or `page.look` for a page that is asked for again. */
  readonly asked: string[] = [];
  readonly waits: number[] = [];
  readonly #open = new Map<string, (answer: string[] | Error) => void>();
  readonly ahead: Prefetch<string>;

  constructor(options: Partial<PrefetchOptions> = {}) {
    this.ahead = new Prefetch<string>(
      (page, look) => {
        const name = look === 0 ? `${page}` : `${page}.${look}`;
        this.asked.push(name);
        return new Promise((resolve, reject) => {
          this.#open.set(name, (answer) =>
            answer instanceof Error ? reject(answer) : resolve(answer),
          );
        });
      },
      {
        width: () => 3,
        wait: async (ms) => {
          this.waits.push(ms);
        },
        ...options,
      },
    );
  }

  async answer(name: string, ...answer: (string | Error)[]): Promise<void> {
    const [first] = answer;
    const open = this.#open.get(name);
    if (open === undefined) throw new Error(`${name} was not asked for`);
    open(first instanceof Error ? first : (answer as string[]));
    this.#open.delete(name);
    await settled();
  }
}

async function settled(): Promise<void> {
  await sleep(0);
  await sleep(0);
}

/** What a promise has come to by now. */
async function stateOf<T>(promise: Promise<T>): Promise<T | 'pending'> {
  await settled();
  return Promise.race([promise, Promise.resolve('pending' as const)]);
}

/** What hangs here hangs an export: that is soon told. */
const timeout = 8_000;

describe('pages asked for ahead', { timeout }, () => {
  it('are asked for while one is waited for, as many at once as the width allows', async () => {
    const desk = new Desk();
    const first = desk.ahead.take(1);
    expect(desk.asked).toEqual(['1', '2', '3']);
    await desk.answer('2', 'b');
    expect(desk.asked).toEqual(['1', '2', '3', '4']);
    await desk.answer('3', 'c');
    await desk.answer('4', 'd');
    await desk.answer('5', 'e');
    // Twice the width is held at the most.
    expect(desk.asked).toEqual(['1', '2', '3', '4', '5', '6']);
    await desk.answer('6', 'f');
    expect(desk.asked).toHaveLength(6);
    expect(await stateOf(first)).toBe('pending');
    await desk.answer('1', 'a');
    expect(await first).toEqual(['a']);
    expect(desk.asked).toHaveLength(6);
    for (const [page, answer] of ['b', 'c', 'd'].entries()) {
      expect(await desk.ahead.take(page + 2)).toEqual([answer]);
    }
    // While those that came wait to be taken, the window moves on with each that is.
    expect(desk.asked).toHaveLength(9);
  });

  it('are not asked for while nobody waits', async () => {
    const desk = new Desk({ width: () => 2 });
    const first = desk.ahead.take(1);
    await desk.answer('1', 'a');
    expect(await first).toEqual(['a']);
    await desk.answer('2', 'b');
    expect(desk.asked).toEqual(['1', '2']);
  });

  it('are 64 at once at the most', () => {
    const desk = new Desk({ width: () => 5000 });
    void desk.ahead.take(1);
    expect(desk.asked).toHaveLength(64);
  });

  it('fill a ring of slots that is used again and again', async () => {
    const ahead = new Prefetch<number>(async (page) => [page], {
      width: () => 64,
      wait: async () => {},
    });
    for (let page = 1; page <= 1000; page += 1) expect(await ahead.take(page)).toEqual([page]);
  });

  it('are at least the one that is waited for, even where the width is 0', async () => {
    const desk = new Desk({ width: () => 0 });
    const first = desk.ahead.take(1);
    expect(desk.asked).toEqual(['1']);
    await desk.answer('1', 'a');
    expect(await first).toEqual(['a']);
  });

  it('go no further than one that failed', async () => {
    const desk = new Desk();
    const first = desk.ahead.take(1);
    await desk.answer('2', new Error('refused'));
    await desk.answer('3', 'c');
    expect(desk.asked).toEqual(['1', '2', '3']);
    await desk.answer('1', 'a');
    await first;
    await expect(desk.ahead.take(2)).rejects.toThrow('refused');
  });
});

describe('an empty page', { timeout }, () => {
  it('is the end when it is so again 100 ms later; the second look begins at once', async () => {
    const desk = new Desk();
    const first = desk.ahead.take(1);
    await desk.answer('3');
    expect(desk.waits).toEqual([100]);
    await desk.answer('2');
    expect(desk.waits).toEqual([100, 100]);
    expect(desk.asked).toEqual(['1', '2', '3', '3.1', '2.1']);
    await desk.answer('2.1');
    await desk.answer('3.1');
    await desk.answer('1', 'a');
    await first;
    expect(await desk.ahead.take(2)).toEqual([]);
    expect(desk.asked).toHaveLength(5);
    expect(desk.waits).toEqual([100, 100]);
  });

  it('is looked at again alone: not those behind it', async () => {
    const desk = new Desk();
    void desk.ahead.take(1);
    await desk.answer('2');
    await desk.answer('3');
    expect(desk.asked).toEqual(['1', '2', '3', '2.1']);
    await desk.answer('1', 'a');
    // No page behind an empty one is asked for.
    void desk.ahead.take(2);
    await settled();
    expect(desk.asked).toHaveLength(4);
  });

  it('is not looked at again by itself once one before it is empty too', async () => {
    let go: (() => void)[] = [];
    const desk = new Desk({
      wait: () => new Promise((resolve) => go.push(resolve)),
    });
    const first = desk.ahead.take(1);
    await desk.answer('3');
    await desk.answer('2');
    for (const resolve of go) resolve();
    go = [];
    await settled();
    expect(desk.asked).toEqual(['1', '2', '3', '2.1']);
    // The one before it held somebody after all: now it is.
    await desk.answer('2.1', 'b');
    await desk.answer('1', 'a');
    expect([await first, await desk.ahead.take(2)]).toEqual([['a'], ['b']]);
    const third = desk.ahead.take(3);
    await settled();
    for (const resolve of go) resolve();
    await settled();
    await desk.answer('3.1', 'c');
    expect(await third).toEqual(['c']);
  });

  it('is no end when it holds somebody the second time', async () => {
    const desk = new Desk({ width: () => 1 });
    const first = desk.ahead.take(1);
    await desk.answer('1');
    await desk.answer('1.1', 'a');
    expect(await first).toEqual(['a']);
    const second = desk.ahead.take(2);
    expect(desk.asked).toEqual(['1', '1.1', '2']);
    await desk.answer('2', 'b');
    expect(await second).toEqual(['b']);
  });

  it('that held somebody after all lets those behind it be asked for', async () => {
    const desk = new Desk();
    const first = desk.ahead.take(1);
    await desk.answer('2');
    await desk.answer('3');
    await desk.answer('2.1', 'b');
    expect(desk.asked).toContain('4');
    await desk.answer('1', 'a');
    await first;
    expect(await desk.ahead.take(2)).toEqual(['b']);
    // Page 3 was empty too, and is looked at again when its turn comes.
    const third = desk.ahead.take(3);
    await settled();
    await desk.answer('3.1', 'c');
    expect(await third).toEqual(['c']);
  });

  it('before one with contacts is asked for more patiently, and then an error', async () => {
    const desk = new Desk();
    const first = desk.ahead.take(1);
    await desk.answer('2', 'b');
    await desk.answer('1');
    for (const look of [1, 2, 3, 4]) await desk.answer(`1.${look}`);
    expect(desk.waits).toEqual([100, 250, 500, 1000]);
    const failure = expect(first).rejects.toMatchObject({
      exit: 8,
      code: 'missing-page',
      message: 'page 1 comes back empty although page 2 holds contacts',
    });
    await desk.answer('2.5', 'b');
    await failure;
  });

  it('before one with contacts is taken as soon as it holds somebody', async () => {
    const desk = new Desk();
    const first = desk.ahead.take(1);
    await desk.answer('2', 'b');
    await desk.answer('1');
    await desk.answer('1.1');
    await desk.answer('1.2');
    await desk.answer('1.3', 'a');
    expect(await first).toEqual(['a']);
    // Those behind it are asked for ahead as before, and an end is looked at twice as before.
    await desk.answer('3', 'c');
    await desk.ahead.take(2);
    await desk.ahead.take(3);
    const fourth = desk.ahead.take(4);
    expect(desk.asked).toEqual(expect.arrayContaining(['4', '5', '6']));
    await desk.answer('4');
    await desk.answer('5');
    await desk.answer('6');
    expect(desk.asked.at(-1)).toBe('4.1');
    expect(await stateOf(fourth)).toBe('pending');
    await desk.answer('4.1');
    expect(await fourth).toEqual([]);
  });

  it('is the end when those behind it have gone meanwhile', async () => {
    const desk = new Desk();
    const first = desk.ahead.take(1);
    await desk.answer('2', 'b');
    await desk.answer('1');
    for (const look of [1, 2, 3, 4]) await desk.answer(`1.${look}`);
    await desk.answer('2.5');
    expect(await first).toEqual([]);
  });

  it('is believed only when those under way behind it have come, or a second went by', async () => {
    const go: (() => void)[] = [];
    const waits: number[] = [];
    const desk = new Desk({
      wait: (ms) => {
        waits.push(ms);
        return ms < 1000 ? Promise.resolve() : new Promise((resolve) => go.push(resolve));
      },
    });
    const first = desk.ahead.take(1);
    await desk.answer('1');
    await desk.answer('1.1');
    expect(await stateOf(first)).toBe('pending');
    expect(waits).toEqual([100, 1000]);
    await desk.answer('2');
    expect(await stateOf(first)).toBe('pending');
    await desk.answer('3', 'c');
    // Page 3 knows better.
    await desk.answer('1.2', 'a');
    expect(await first).toEqual(['a']);
    const second = new Desk({
      wait: (ms) => (ms < 1000 ? Promise.resolve() : new Promise((resolve) => go.push(resolve))),
    });
    const page = second.ahead.take(1);
    await second.answer('1');
    await second.answer('1.1');
    for (const resolve of go) resolve();
    expect(await page).toEqual([]);
  });
});

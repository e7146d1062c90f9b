import { setMaxListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Throttle } from '../../src/api/throttle.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { throttleBy } from '../support/rate-limits.ts';

const { signal } = new AbortController();
setMaxListeners(0, signal);

/** `count` answers, one after another, each after `ms`. */
async function answer(clock: FakeClock, throttle: Throttle, count: number, ms = 50) {
  for (let done = 0; done < count; done += 1) {
    const began = await throttle.enter(signal);
    clock.now += ms;
    throttle.succeeded(began);
    throttle.leave();
  }
}

/** When each of `count` requests begins, all wanted at once and answered after 10 ms. */
async function startsOf(clock: FakeClock, throttle: Throttle, count: number): Promise<number[]> {
  const ask = async () => {
    const began = await throttle.enter(signal);
    await clock.wait(10);
    throttle.succeeded(began);
    throttle.leave();
    return began;
  };
  return clock.run(Promise.all(Array.from({ length: count }, ask)));
}

describe('the throttle by itself', () => {
  it('starts with one request, and has 8 under way after 3 answers, never more', async () => {
    const clock = new FakeClock();
    const throttle = throttleBy(clock, { concurrency: 'auto' });
    expect(throttle.width).toBe(1);
    await answer(clock, throttle, 1);
    expect(throttle.width).toBe(4);
    await answer(clock, throttle, 2);
    expect(throttle.width).toBe(8);
    await answer(clock, throttle, 100);
    expect(throttle.width).toBe(8);
  });

  it('has no more than 4 under way while answers come at once, which more would not speed up', async () => {
    const clock = new FakeClock();
    const throttle = throttleBy(clock, { concurrency: 'auto' });
    await answer(clock, throttle, 1, 35);
    expect(throttle.width).toBe(4);
    await answer(clock, throttle, 100, 10);
    expect(throttle.width).toBe(4);
    await answer(clock, throttle, 7, 15);
    expect(throttle.width).toBe(4);
    await answer(clock, throttle, 1, 15);
    expect(throttle.width).toBe(7);
    await answer(clock, throttle, 1, 10);
    expect(throttle.width).toBe(7);
  });

  it('tells of the first answer while there is room for those who waited for it', async () => {
    const throttle = throttleBy(new FakeClock(), { concurrency: 'auto' });
    let entered = 0;
    const enter = () => throttle.enter(signal).then(() => (entered += 1));
    const beside = throttle.answered.then(() => Promise.all([enter(), enter(), enter()]));
    await throttle.enter(signal);
    await turn();
    expect(entered).toBe(0);
    throttle.succeeded(0);
    await beside;
    expect(entered).toBe(3);
  });

  it('says whether requests have to keep a distance', async () => {
    const clock = new FakeClock();
    expect(throttleBy(clock, { concurrency: 'auto', rate: 1 }).spaced).toBe(true);
    const throttle = throttleBy(clock, { concurrency: 'auto' });
    expect(throttle.spaced).toBe(false);
    throttle.slowDown(clock.now, 0, false);
    expect(throttle.spaced).toBe(false);
    throttle.slowDown(clock.now, 0, true);
    expect(throttle.spaced).toBe(true);
  });

  it('halves at trouble down to one, and grows by one a round from then on', async () => {
    const clock = new FakeClock();
    const throttle = throttleBy(clock, { concurrency: 'auto' });
    await answer(clock, throttle, 20);
    const widths = [];
    for (let cut = 0; cut < 5; cut += 1) {
      clock.now += 1;
      throttle.slowDown(clock.now, 0, false);
      widths.push(throttle.width);
    }
    expect(widths).toEqual([4, 2, 1, 1, 1]);
    await answer(clock, throttle, 1);
    expect(throttle.width).toBe(2);
    await answer(clock, throttle, 2);
    expect(throttle.width).toBe(3);
    await answer(clock, throttle, 3);
    expect(throttle.width).toBe(4);
  });

  it('is cut once for all requests that were under way together', async () => {
    const clock = new FakeClock();
    const throttle = throttleBy(clock, { concurrency: 'auto' });
    await answer(clock, throttle, 20);
    const began = clock.now;
    clock.now += 100;
    for (let request = 0; request < 8; request += 1) throttle.slowDown(began, 0, false);
    expect(throttle.width).toBe(4);
    clock.now += 100;
    throttle.slowDown(clock.now, 0, false);
    expect(throttle.width).toBe(2);
  });

  it('holds every request back while the service wants to be left alone', async () => {
    const clock = new FakeClock();
    const throttle = throttleBy(clock, { concurrency: 'auto' });
    await answer(clock, throttle, 20);
    throttle.slowDown(clock.now, 5000, false);
    throttle.slowDown(clock.now, 2000, false);
    expect(throttle.pauseLeft).toBe(5000);
    const starts = await startsOf(clock, throttle, 12);
    expect(Math.min(...starts)).toBe(6000);
    expect(throttle.pauseLeft).toBe(0);
  });

  it('keeps to a fixed number under way, first come first served, trouble or not', async () => {
    const clock = new FakeClock();
    const throttle = throttleBy(clock, { concurrency: 3 });
    const starts = await startsOf(clock, throttle, 9);
    expect(starts).toEqual([0, 0, 0, 10, 10, 10, 20, 20, 20]);
    throttle.slowDown(clock.now, 0, false);
    expect(throttle.width).toBe(3);
  });

  it('begins no more than --rate requests a second, also after a rest', async () => {
    const clock = new FakeClock();
    const throttle = throttleBy(clock, { concurrency: 'auto', rate: 10 });
    expect(await startsOf(clock, throttle, 5)).toEqual([0, 100, 200, 300, 400]);
    clock.now = 60_000;
    expect(await startsOf(clock, throttle, 4)).toEqual([60_000, 60_100, 60_200, 60_300]);
  });

  it('waits for ever at a rate of next to nothing, and does not spin', async () => {
    const throttle = new Throttle({ concurrency: 8, rate: 1e-9 });
    await throttle.enter(signal);
    let entered = false;
    const stop = new AbortController();
    const why = new Error('gave up');
    const waiting = throttle.enter(stop.signal).then(() => {
      entered = true;
    });
    setTimeout(() => stop.abort(why), 50);
    await expect(waiting).rejects.toBe(why);
    expect(entered).toBe(false);
  });

  it('keeps to a --rate of less than one in ten seconds when the service asks for less', async () => {
    const clock = new FakeClock();
    const throttle = throttleBy(clock, { concurrency: 8, rate: 0.05 });
    await startsOf(clock, throttle, 2);
    throttle.slowDown(clock.now, 0, true);
    const starts = (await startsOf(clock, throttle, 4)).sort((a, b) => a - b);
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] as number));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(20_000 - 1e-6);
  });

  it('lets in as many as there is room for, in order, after one answer', async () => {
    const clock = new FakeClock();
    const throttle = throttleBy(clock, { concurrency: 'auto' });
    const order: number[] = [];
    await throttle.enter(signal);
    const waiting = [1, 2, 3, 4].map(async (place) => {
      await throttle.enter(signal);
      order.push(place);
    });
    throttle.succeeded(0);
    throttle.leave();
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3, 4]);
  });

  it('never goes faster than --rate again after the service asked for less', async () => {
    const clock = new FakeClock();
    const throttle = throttleBy(clock, { concurrency: 8, rate: 10 });
    await startsOf(clock, throttle, 10);
    throttle.slowDown(clock.now, 0, true);
    const starts = (await startsOf(clock, throttle, 100)).sort((a, b) => a - b);
    const gaps = starts.slice(1).map((start, index) => start - (starts[index] as number));
    expect(Math.max(...gaps)).toBeGreaterThan(110);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100 - 1e-6);
  });

  it('lets in everybody who has not given up, whoever gives up and when', async () => {
    const waiter = fc.record({ givesUpAt: fc.option(fc.integer({ min: 0, max: 40 })) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(waiter, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 3 }),
        async (waiters, concurrency) => {
          const clock = new FakeClock();
          const throttle = throttleBy(clock, { concurrency });
          const ask = async ({ givesUpAt }: { givesUpAt: number | null }) => {
            const stop = new AbortController();
            if (givesUpAt !== null) {
              void clock.wait(givesUpAt).then(() => stop.abort(new Error('gave up')));
            }
            await throttle.enter(stop.signal);
            await clock.wait(7);
            throttle.leave();
          };
          const results = await clock.run(Promise.allSettled(waiters.map(ask)));
          const patient = results.filter((_, index) => waiters[index]?.givesUpAt === null);
          expect(patient.every(({ status }) => status === 'fulfilled')).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('passes a turn on when the one who got it gives up in the same moment', async () => {
    const throttle = throttleBy(new FakeClock(), { concurrency: 1 });
    await throttle.enter(signal);
    const stop = new AbortController();
    const first = throttle.enter(stop.signal);
    const second = throttle.enter(signal);
    await turn();
    throttle.leave();
    stop.abort(new Error('gave up'));
    await expect(first).rejects.toThrow('gave up');
    expect(await second).toBe(0);
  });
});

import { retryDelay } from '../../src/api/retry.ts';
import { Throttle, type ThrottleOptions } from '../../src/api/throttle.ts';
import { Prefetch } from '../../src/read/prefetch.ts';
import { FakeClock } from './fake-clock.ts';

export function throttleBy(clock: FakeClock, options: ThrottleOptions): Throttle {
  return new Throttle({ clock: () => clock.now, wait: clock.wait, ...options });
}

/** Whether a request that comes now is answered. */
export type Limit = (now: number) => boolean;

/** `rate` a second, saved up for a second at the most. */
export function tokenBucket(rate: number): Limit {
  let tokens = rate;
  let filled = 0;
  return (now) => {
    tokens = Math.min(rate, tokens + ((now - filled) / 1000) * rate);
    filled = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** `rate` in each second of the clock. */
export function fixedWindow(rate: number): Limit {
  let second = -1;
  let count = 0;
  return (now) => {
    if (Math.floor(now / 1000) !== second) {
      second = Math.floor(now / 1000);
      count = 0;
    }
    count += 1;
    return count <= rate;
  };
}

export interface Limited {
  readonly limit: Limit;
  readonly pages: number;
  readonly latencyMs: number;
  readonly throttle?: ThrottleOptions;
  readonly retryAfterMs?: number;
}

export interface Served {
  /** When each page arrived. */
  readonly arrivals: readonly number[];
  readonly refused: number;
  /** The most attempts that any page took. */
  readonly attempts: number;
  readonly widest: number;
}

/** Reads pages from a service that refuses what is too much, as a walk and the client do. */
export async function readLimited(options: Limited): Promise<Served> {
  const { limit, pages, latencyMs, retryAfterMs } = options;
  const clock = new FakeClock();
  const throttle = throttleBy(clock, options.throttle ?? { concurrency: 'auto' });
  const { signal } = new AbortController();
  let random = 1;
  const draw = () => {
    random = (random * 48_271) % 2_147_483_647;
    return random / 2_147_483_647;
  };
  const arrivals: number[] = [];
  let refused = 0;
  let attempts = 0;
  let widest = 0;
  const fetch = async (page: number) => {
    for (let count = 1; ; count += 1) {
      attempts = Math.max(attempts, count);
      const began = await throttle.enter(signal);
      widest = Math.max(widest, throttle.width);
      await clock.wait(latencyMs / 2);
      const granted = limit(clock.now);
      await clock.wait(latencyMs / 2);
      if (granted) throttle.succeeded(began);
      throttle.leave();
      if (granted) {
        arrivals.push(clock.now);
        return [page];
      }
      refused += 1;
      const reason = { kind: 'limited', retryAfterMs } as const;
      throttle.slowDown(began, retryDelay(reason, count, draw()), true);
    }
  };
  const ahead = new Prefetch(fetch, { width: () => throttle.width, wait: clock.wait });
  await clock.run(
    (async () => {
      for (let page = 1; page <= pages; page += 1) await ahead.take(page);
    })(),
  );
  return { arrivals, refused, attempts, widest };
}

/** Answers a second in the later two thirds of the time. */
export function laterRate({ arrivals }: Served): number {
  const end = arrivals.at(-1) ?? 0;
  const start = end / 3;
  return arrivals.filter((at) => at > start).length / ((end - start) / 1000);
}

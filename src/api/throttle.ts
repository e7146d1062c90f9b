import { wait as waitFor } from './wait.ts';

export interface ThrottleOptions {
  /** Requests under way at once: a number, or grown from 1 up to 8 while all is well. */
  readonly concurrency: number | 'auto';
  /** Requests begun a second at the most. */
  readonly rate?: number | undefined;
  /** Milliseconds that only grow, e.g. performance.now. */
  readonly clock?: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Requests under way at once, with `auto`. */
const maxWidth = 8;

/** How many more may be under way after each answer, until the service first asks for less. */
const unhurtStep = 3;

/** Where some of the latest answers take less, more under way at once gain nothing: we are slower. */
const quickMs = 12;
const enoughWhenQuick = 4;

/** By so many ms our own code delays the first answer. */
const warmUpMs = 30;

/** Milliseconds between requests that no limit of a service makes longer. */
const maxGap = 10_000;

/** The share by which each answer shortens the gap: smaller after each refusal, to meet fewer. */
const creep = { most: 0.015, least: 0.001, recovery: 1.005 };

/**
 * How fast the service is asked. It starts with one request at a time and adds three for each
 * answer, to no more than four while answers come at once; at 429, 503 or a time-out it halves and
 * then grows by one a round (additive increase, multiplicative decrease: RFC 5681). At 429 it also
 * spaces requests out by what got through of late, so that a limit of R a second is approached from
 * both sides.
 */
export class Throttle {
  readonly #fixed: number | undefined;
  readonly #shortestGap: number;
  readonly #clock: () => number;
  readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #queue: (() => void)[] = [];
  /** Resolves at the first answer, before anybody else is let in. */
  readonly answered: Promise<void>;
  #tellAnswered: () => void = () => {};
  #width: number;
  #active = 0;
  #isUnhurt = true;
  #creep = creep.most;
  #gap: number;
  #nextStart = 0;
  #pausedUntil = 0;
  #lastCut = Number.NEGATIVE_INFINITY;
  /** When answers arrived, the latest last; as many as the rate is judged by. */
  #arrivals: number[] = [];
  /** How many ms the latest answers took. */
  #took: number[] = [];

  constructor({ concurrency, rate, clock, wait }: ThrottleOptions) {
    this.#fixed = concurrency === 'auto' ? undefined : concurrency;
    this.#width = this.#fixed ?? 1;
    this.#shortestGap = rate === undefined ? 0 : 1000 / rate;
    this.#gap = this.#shortestGap;
    this.#clock = clock ?? (() => performance.now());
    this.#wait = wait ?? waitFor;
    this.answered = new Promise((resolve) => {
      this.#tellAnswered = resolve;
    });
  }

  /** How many requests may be under way now. */
  get width(): number {
    return Math.floor(this.#width);
  }

  /** Whether requests have to follow each other at a distance. */
  get spaced(): boolean {
    return this.#gap > 0;
  }

  /** Milliseconds for which the service wants to be left alone. */
  get pauseLeft(): number {
    return Math.max(0, this.#pausedUntil - this.#clock());
  }

  /** Waits for a turn; the request then runs, and its end must be told by `leave`. Returns when it began. */
  async enter(signal: AbortSignal): Promise<number> {
    if (this.#active < this.width) this.#active += 1;
    else await this.#vacancy(signal);
    try {
      for (;;) {
        signal.throwIfAborted();
        const now = this.#clock();
        const start = Math.max(this.#nextStart, this.#pausedUntil);
        if (start <= now) {
          this.#nextStart = now + this.#gap;
          return now;
        }
        await this.#wait(start - now, signal);
      }
    } catch (error) {
      this.leave();
      throw error;
    }
  }

  leave(): void {
    this.#active -= 1;
    this.#letIn();
  }

  /** An answer came to what began then: a little faster from here on. */
  succeeded(began: number): void {
    this.#tellAnswered();
    const now = this.#clock();
    this.#arrivals.push(now);
    if (this.#arrivals.length > 64) this.#arrivals = this.#arrivals.slice(-32);
    if (this.#fixed === undefined) {
      const most = this.#isQuick(now - began) ? Math.max(enoughWhenQuick, this.#width) : maxWidth;
      const step = this.#isUnhurt ? unhurtStep : 1 / this.width;
      this.#width = Math.min(most, this.#width + step);
    }
    if (this.#gap > this.#shortestGap) {
      const faster = this.#gap * (1 - this.#creep);
      this.#creep = Math.min(creep.most, this.#creep * creep.recovery);
      this.#gap = Math.max(this.#shortestGap, faster < 1 ? 0 : faster);
    }
    this.#letIn();
  }

  /** The service asked for less: all requests wait `pauseMs`, and then go slower. */
  slowDown(began: number, pauseMs: number, limited: boolean): void {
    const now = this.#clock();
    this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
    // Requests begun before the last cut tell of the old throttle, not of the new one.
    if (began < this.#lastCut) return;
    this.#lastCut = now;
    this.#isUnhurt = false;
    if (this.#fixed === undefined) this.#width = Math.max(1, this.#width / 2);
    if (!limited) return;
    const longer = Math.max(this.#gap * 1.3, this.#recentGap(now));
    this.#gap = Math.max(this.#shortestGap, Math.min(maxGap, longer));
    this.#creep = Math.max(creep.least, this.#creep / 2);
  }

  /** Whether the service answers at once, the last time after `ms`. */
  #isQuick(ms: number): boolean {
    this.#took = this.#took.length === 0 ? [ms - warmUpMs] : [...this.#took.slice(-7), ms];
    return Math.min(...this.#took) < quickMs;
  }

  /** Milliseconds between the answers of the last two seconds, a little more than was seen. */
  #recentGap(now: number): number {
    const recent = this.#arrivals.filter((at) => at > now - 2000);
    const first = recent[0];
    if (first === undefined || recent.length < 3) return Math.max(this.#gap, 50);
    return ((now - first) / recent.length) * 1.1;
  }

  #letIn(): void {
    while (this.#active < this.width) {
      const go = this.#queue.shift();
      if (go === undefined) return;
      this.#active += 1;
      go();
    }
  }

  /** Waits for a place, which is then taken already. */
  async #vacancy(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        this.#queue.splice(this.#queue.indexOf(go), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', stop, { once: true });
      this.#queue.push(go);
    });
  }
}

import { setMaxListeners } from 'node:events';
import type { ServiceRecord } from '../records/record.ts';
import { LoopDetector } from './loop-detector.ts';
import { Prefetch } from './prefetch.ts';
import { SeenKeys } from './seen-keys.ts';

/** Which page, and in which reading of the account: the page log tells readings apart. */
export interface PageRequest {
  readonly round: string;
  readonly page: number;
  /** Asked again, since the answer is not believed: one from the log won't do. */
  readonly afresh?: boolean;
}

export type FetchPage = (
  request: PageRequest,
  signal: AbortSignal,
) => Promise<readonly ServiceRecord[]>;

export interface WalkOptions {
  readonly fetchPage: FetchPage;
  /** How many pages may be under way at once; asked anew before each page. */
  readonly width: () => number;
  readonly signal: AbortSignal;
  /**
   * How hard to look for what moved while pages were read: `once` stops at the end, `front`
   * then reads the first pages again until one brings nothing new, `verify` walks again until
   * a walk brings no new contact that `existedBefore` says was there at the start.
   */
  readonly care: 'once' | 'front' | 'verify';
  readonly existedBefore?: (contact: ServiceRecord) => boolean;
  /** Walks in all, the first included. */
  readonly maxWalks?: number;
}

/** What a walk has met so far. */
export interface Tally {
  /** Pages that held contacts. */
  pages: number;
  received: number;
  unique: number;
  duplicates: number;
  /** Found only after the first walk. */
  late: number;
  walks: number;
  /** Whether the last walk brought no contact that existed at the start; undefined without verify. */
  stable: boolean | undefined;
  /** Whether the end was reached. */
  ended: boolean;
}

interface Counts {
  readonly received: number;
  /** Without what came twice in this walk. */
  readonly met: number;
  readonly found: number;
  /** Found, though they existed when the run began. */
  readonly missed: number;
  /** Met by the walk before as well. */
  readonly again: number;
}

/** Reading every page once, in order, without repeats, to the end. */
export class Walk {
  readonly tally: Tally = {
    pages: 0,
    received: 0,
    unique: 0,
    duplicates: 0,
    late: 0,
    walks: 0,
    stable: undefined,
    ended: false,
  };
  readonly #options: WalkOptions;
  readonly #seen = new SeenKeys();
  /** Whether nothing shows that rows shifted in the last walk. */
  #calm = true;

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  /** The contacts not met before, a page at a time. Throws ExplainedError when a page can't be had. */
  async *pages(): AsyncGenerator<readonly ServiceRecord[], void, undefined> {
    yield* this.#firstWalk();
    const rows = this.tally.received;
    if (this.#options.care === 'front') {
      yield* this.#readFrontAgain();
      yield* this.#walkAgainIfShort(rows);
    }
    if (this.#options.care === 'verify') yield* this.#walkUntilStable();
    this.tally.ended = true;
  }

  async *#firstWalk(): AsyncGenerator<readonly ServiceRecord[]> {
    this.tally.walks = 1;
    const loop = new LoopDetector();
    for await (const page of this.#inOrder('1')) {
      const { fresh, repeated } = this.#meet(page, 1);
      loop.check(page, repeated);
      if (fresh.length > 0) yield fresh;
    }
  }

  /** What was created or moved to the front meanwhile stands on the first pages. */
  async *#readFrontAgain(): AsyncGenerator<readonly ServiceRecord[]> {
    if (this.tally.unique === 0) return;
    for (let page = 1; ; page += 1) {
      const contacts = await this.#options.fetchPage(
        { round: 'front', page },
        this.#options.signal,
      );
      const { fresh } = this.#meet(contacts, 1);
      this.tally.late += fresh.length;
      if (fresh.length === 0) return;
      yield fresh;
    }
  }

  /**
   * Pages answer out of order: a contact that is created after page 4 answered and before page 3
   * did moves a row from the one to the other unseen. All `rows` of the first walk are contacts by
   * now, met there or at the front, but for such a one: when they are fewer, walk again.
   */
  async *#walkAgainIfShort(rows: number): AsyncGenerator<readonly ServiceRecord[]> {
    const { maxWalks = 5 } = this.#options;
    let expected = rows;
    while (this.tally.unique < expected && this.tally.walks < maxWalks) {
      const { found, received } = yield* this.#walkAgain();
      if (found === 0) return;
      expected = received;
    }
  }

  /**
   * A row is skipped when one above it is deleted between two pages. A walk proves the one
   * before it when it meets all of its contacts again and none that was missing, and when the
   * one before met none twice and none that was created meanwhile: a page that answers before
   * the one in front of it skips a row for each of these. Without that proof it walks on, and
   * at the end settles for a last walk that brought nothing that was missing.
   */
  async *#walkUntilStable(): AsyncGenerator<readonly ServiceRecord[]> {
    const { maxWalks = 5 } = this.#options;
    let metBefore = this.tally.unique;
    while (this.tally.walks < maxWalks) {
      const calmBefore = this.#calm;
      this.#calm = true;
      const { met, again, missed } = yield* this.#walkAgain();
      this.tally.stable = missed === 0;
      if (missed === 0 && calmBefore && again === metBefore) return;
      metBefore = met;
    }
  }

  /** One more walk; returns what it met, and how much of that was new, missing or met before. */
  async *#walkAgain(): AsyncGenerator<readonly ServiceRecord[], Counts> {
    this.tally.walks += 1;
    const walk = this.tally.walks;
    const counts = { received: 0, met: 0, found: 0, missed: 0, again: 0 };
    const loop = new LoopDetector();
    for await (const page of this.#inOrder(String(walk))) {
      const { fresh, old, fromLastWalk, repeated } = this.#meet(page, walk);
      loop.check(page, repeated);
      counts.received += page.length;
      counts.met += page.length - repeated;
      counts.found += fresh.length;
      counts.missed += old;
      counts.again += fromLastWalk;
      this.tally.late += fresh.length;
      if (fresh.length > 0) yield fresh;
    }
    return counts;
  }

  #meet(page: readonly ServiceRecord[], walk: number) {
    const fresh: ServiceRecord[] = [];
    let fromLastWalk = 0;
    let repeated = 0;
    for (const contact of page) {
      const before = this.#seen.meet(contact.key, walk);
      if (before === 0) fresh.push(contact);
      else if (before === walk) repeated += 1;
      else if (before === walk - 1) fromLastWalk += 1;
    }
    const { existedBefore, care } = this.#options;
    const old =
      care === 'verify' && existedBefore ? fresh.filter(existedBefore).length : fresh.length;
    if (repeated > 0 || old < fresh.length) this.#calm = false;
    const { tally } = this;
    if (page.length > 0) tally.pages += 1;
    tally.received += page.length;
    tally.unique += fresh.length;
    tally.duplicates += page.length - fresh.length;
    return { fresh, old, fromLastWalk, repeated };
  }

  /** The pages of one reading up to the empty one, in order, several under way at once. */
  async *#inOrder(round: string): AsyncGenerator<readonly ServiceRecord[]> {
    const { fetchPage, width, signal } = this.#options;
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    setMaxListeners(0, either);
    const fetch = (page: number, afresh: boolean) => fetchPage({ round, page, afresh }, either);
    const ahead = new Prefetch(fetch, width);
    try {
      for (let page = 1; ; page += 1) {
        const contacts = await ahead.take(page);
        if (contacts.length === 0) return;
        yield contacts;
      }
    } finally {
      stop.abort(new Error('the end was reached'));
    }
  }
}

import { missingPage, secondLookMs, type Wait } from './end-of-pages.ts';

/** More requests under way than this gain nothing, and look like an attack. */
const mostInFlight = 64;

/** Milliseconds before an empty page is asked for again that stands before one with contacts. */
const patience = [250, 500, 1000];

/** How long pages beyond an empty one are waited for, since they may know better. */
const othersMs = 1000;

export interface PrefetchOptions {
  /** How many pages may be under way at once; asked anew before each page. */
  readonly width: () => number;
  readonly wait: Wait;
}

/** `look` is 0 at first, and counts up when an answer that came before is not believed. */
type FetchPage<T> = (page: number, look: number) => Promise<readonly T[]>;

/**
 * Pages under way or arrived, but not taken yet. New ones are asked for only while somebody waits
 * for a page, and at most twice `width()` pages are held: a slow reader slows the asking down.
 */
export class Prefetch<T> {
  readonly #fetch: FetchPage<T>;
  readonly #options: PrefetchOptions;
  /** A ring, since what is kept in a Map outlives every scavenge of the garbage collector. */
  readonly #ring = new Array<Promise<readonly T[]> | undefined>(2 * mostInFlight);
  #wanted: number | undefined;
  #underWay = 0;
  #next = 1;
  #lastFull = 0;
  #lowestEmpty = Number.POSITIVE_INFINITY;
  #lowestFailed = Number.POSITIVE_INFINITY;
  /** The page that was empty twice. */
  #confirmed = 0;

  constructor(fetch: FetchPage<T>, options: PrefetchOptions) {
    this.#fetch = fetch;
    this.#options = options;
  }

  /**
   * The page of that number; to be taken in order. Empty only when it was so twice, and no later
   * page holds anything. Rejects when it can't be had.
   */
  async take(page: number): Promise<readonly T[]> {
    let contacts = await this.#arrivalOf(page);
    if (contacts.length === 0 && this.#confirmed !== page) contacts = await this.#lookTwice(page);
    return contacts.length > 0 ? contacts : this.#compareWithLater(page);
  }

  /** An empty page before one that holds something is a hiccup of the service, not the end. */
  async #compareWithLater(page: number): Promise<readonly T[]> {
    if (this.#lastFull < page) await this.#hearOthers();
    let look = 2;
    for (const ms of patience) {
      if (this.#lastFull < page) return [];
      await this.#options.wait(ms);
      const contacts = await this.#ask(page, look);
      if (contacts.length > 0) return contacts;
      look += 1;
    }
    // Many contacts may have gone since the later page came: then that one is empty by now, too.
    const later = this.#lastFull;
    if ((await this.#ask(later, look)).length === 0) return [];
    throw missingPage(page, later);
  }

  async #hearOthers(): Promise<void> {
    if (this.#underWay === 0) return;
    const others = Promise.allSettled(this.#ring);
    await Promise.race([others, this.#options.wait(othersMs)]);
  }

  async #arrivalOf(page: number): Promise<readonly T[]> {
    this.#wanted = page;
    if (page >= this.#next) this.#start(page);
    this.#fill(page);
    const slot = page % this.#ring.length;
    try {
      return await (this.#ring[slot] as Promise<readonly T[]>);
    } finally {
      this.#ring[slot] = undefined;
    }
  }

  #fill(wanted: number): void {
    const most = Math.min(mostInFlight, this.#options.width());
    const end = Math.min(wanted + 2 * most, this.#lowestEmpty, this.#lowestFailed);
    while (this.#underWay < most && this.#next < end) this.#start(this.#next);
  }

  #start(page: number): void {
    this.#next = page + 1;
    this.#underWay += 1;
    const arrived = () => {
      this.#underWay -= 1;
      // The one who waits may have had enough with this page.
      if (page === this.#wanted) this.#wanted = undefined;
      if (this.#wanted !== undefined) this.#fill(this.#wanted);
    };
    const coming = this.#lookUntilSure(page);
    coming.then(arrived, () => {
      this.#lowestFailed = Math.min(this.#lowestFailed, page);
      arrived();
    });
    this.#ring[page % this.#ring.length] = coming;
  }

  /** The second look at what may be the end begins at once, while the pages before it are read. */
  async #lookUntilSure(page: number): Promise<readonly T[]> {
    const contacts = await this.#ask(page, 0);
    if (contacts.length > 0 || page > this.#lowestEmpty) return contacts;
    this.#lowestEmpty = page;
    return this.#lookTwice(page);
  }

  async #lookTwice(page: number): Promise<readonly T[]> {
    await this.#options.wait(secondLookMs);
    if (this.#lowestEmpty < page) return [];
    const contacts = await this.#ask(page, 1);
    if (contacts.length === 0 && this.#lowestEmpty === page) this.#confirmed = page;
    return contacts;
  }

  async #ask(page: number, look: number): Promise<readonly T[]> {
    const contacts = await this.#fetch(page, look);
    if (contacts.length > 0) {
      this.#lastFull = Math.max(this.#lastFull, page);
      if (this.#lowestEmpty === page) this.#lowestEmpty = Number.POSITIVE_INFINITY;
    }
    return contacts;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { ExplainedError, exitCodes } from '../errors.ts';

/** How long pages beyond the end are waited for. */
const hearingMs = 1000;

/** `afresh` when the answer that came before is not believed. */
type FetchAhead<T> = (page: number, afresh: boolean) => Promise<readonly T[]>;

/**
 * Pages under way or arrived, but not taken yet. New ones are asked for only while somebody waits
 * for a page, and at most twice `width()` pages are held: a slow reader slows the asking down.
 */
export class Prefetch<T> {
  readonly #fetch: FetchAhead<T>;
  readonly #width: () => number;
  readonly #pages = new Map<number, Promise<readonly T[]>>();
  #wanted: number | undefined;
  #underWay = 0;
  #next = 1;
  #lastFull = 0;

  constructor(fetch: FetchAhead<T>, width: () => number) {
    this.#fetch = fetch;
    this.#width = width;
  }

  /** The page of that number; to be taken in order. Rejects when it can't be had. */
  async take(page: number): Promise<readonly T[]> {
    for (let tries = 0; tries < 3; tries += 1) {
      const contacts = await this.#await(page);
      if (contacts.length > 0) return contacts;
      // An empty page before one that holds something is a hiccup of the service, not the end.
      if (this.#lastFull < page) await this.#hearOthers();
      if (this.#lastFull < page) return contacts;
      this.#ask(page, true);
    }
    // Many contacts may have gone since the later page came: then that one is empty by now, too.
    const later = this.#lastFull;
    this.#ask(later, true);
    if ((await this.#await(later)).length === 0) return [];
    throw new ExplainedError({
      exit: exitCodes.incomplete,
      code: 'missing-page',
      message: `page ${page} comes back empty although page ${this.#lastFull} holds contacts`,
      hint: 'try again later: the service is not consistent at the moment',
    });
  }

  /** What is under way beyond the end may know better; but it may also never come. */
  async #hearOthers(): Promise<void> {
    const others = Promise.allSettled(this.#pages.values());
    await Promise.race([others, sleep(hearingMs, undefined, { ref: false })]);
  }

  async #await(page: number): Promise<readonly T[]> {
    this.#wanted = page;
    this.#fill();
    try {
      return await (this.#pages.get(page) as Promise<readonly T[]>);
    } finally {
      this.#pages.delete(page);
    }
  }

  #fill(): void {
    if (this.#wanted === undefined) return;
    const width = this.#width();
    while (this.#underWay < width && this.#next < this.#wanted + 2 * width) {
      this.#ask(this.#next);
      this.#next += 1;
    }
  }

  #ask(page: number, afresh = false): void {
    this.#underWay += 1;
    const arrived = () => {
      this.#underWay -= 1;
      // The one who waits may have had enough with this page.
      if (page === this.#wanted) this.#wanted = undefined;
      this.#fill();
    };
    const coming = this.#fetch(page, afresh).then((contacts) => {
      if (contacts.length > 0) this.#lastFull = Math.max(this.#lastFull, page);
      return contacts;
    });
    coming.then(arrived, arrived);
    this.#pages.set(page, coming);
  }
}

import type { Contact } from '../contacts/contact.ts';
import { LoopCheck } from './loop-check.ts';
import { PagesAhead } from './pages-ahead.ts';
import { SeenContacts } from './seen.ts';

/** Which page, and in which reading of the account: the page log tells readings apart. */
export interface PageRequest {
  readonly round: string;
  readonly page: number;
  /** Asked again, since the answer is not believed: one from the log won't do. */
  readonly afresh?: boolean;
}

export type FetchPage = (request: PageRequest, signal: AbortSignal) => Promise<readonly Contact[]>;

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
  readonly existedBefore?: (contact: Contact) => boolean;
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
  readonly #seen = new SeenContacts();

  constructor(options: WalkOptions) {
    this.#options = options;
  }

  /** The contacts not met before, a page at a time. Throws ExplainedError when a page can't be had. */
  async *pages(): AsyncGenerator<readonly Contact[], void, undefined> {
    yield* this.#firstWalk();
    if (this.#options.care === 'front') yield* this.#readFrontAgain();
    if (this.#options.care === 'verify') yield* this.#walkUntilStable();
    this.tally.ended = true;
  }

  async *#firstWalk(): AsyncGenerator<readonly Contact[]> {
    this.tally.walks = 1;
    const loop = new LoopCheck();
    for await (const page of this.#inOrder('1')) {
      const { fresh, repeated } = this.#meet(page, 1);
      loop.check(page, repeated);
      if (fresh.length > 0) yield fresh;
    }
  }

  /** What was created or moved to the front meanwhile stands on the first pages. */
  async *#readFrontAgain(): AsyncGenerator<readonly Contact[]> {
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
   * A row is skipped when one above it is deleted between two pages. A walk proves the one
   * before it when it meets all of its contacts again, none of them was repeated there, and
   * nothing is new: then nothing was deleted or moved at the wrong moment. Without that proof
   * it walks on, and at the end settles for a last walk that brought nothing that was missing.
   */
  async *#walkUntilStable(): AsyncGenerator<readonly Contact[]> {
    const { existedBefore = () => true, maxWalks = 5 } = this.#options;
    let calmBefore = this.tally.duplicates === 0;
    let metBefore = this.tally.unique;
    while (this.tally.walks < maxWalks) {
      this.tally.walks += 1;
      const walk = this.tally.walks;
      let missed = 0;
      let met = 0;
      let again = 0;
      let repeats = 0;
      const loop = new LoopCheck();
      for await (const page of this.#inOrder(String(walk))) {
        const { fresh, fromLastWalk, repeated } = this.#meet(page, walk);
        loop.check(page, repeated);
        met += page.length - repeated;
        again += fromLastWalk;
        repeats += repeated;
        missed += fresh.filter(existedBefore).length;
        this.tally.late += fresh.length;
        if (fresh.length > 0) yield fresh;
      }
      this.tally.stable = missed === 0;
      if (missed === 0 && calmBefore && again === metBefore) return;
      calmBefore = repeats === 0;
      metBefore = met;
    }
  }

  #meet(page: readonly Contact[], walk: number) {
    const fresh: Contact[] = [];
    let fromLastWalk = 0;
    let repeated = 0;
    for (const contact of page) {
      const before = this.#seen.meet(contact.key, walk);
      if (before === 0) fresh.push(contact);
      else if (before === walk) repeated += 1;
      else if (before === walk - 1) fromLastWalk += 1;
    }
    const { tally } = this;
    if (page.length > 0) tally.pages += 1;
    tally.received += page.length;
    tally.unique += fresh.length;
    tally.duplicates += page.length - fresh.length;
    return { fresh, fromLastWalk, repeated };
  }

  /** The pages of one reading up to the empty one, in order, several under way at once. */
  async *#inOrder(round: string): AsyncGenerator<readonly Contact[]> {
    const { fetchPage, width, signal } = this.#options;
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const fetch = (page: number, afresh: boolean) => fetchPage({ round, page, afresh }, either);
    const ahead = new PagesAhead(fetch, width);
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

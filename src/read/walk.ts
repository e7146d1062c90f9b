import type { ServiceRecord } from '../records/record.ts';
import { isComplete, isStable, type WalkFacts } from './completeness.ts';
import { Course, type Page } from './course.ts';
import { believeEnd } from './end-of-pages.ts';
import { askEnds, type Ending, type Ends, endingAt } from './ends.ts';
import { HeldBack } from './held-back.ts';
import { LoopDetector } from './loop-detector.ts';
import { PageRequests } from './page-requests.ts';
import { Prefetch } from './prefetch.ts';
import { SteadyPages } from './steady-pages.ts';
import { Deduplicator, type Tally } from './tally.ts';
import type { WalkOptions } from './walk-options.ts';

export type { FetchPage, PageRequest } from './page-requests.ts';
export type { WalkOptions } from './walk-options.ts';

/** Walks beyond this one ask for one page at a time, so that rows can't overtake. */
const lastHastyWalk = 2;

/** How often front and end are read to catch the account at rest. */
const measurements = 5;

type Walking<T> = AsyncGenerator<Page, T, undefined>;
type Pages = Walking<void>;

/** Reading every page once, in order, without repeats, to the end. */
export class Walk {
  readonly #options: WalkOptions;
  readonly #met: Deduplicator;
  readonly #requests: PageRequests;
  readonly #held = new HeldBack();
  /** Requests of this walk beside its own pages. */
  #asides = 0;

  constructor(options: WalkOptions) {
    this.#options = options;
    this.#met = new Deduplicator(options.existedBefore, options.createdAt);
    this.#requests = new PageRequests(options);
  }

  get tally(): Tally {
    return this.#met.tally;
  }

  /**
   * The contacts not met before, a page at a time. Throws ExplainedError when a page can't be had,
   * and the signal's reason when it is aborted.
   */
  async *pages(): Pages {
    this.#requests.begin();
    try {
      yield* this.#walkUntilSure();
      this.tally.ended = true;
    } finally {
      this.#requests.end();
    }
  }

  async *#walkUntilSure(): Pages {
    const { care, maxWalks = 5 } = this.#options;
    const verify = care === 'verify';
    let before: WalkFacts | undefined;
    let sure = false;
    while (!sure && this.tally.walks < maxWalks) {
      this.#met.beginWalk();
      this.#asides = 0;
      const inOrder = care === 'once' || (!verify && this.tally.walks > lastHastyWalk);
      const course = new Course();
      const ends = yield* this.#walk(course, inOrder);
      if (ends === undefined) course.counted = true;
      else yield* this.#measure(course, ends);
      const { shuffled } = this.tally;
      const facts = { ...this.#met.counts, ...course.facts, inOrder, shuffled };
      sure = verify ? before !== undefined && isStable(before, facts) : isComplete(facts, before);
      // Nothing moved between the two: another walk would meet the same.
      if (!sure && shuffled && before?.sequence === facts.sequence) break;
      before = facts;
    }
    if (verify || !sure) this.tally.stable = sure;
    if (verify && this.tally.unique > 0) yield* this.#readFrontNow();
  }

  /** All pages up to the end, several under way at once. Returns what their ends held after that, if there are any. */
  async *#walk(course: Course, inOrder: boolean): Walking<Ends | undefined> {
    const walk = this.tally.walks;
    const loop = new LoopDetector();
    const { width, limit, care, isEnough } = this.#options;
    const steady = new SteadyPages({
      ask: (page, afresh) => this.#requests.ask(`${walk}`, page, afresh),
      width,
      lastNeeded: limit && (() => course.pagesFor(limit())),
    });
    const ahead = new Prefetch<ServiceRecord>(
      (page, look) =>
        look === 0 ? steady.take(page) : this.#requests.ask(`${walk}.${look}`, page),
      { width: inOrder ? () => 1 : width, wait: this.#requests.wait },
    );
    for (let page = 1; ; page += 1) {
      const answer = await ahead.take(page);
      const ending = answer.length === 0 ? await this.#endingAt(page, course) : undefined;
      const contacts = ending?.page ?? answer;
      if (contacts.length === 0) {
        const hasGrown = ending?.ends?.fronts.some((front) => course.isOutgrownBy(front));
        if (care === 'once' && hasGrown) yield* this.#readAgain(1, course.pages);
        yield* this.#release();
        course.metAllKnown = this.#met.counts.met === this.tally.unique;
        return ending?.ends;
      }
      const { fresh, repeated } = this.#met.meet(contacts);
      if (fresh.length > 0) {
        yield* this.#release();
        this.#held.hold(fresh);
      }
      const isLast = page > 1 && isEnough?.(contacts) === true;
      if (care === 'once') yield* this.#readDoubtful(course, contacts, isLast);
      course.add(contacts, repeated);
      loop.check(contacts, repeated);
      // With a limit, the page after it tells whether it follows those before.
      if (care !== 'once' || page === 1 || isLast) yield* this.#release();
    }
  }

  async *#release(): Pages {
    const contacts = this.#held.release();
    if (contacts.length > 0) yield contacts;
  }

  /** The pages up to `next`, just met, that may lack somebody, as their lengths tell, once more. */
  async *#readDoubtful(course: Course, next: Page, isLast: boolean): Pages {
    const { pages } = course;
    const later = isLast ? [next, await this.#askAside(1)] : [next];
    if (later.some((page) => course.isOutgrownBy(page))) {
      for (let page = 1; page <= pages + 1 || !this.#held.isEmpty; page += 1) {
        const contacts = await this.#askAside(page);
        // So many came meanwhile that `next` was further on; or it is nowhere any more.
        if (contacts.length === 0 && page > pages + 1) return;
        yield* this.#meetAgain(contacts);
      }
      return;
    }
    let isDue = isLast && course.isShort(next.length);
    if (course.cameShort) {
      const again = await this.#askAside(pages);
      yield* this.#meetAgain(again);
      isDue ||= !course.confirm(again);
    }
    if (isDue) yield* this.#readAgain(pages + 1, pages + 1);
  }

  async *#readAgain(first: number, last: number): Pages {
    for (let page = first; page <= last; page += 1) {
      yield* this.#meetAgain(await this.#askAside(page));
    }
  }

  async *#meetAgain(page: Page): Pages {
    const { fresh } = this.#met.meetLate(page);
    const due = this.#held.takeDue(page, fresh);
    if (due.length > 0) yield due;
  }

  async #endingAt(page: number, course: Course): Promise<Ending> {
    // An account that never held anybody has no front that could speak for the service.
    if (this.tally.unique === 0) return { page: [], ends: undefined };
    return endingAt(page, course, this.#askAside, this.#requests.wait);
  }

  /**
   * Rows shift while pages are read: a contact that is created after page 4 answered and before
   * page 3 did moves a row from the one to the other unseen, and balances it in every count of
   * rows. But not in the end: when the account holds, at an instant after all that was read, no
   * more contacts than were met and none of those is gone, then these are everybody. So the end is
   * read to count them, and the front for those that came: they count when both are read again.
   */
  async *#measure(course: Course, first: Ends): Pages {
    let ends = first;
    let whole = false;
    for (let count = 1; ; count += 1) {
      for (const front of ends.fronts) course.compareFront(front);
      const wasWhole = whole;
      const last = yield* this.#readEnd(course, ends);
      whole = course.isWhole(last);
      const most = course.countBy(last);
      course.counted = course.countable && whole && this.#known >= most;
      const known = this.#known;
      yield* this.#readFront(ends.fronts[0]);
      // When nobody came since the end was read before, somebody is missing.
      const isMissing = wasWhole && this.#known === known;
      if (course.counted || !course.countable || isMissing || count === measurements) return;
      ends = await askEnds(course, this.#askAside);
    }
  }

  /** Returns the last page; a full one only after the next one was found to be empty. */
  async *#readEnd(course: Course, ends: Ends): Walking<Page> {
    let { last, beyond } = ends;
    for (;;) {
      const news = yield* this.#meetLate(last);
      if (!course.isFull(last)) return last;
      // Whoever came after that answer must not be counted in place of the one it pushed on.
      if (news || beyond === undefined) {
        // It may hold somebody all the same.
        if (beyond !== undefined) yield* this.#meetLate(beyond);
        beyond = await this.#askAside(course.pages + 1);
      }
      if (beyond.length === 0) return last;
      course.grow();
      last = beyond;
      beyond = undefined;
    }
  }

  /** Those who came while the last walk read; a log knows nothing of them. */
  async *#readFrontNow(): Pages {
    const ask = (page: number) => this.#requests.ask('front', page, true);
    const { wait } = this.#requests;
    const { front } = await believeEnd({ page: async () => [], front: () => ask(1), wait });
    yield* this.#readFront(front, ask);
  }

  /** How many of those that may still exist were met. */
  get #known(): number {
    return this.#options.care === 'verify' ? this.#met.counts.met : this.tally.unique;
  }

  /** The first pages again, of which the first came already, until one brings nobody new. */
  async *#readFront(first: Page, ask = this.#askAside): Pages {
    let contacts = first;
    for (let page = 2; ; page += 1) {
      const news = yield* this.#meetLate(contacts);
      if (!news) return;
      contacts = await ask(page);
    }
  }

  /** Returns whether the page held anybody whom this walk had not met. */
  async *#meetLate(page: Page): Walking<boolean> {
    const { fresh, repeated } = this.#met.meetLate(page);
    if (fresh.length > 0) yield fresh;
    return repeated < page.length;
  }

  /** A page once more, as it is now; but where pages are read in order, or walk after walk, as the log has it. */
  readonly #askAside = (page: number) => {
    this.#asides += 1;
    const round = `${this.tally.walks}a${this.#asides}`;
    return this.#requests.ask(round, page, this.#options.care === 'front');
  };
}

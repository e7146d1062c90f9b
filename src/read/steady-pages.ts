import type { Page } from './course.ts';

export interface SteadyPagesOptions {
  /** Asks for a page; `afresh` for an answer that no log may keep. */
  readonly ask: (page: number, afresh: boolean) => Promise<Page>;
  readonly width: () => number;
  /** The last page that is likely to be needed; undefined when pages have to be had one by one. */
  readonly lastNeeded?: (() => number) | undefined;
}

/** Fewer pages are had as fast one by one. */
const smallestBatch = 8;

/**
 * Pages in order, each as the account was after the page before it was answered: so a row that
 * moves to a later page is not passed over. They are asked for one by one, or in a batch whose last
 * page is asked for before and after the others: where it holds the same twice, no row has moved.
 */
export class SteadyPages {
  readonly #options: SteadyPagesOptions;
  #held = new Map<number, Page>();
  #oneByOneUpTo = 0;

  constructor(options: SteadyPagesOptions) {
    this.#options = options;
  }

  async take(page: number): Promise<Page> {
    const held = this.#held.get(page);
    if (held !== undefined) return held;
    const { ask, width, lastNeeded } = this.#options;
    const last = Math.min(page + 2 * width() - 1, lastNeeded?.() ?? page);
    if (page > this.#oneByOneUpTo && last - page + 1 >= smallestBatch) {
      // A page that fails may not be needed after all: one by one shows.
      this.#held = await this.#readBatch(page, last).catch(() => new Map());
      if (this.#held.size === 0) this.#oneByOneUpTo = last;
    }
    return this.#held.get(page) ?? ask(page, false);
  }

  /** Empty where rows may have moved, or where the pages end. */
  async #readBatch(first: number, last: number): Promise<Map<number, Page>> {
    const none = new Map<number, Page>();
    const ask = (page: number) => this.#options.ask(page, true);
    const before = await ask(last);
    if (before.length === 0) return none;
    const numbers = Array.from({ length: last - first }, (_, index) => first + index);
    const pages = await Promise.all(numbers.map(ask));
    const after = await ask(last);
    const size = pages[0]?.length ?? 0;
    const isEven = pages.every(({ length }) => length === size) && after.length <= size;
    if (!isEven || !isSame(before, after)) return none;
    return new Map([...pages, after].map((page, index) => [first + index, page]));
  }
}

function isSame(one: Page, other: Page): boolean {
  return one.length === other.length && one.every(({ key }, row) => key === other[row]?.key);
}

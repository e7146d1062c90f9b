import type { ServiceRecord } from '../records/record.ts';

export type Page = readonly ServiceRecord[];

/** How long the pages of one walk were, and where it ended: what the account can be counted by. */
export class Course {
  /** The last page that held anything. */
  pages = 0;
  /** Rows of the first page. */
  size = 0;
  /** The last row of the last page, which nothing follows unless it is deleted. */
  lastKey = '';
  /** Whether it met everything that was known when its last page came. */
  metAllKnown = false;
  /** Whether the account held, at an instant after it, no more contacts than were met. */
  counted = false;
  /** Whether page 1 had another length after the walk. */
  resized = false;
  /** Stands for the lengths of all pages. */
  profile = 0;
  /** Whether all pages but the last were equally long. */
  even = true;
  #rows = 0;
  #count = 0;
  #longest = 0;
  /** How long the shortest page is that was no longer when it was read again. */
  #confirmed = Number.POSITIVE_INFINITY;
  #met = 0;
  #hashes: [number, number] = [0, 0];

  /** `repeated` of its rows the walk had met before. */
  add(page: Page, repeated: number): void {
    if (this.pages === 0) this.size = page.length;
    // What follows the last page, since rows shifted, holds nobody new.
    else if (this.#rows !== this.size && repeated < page.length) this.even = false;
    if (page.length > this.size) this.even = false;
    this.pages += 1;
    this.profile = (Math.imul(this.profile, 31) + page.length) | 0;
    this.#rows = page.length;
    this.#longest = Math.max(this.#longest, page.length);
    this.#met += page.length - repeated;
    for (const { key } of page) this.#addToSequence(key);
    this.#addToSequence('\n');
    this.lastKey = page.at(-1)?.key ?? '';
  }

  get facts() {
    const { even, profile, resized, metAllKnown, counted } = this;
    return { even, profile, resized, metAllKnown, counted, sequence: this.#hashes.join(' ') };
  }

  #addToSequence(text: string): void {
    let [one, other] = this.#hashes;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 0x01000193);
      other = (Math.imul(other, 0x9e3779b1) + code) | 0;
    }
    this.#hashes = [one, other];
  }

  /** Whether its pages are of one size. */
  get countable(): boolean {
    return this.even && !this.resized;
  }

  /** Page 1, read once more: others have its length. A lone one may have grown. */
  compareFront(page: Page): void {
    if (this.pages > 1 && page.length !== this.size) this.resized = true;
  }

  /** A page follows by now. What a lone one held need not have been a whole page. */
  grow(): void {
    if (this.pages === 1) this.resized = true;
    this.pages += 1;
  }

  /** How many pages so many rows take at the least, unless one is longer than all before it. */
  pagesFor(rows: number): number {
    if (this.pages === 0) return 1;
    return this.pages + Math.ceil(Math.max(0, rows - this.#met) / this.#longest);
  }

  /** Whether `page` is longer than all before it, so that any of those may lack somebody. */
  isOutgrownBy(page: Page): boolean {
    return this.pages > 0 && page.length > this.#longest;
  }

  /** Whether a page of so many rows is shorter than others, and not known to be as long as it is. */
  isShort(rows: number): boolean {
    return rows < Math.min(this.#longest, this.#confirmed);
  }

  /** Whether the last page met may have come back short: others follow. */
  get cameShort(): boolean {
    return this.isShort(this.#rows);
  }

  /** Whether the last page met is as long once more: then pages are of many lengths. */
  confirm(again: Page): boolean {
    if (again.length !== this.#rows) return false;
    this.#confirmed = Math.min(this.#confirmed, again.length);
    return true;
  }

  /** Whether another page may follow the last one of the walk. */
  get endsFull(): boolean {
    return this.#rows >= this.size;
  }

  /** Whether another page may follow `last`. */
  isFull(last: Page): boolean {
    return last.length >= this.size;
  }

  /** Whether nothing is missing at the end of `last`. */
  isWhole(last: Page): boolean {
    return last.at(-1)?.key === this.lastKey;
  }

  /** How many contacts there are. The last page may come back short: the longest that came counts. */
  countBy(last: Page): number {
    this.#count = Math.max(this.#count, (this.pages - 1) * this.size + last.length);
    return this.#count;
  }
}

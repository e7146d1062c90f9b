import { ExplainedError, exitCodes } from '../errors.ts';
import type { ServiceRecord } from '../records/record.ts';

/** Identical pages in a row, or pages that bring nothing new beyond those that did, before we stop. */
const patience = 3;

/**
 * Recognises a service that repeats itself for ever: the same page in answer to every number, or
 * a round of pages. Rows that shift because contacts are created meanwhile also bring pages without
 * news, but other ones each time, and never more of them than were read before.
 */
export class LoopDetector {
  #pages = 0;
  #withNews = 0;
  #withoutNews = 0;
  #alike = 0;
  #last = '';

  /** `repeated` of the page's contacts were met before in the same walk. */
  check(page: readonly ServiceRecord[], repeated: number): void {
    this.#pages += 1;
    if (repeated < page.length) {
      this.#withNews += 1;
      this.#withoutNews = 0;
      this.#alike = 0;
      this.#last = '';
      return;
    }
    const keys = page.map((contact) => contact.key).join(' ');
    this.#alike = keys === this.#last ? this.#alike + 1 : 0;
    this.#last = keys;
    this.#withoutNews += 1;
    const looping = this.#alike >= patience || this.#withoutNews >= this.#withNews + patience;
    if (!looping) return;
    throw repeatingService(this.#pages);
  }
}

/** Exit 8: the pages never end. */
export function repeatingService(page: number): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.incomplete,
    code: 'repeating-service',
    message: `the service repeats itself: up to page ${page} the last pages bring nothing new`,
    hint: 'it seems to ignore page numbers, so some contacts may be missing; narrow the filters, and report it to the service',
  });
}

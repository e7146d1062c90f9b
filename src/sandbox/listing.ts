import type { Matches } from './matching.ts';

const blockSize = 1024;

/** People who came or moved to the front, oldest first, and those taken from where they were. */
export interface Shifts {
  readonly front: readonly number[];
  readonly gone: ReadonlySet<number>;
}

/**
 * Everyone who matches one set of filters, newest first. It remembers how many match in each block of
 * the numbering, so that a later page skips what lies before it.
 */
export class Listing {
  readonly #shifts: Shifts;
  readonly #matches: Matches;
  readonly #start: number;
  readonly #end: number;
  readonly #counts: number[] = [];

  constructor(shifts: Shifts, matches: Matches, [start, end]: [number, number]) {
    this.#shifts = shifts;
    this.#matches = matches;
    this.#start = start;
    this.#end = end;
  }

  rows(offset: number, size: number): number[] {
    const found: number[] = [];
    let skip = offset;
    const visit = (person: number) => {
      if (skip > 0) skip -= 1;
      else if (found.length < size) found.push(person);
    };
    for (const person of this.#shifts.front.toReversed()) {
      if (this.#matches(person)) visit(person);
    }
    for (let block = 0; found.length < size && this.#from(block) < this.#end; block += 1) {
      const count = this.#counts[block];
      if (count !== undefined && skip >= count) skip -= count;
      else this.#visitBlock(block, visit);
    }
    return found;
  }

  total(): number {
    const blocks = Math.ceil((this.#end - this.#start) / blockSize);
    while (this.#counts.length < blocks) this.#visitBlock(this.#counts.length, () => {});
    const front = this.#shifts.front.filter(this.#matches).length;
    return this.#counts.reduce((sum, count) => sum + count, front);
  }

  /** To be called before a person leaves their place. */
  forget(person: number): void {
    const block = Math.floor((person - this.#start) / blockSize);
    const count = this.#counts[block];
    if (count !== undefined && person < this.#end && this.#matches(person)) {
      this.#counts[block] = count - 1;
    }
  }

  #visitBlock(block: number, visit: (person: number) => void): void {
    const { gone } = this.#shifts;
    const start = this.#from(block);
    const end = Math.min(start + blockSize, this.#end);
    let count = 0;
    for (let person = start; person < end; person += 1) {
      if (!this.#matches(person) || (gone.size > 0 && gone.has(person))) continue;
      count += 1;
      visit(person);
    }
    this.#counts[block] = count;
  }

  #from(block: number): number {
    return this.#start + block * blockSize;
  }
}

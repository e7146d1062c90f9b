import { type Filters, type Matches, matching, type Range } from './filters.ts';
import { mix, type People, type Person } from './people.ts';

const rememberedListings = 32;
const blockSize = 1024;

/** Everyone, in the order of the answers, and how that order shifts while a client reads. */
export class Ordering {
  readonly people: People;
  /** Those who came or moved to the front, oldest first. */
  readonly front: number[] = [];
  /** Those taken from where they were. */
  readonly gone = new Set<number>();
  readonly #pageSize: number;
  readonly #listings = new Map<string, Listing>();
  #changes = 0;
  #arrivals = 0;

  constructor(people: People, pageSize: number) {
    this.people = people;
    this.#pageSize = pageSize;
  }

  page(filters: Filters, page: number): readonly Person[] {
    return this.#listing(filters).rows((page - 1) * this.#pageSize, this.#pageSize);
  }

  /** The last page that holds anyone; 1 when none does. */
  lastPage(filters: Filters): number {
    return Math.max(1, Math.ceil(this.#listing(filters).total() / this.#pageSize));
  }

  everyone(filters: Filters): readonly Person[] {
    return this.#listing(filters).rows(0, Number.POSITIVE_INFINITY);
  }

  /** A new contact at the front. */
  insert(): void {
    this.#arrivals += 1;
    this.front.push(-this.#arrivals);
  }

  /** Some contact writes, and comes first from now on. */
  move(): void {
    const number = this.remove();
    if (number === undefined) return;
    this.people.activity.set(number, this.people.now + this.#changes * 1000);
    this.front.push(number);
  }

  /** Some contact disappears: which one. */
  remove(): number | undefined {
    const { people, gone } = this;
    this.#changes += 1;
    const first = mix(people.seed + this.#changes);
    for (let step = 0; step < people.total; step += 1) {
      const number = (first + step) % people.total;
      if (people.person(number).isVisitor || gone.has(number)) continue;
      for (const listing of this.#listings.values()) listing.recount(number);
      gone.add(number);
      return number;
    }
    return undefined;
  }

  #listing(filters: Filters): Listing {
    const key = JSON.stringify(filters);
    const listing = this.#listings.get(key) ?? new Listing(this, filters);
    if (this.#listings.size > rememberedListings) this.#listings.clear();
    this.#listings.set(key, listing);
    return listing;
  }
}

/**
 * Everyone who matches one set of filters, newest first. It remembers how many match in each block
 * of the numbering, so that a later page skips what lies before it.
 */
class Listing {
  readonly #ordering: Ordering;
  readonly #matches: Matches;
  readonly #start: number;
  readonly #end: number;
  readonly #counts = new Map<number, number>();

  constructor(ordering: Ordering, filters: Filters) {
    const { people } = ordering;
    this.#ordering = ordering;
    this.#matches = matching(filters);
    // creation falls with the number, so a range of it is one of numbers
    const created = filters.wanted['createdAt'] as Range | undefined;
    const { from, to } = created ?? { from: -Infinity, to: Infinity };
    this.#start = firstWhere(people, ({ createdAt }) => createdAt <= to);
    this.#end = firstWhere(people, ({ createdAt }) => createdAt < from);
  }

  rows(offset: number, size: number): Person[] {
    const found: Person[] = [];
    let skip = offset;
    const take = (members: readonly Person[]) => {
      found.push(...members.slice(skip, skip + size - found.length));
      skip = Math.max(0, skip - members.length);
    };
    take(this.#front().reverse());
    for (let block = 0; found.length < size && this.#from(block) < this.#end; block += 1) {
      const count = this.#counts.get(block);
      if (count !== undefined && skip >= count) skip -= count;
      else take(this.#members(block));
    }
    return found;
  }

  total(): number {
    let total = this.#front().length;
    for (let block = 0; this.#from(block) < this.#end; block += 1) {
      total += this.#counts.get(block) ?? this.#members(block).length;
    }
    return total;
  }

  /** Has the people around this number counted again. */
  recount(number: number): void {
    this.#counts.delete(Math.floor((number - this.#start) / blockSize));
  }

  #front(): Person[] {
    const { front, people } = this.#ordering;
    return front.map((number) => people.person(number)).filter(this.#matches);
  }

  #members(block: number): Person[] {
    const { gone, people } = this.#ordering;
    const members: Person[] = [];
    const end = Math.min(this.#from(block + 1), this.#end);
    for (let number = this.#from(block); number < end; number += 1) {
      const person = people.person(number);
      if (this.#matches(person) && !gone.has(number)) members.push(person);
    }
    this.#counts.set(block, members.length);
    return members;
  }

  #from(block: number): number {
    return this.#start + block * blockSize;
  }
}

function firstWhere(people: People, isPast: Matches): number {
  let low = 0;
  let high = people.total;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(people.person(middle))) high = middle;
    else low = middle + 1;
  }
  return low;
}

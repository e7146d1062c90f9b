import { mix } from './draw.ts';
import type { Filters } from './filters.ts';
import { Listing } from './listing.ts';
import { matching, span } from './matching.ts';
import type { People } from './people.ts';

const rememberedListings = 32;

/** Everyone, in the order of the answers, and how that order shifts while a client reads. */
export class Roll {
  readonly people: People;
  readonly #pageSize: number;
  readonly #front: number[] = [];
  readonly #gone = new Set<number>();
  readonly #listings = new Map<string, Listing>();
  #events = 0;
  #arrivals = 0;

  constructor(people: People, pageSize: number) {
    this.people = people;
    this.#pageSize = pageSize;
  }

  page(filters: Filters, page: number): readonly number[] {
    return this.#listing(filters).rows((page - 1) * this.#pageSize, this.#pageSize);
  }

  /** The last page that holds anyone; 1 when none does. */
  lastPage(filters: Filters): number {
    return Math.max(1, Math.ceil(this.#listing(filters).total() / this.#pageSize));
  }

  everyone(filters: Filters): readonly number[] {
    return this.#listing(filters).rows(0, Number.POSITIVE_INFINITY);
  }

  /** A new contact at the front. */
  insert(): void {
    this.#arrivals += 1;
    this.#front.push(-this.#arrivals);
  }

  /** Some contact disappears. */
  remove(): void {
    this.#takeOne();
  }

  /** Some contact writes, and comes first from now on. */
  move(): void {
    const person = this.#takeOne();
    if (person === undefined) return;
    this.people.stir(person, this.people.now + this.#events * 1000);
    this.#front.push(person);
  }

  #takeOne(): number | undefined {
    const { people } = this;
    this.#events += 1;
    const first = mix(people.seed + this.#events);
    for (let step = 0; step < people.total; step += 1) {
      const person = (first + step) % people.total;
      if (people.isVisitor(person) || this.#gone.has(person)) continue;
      for (const listing of this.#listings.values()) listing.forget(person);
      this.#gone.add(person);
      return person;
    }
    return undefined;
  }

  #listing(filters: Filters): Listing {
    const key = JSON.stringify(filters);
    let listing = this.#listings.get(key);
    if (listing === undefined) {
      const shifts = { front: this.#front, gone: this.#gone };
      listing = new Listing(
        shifts,
        matching(this.people, filters),
        span(this.people, filters.createdAt),
      );
      const oldest = this.#listings.keys().next();
      if (this.#listings.size >= rememberedListings && !oldest.done)
        this.#listings.delete(oldest.value);
    } else {
      this.#listings.delete(key);
    }
    this.#listings.set(key, listing);
    return listing;
  }
}

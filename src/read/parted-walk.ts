import type { ServiceRecord } from '../records/record.ts';
import { SeenKeys } from './seen-keys.ts';
import { emptyTally, type Tally } from './tally.ts';
import type { Walk } from './walk.ts';

/** Walks one after the other, where no single list holds all records; each is met once. */
export class PartedWalk {
  readonly #parts: readonly ((met: number) => Walk)[];
  readonly #walks: Walk[] = [];
  readonly #seen = new SeenKeys();
  /** Met by the walk of an earlier part as well. */
  #again = 0;

  /** Each part is opened when its turn comes, knowing how many were met before. */
  constructor(parts: readonly ((met: number) => Walk)[]) {
    this.#parts = parts;
  }

  get tally(): Tally {
    const tallies = this.#walks.map(({ tally }) => tally);
    const sum = (field: 'pages' | 'received' | 'unique' | 'duplicates' | 'late' | 'keyless') =>
      tallies.reduce((total, tally) => total + tally[field], 0);
    const verdicts = tallies.map(({ stable }) => stable);
    return {
      ...emptyTally(),
      pages: sum('pages'),
      received: sum('received'),
      unique: sum('unique') - this.#again,
      duplicates: sum('duplicates') + this.#again,
      late: sum('late'),
      keyless: sum('keyless'),
      walks: Math.max(0, ...tallies.map(({ walks }) => walks)),
      stable: verdicts.includes(false) ? false : verdicts[0],
      shuffled: tallies.some(({ shuffled }) => shuffled),
      ended: tallies.length === this.#parts.length && tallies.every(({ ended }) => ended),
      keylessTwice: tallies.some(({ keylessTwice }) => keylessTwice),
    };
  }

  async *pages(): AsyncGenerator<readonly ServiceRecord[]> {
    let met = 0;
    for (const open of this.#parts) {
      const walk = open(met);
      this.#walks.push(walk);
      for await (const page of walk.pages()) {
        const fresh = page.filter(({ key }) => this.#seen.meet(key, 1) === 0);
        this.#again += page.length - fresh.length;
        met += fresh.length;
        if (fresh.length > 0) yield fresh;
      }
    }
  }
}

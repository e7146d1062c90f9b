import type { Mismatch } from '../records/filter-field.ts';
import type { Resource } from '../records/resource.ts';

/** What a record did not hold to. */
export interface Drop {
  readonly mismatch: Mismatch;
  readonly flag: string;
}

/** How many records were left out, and why. */
export class Dropped {
  readonly unapplied = new Map<string, number>();
  margin = 0;
  excluded = 0;

  /** All that the service should not have sent. */
  get total(): number {
    return this.margin + this.#unapplied;
  }

  get #unapplied(): number {
    return [...this.unapplied.values()].reduce((sum, count) => sum + count, 0);
  }

  add({ mismatch, flag }: Drop): void {
    if (mismatch === 'margin') this.margin += 1;
    else if (mismatch === 'excluded') this.excluded += 1;
    else this.unapplied.set(flag, (this.unapplied.get(flag) ?? 0) + 1);
  }

  /** One warning for all filters that the service did not apply; none when it did. */
  warnings({ one, many }: Resource): readonly string[] {
    if (this.unapplied.size === 0) return [];
    const flags = [...this.unapplied].map(([flag, count]) => `${flag} (${count})`).join(', ');
    const records = this.#unapplied === 1 ? `1 ${one}` : `${this.#unapplied} ${many}`;
    return [`${records} left out: the service did not apply ${flags}; --trust-server keeps them`];
  }
}

import type { ColumnSet, RecordColumn } from '../records/columns.ts';
import type { ServiceRecord } from '../records/record.ts';
import type { Resource } from '../records/resource.ts';

/** Whether any record has the custom attributes that columns and tests name: a misspelt one is empty everywhere. */
export class NamedAttributes {
  readonly #set: ColumnSet;
  readonly #missing: Set<string>;
  #read = 0;

  constructor(set: ColumnSet, columns: readonly RecordColumn[]) {
    this.#set = set;
    this.#missing = new Set(columns.flatMap(({ attribute }) => attribute ?? []));
  }

  look(page: readonly ServiceRecord[]): void {
    this.#read += page.length;
    for (const record of page) {
      if (this.#missing.size === 0) return;
      const held = this.#set.attributes?.(record);
      for (const key of this.#missing) if (held?.has(key)) this.#missing.delete(key);
    }
  }

  /** One line for all; none where nothing was read. */
  warnings({ one }: Resource): readonly string[] {
    if (this.#read === 0 || this.#missing.size === 0) return [];
    const names = [...this.#missing].map((key) => `attr.${key}`).join(', ');
    return [`no ${one} that was read has ${names}`];
  }
}

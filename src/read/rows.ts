import type { RecordColumn } from '../records/columns.ts';
import type { ServiceRecord } from '../records/record.ts';
import type { Cell, Row } from '../table.ts';

/** Records as rows of a table. */
export async function* rowsOf(
  pages: AsyncIterable<readonly ServiceRecord[]>,
  columns: readonly RecordColumn[],
): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) {
    if (page.length > 0) yield page.map((record) => new RecordRow(record, columns));
  }
}

/** Reads no more of the record than the format asks for. */
class RecordRow implements Row {
  readonly #record: ServiceRecord;
  readonly #columns: readonly RecordColumn[];

  constructor(record: ServiceRecord, columns: readonly RecordColumn[]) {
    this.#record = record;
    this.#columns = columns;
  }

  get cells(): readonly Cell[] {
    return this.#columns.map((column) => column.read(this.#record));
  }

  get json(): string {
    return this.#record.json;
  }

  get plainJson(): Uint8Array | undefined {
    return this.#record.plainJson;
  }

  get id(): string | undefined {
    const { key, keyless } = this.#record;
    // An id of another type than text has a mark before it.
    return keyless ? undefined : key.replace('\u0001', '');
  }
}

/** The first `limit` items of all pages; tells whether anything was or may be left behind. */
export async function* firstOf<T>(
  pages: AsyncIterable<readonly T[]>,
  limit: number,
  onCut: () => void,
): AsyncGenerator<readonly T[]> {
  let left = limit;
  for await (const page of pages) {
    yield page.slice(0, left);
    left -= page.length;
    if (left <= 0) return onCut();
  }
}

import type { ServiceRecord } from '../records/record.ts';
import { type Dialect, recordColumns } from './schema.ts';
import { type ContactRow, rowOf, type Value } from './values.ts';

/** Contacts as rows of a kind of database; made one by one, so that none is kept for long. */
export function contactRows(
  contacts: readonly ServiceRecord[],
  { rawOf }: Dialect,
): Iterable<ContactRow> {
  return {
    *[Symbol.iterator]() {
      for (const contact of contacts) yield rowOf(contact, recordColumns, rawOf);
    },
  };
}

/** What a row is told by, and its raw text. */
export interface RowText {
  readonly id: string;
  readonly raw: Value;
}

export function textOf(row: ContactRow): RowText {
  return { id: row[0] as string, raw: row.at(-1) as Value };
}

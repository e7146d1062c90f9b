import type { ServiceRecord } from '../records/record.ts';
import type { Dialect } from './schema.ts';
import type { ContactRow, Value } from './values.ts';

export type Row = { readonly [column: string]: unknown };

/** SQL to one database; `?` stands for a parameter in either kind. */
export interface Connection {
  readonly dialect: Dialect;
  /** For messages. */
  readonly shown: string;
  /** A contact's JSON text as a parameter, where `dialect.rawMark` stands for it. */
  readonly raw: (contact: ServiceRecord) => Value;
  all(sql: string, params?: readonly Value[]): Promise<readonly Row[]>;
  /** How many rows were changed. */
  run(sql: string, params?: readonly Value[]): Promise<number>;
  /** Runs `INSERT … (columns) VALUES rows` with what is to follow; returns how many rows were changed. */
  insert(head: string, rows: readonly ContactRow[], tail: string): Promise<number>;
  /** Which of our names are taken, and by tables of which columns. */
  relations(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** A `?` for each parameter. */
export function marks(params: readonly unknown[]): string {
  return params.map(() => '?').join(', ');
}

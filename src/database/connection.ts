import type { Insertion } from './insertions.ts';
import type { Dialect } from './schema.ts';
import type { Value } from './values.ts';

export type Row = { readonly [column: string]: unknown };

/** SQL to one database; `?` stands for a parameter in either kind. */
export interface Connection {
  readonly dialect: Dialect;
  /** For messages. */
  readonly shown: string;
  all(sql: string, params?: readonly Value[]): Promise<readonly Row[]>;
  /** How many rows were changed. */
  run(sql: string, params?: readonly Value[]): Promise<number>;
  /**
   * Writes rows, each with a value for every column, and `at` into those that are stamped; returns
   * how many were changed.
   */
  insert(into: Insertion, rows: Iterable<readonly Value[]>, at?: string): Promise<number>;
  /** Which of our names are taken, and by tables of which columns. */
  relations(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** A `?` for each parameter. */
export function marks(params: readonly unknown[]): string {
  return params.map(() => '?').join(', ');
}

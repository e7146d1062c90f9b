import { usageError } from '../../errors.ts';
import {
  columnNames,
  defaultColumns,
  parseColumns,
  type RecordColumn,
} from '../../records/contacts/columns.ts';
import type { Cell, Row } from '../../table.ts';

/** The words for --columns that stand for several columns. */
export interface ColumnChoice {
  /** The columns that are known before the first contact is. */
  readonly columns: readonly RecordColumn[];
  /** Whether every custom attribute is to follow as a column; known only at the end. */
  readonly attributes: boolean;
  /** True when the user chose none. */
  readonly whole: boolean;
}

/**
 * Reads --columns. `toFile` tells whether the columns may be found over the whole export first,
 * `possible` are the only columns that the format has a place for.
 */
export function chooseColumns(
  names: readonly string[] | undefined,
  toFile: boolean,
  possible?: readonly string[],
): ColumnChoice {
  if (possible !== undefined) return choosePossible(names, possible);
  if (names === undefined) {
    return { columns: parseColumns(defaultColumns), attributes: false, whole: true };
  }
  const all = names.includes('all');
  const attributes = names.includes('attrs');
  if (attributes && !toFile) {
    throw usageError(
      'the column attrs needs an export to a file: its columns are known only at the end',
      'use: reekolect contacts export --columns … -o FILE, or name them: attr.city',
    );
  }
  const rest = names.filter((name) => name !== 'all' && name !== 'attrs');
  const wanted = all
    ? [...columnNames, ...rest.filter((name) => !columnNames.includes(name))]
    : rest;
  return {
    columns: parseColumns(wanted),
    attributes: attributes || (all && toFile),
    whole: false,
  };
}

function choosePossible(
  names: readonly string[] | undefined,
  possible: readonly string[],
): ColumnChoice {
  const whole = names === undefined;
  const wanted = whole || names.includes('all') ? possible : names;
  const strange = wanted.filter((name) => !possible.includes(name));
  if (strange.length === 0) return { columns: parseColumns(wanted), attributes: false, whole };
  throw usageError(
    `this format has no place for the column${strange.length === 1 ? '' : 's'} ${strange.join(', ')}`,
    `it holds: ${possible.join(' ')}; leave --columns out for all of them`,
    'unknown-column',
  );
}

/** Orders rows by a column, `-name` from high to low; rows without a value come last. */
export function sortRows(
  rows: readonly Row[],
  columns: readonly RecordColumn[],
  sort: string,
): readonly Row[] {
  const down = sort.startsWith('-');
  const index = sortColumn(columns, sort);
  const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  const keyed = rows.map((row) => ({ row, key: row.cells[index] ?? null }));
  const order = ({ key: left }: { key: Cell }, { key: right }: { key: Cell }) => {
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    const both = typeof left === 'number' && typeof right === 'number';
    const ascending = both ? left - right : collator.compare(String(left), String(right));
    return down ? -ascending : ascending;
  };
  return keyed.sort(order).map(({ row }) => row);
}

/** Where the column to sort by stands. Throws a usage error when it is not shown. */
export function sortColumn(columns: readonly RecordColumn[], sort: string): number {
  const name = sort.replace(/^-/, '');
  const index = columns.findIndex((column) => column.name === name);
  if (index >= 0) return index;
  throw usageError(
    `--sort ${name}: no such column is shown`,
    `shown are: ${columns.map((column) => column.name).join(', ')}`,
    'unknown-column',
  );
}

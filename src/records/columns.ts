import { usageError } from '../errors.ts';
import { nearest } from '../suggest.ts';
import type { Cell, Column, ColumnKind, Tone } from '../table.ts';
import { at, type ServiceRecord } from './record.ts';

/** A column that knows where a record holds its value. `read` takes any record and never throws. */
export interface RecordColumn extends Column {
  readonly read: (record: ServiceRecord) => Cell;
}

/** The columns that a kind of record has. */
export interface ColumnSet {
  /** Those with a name of their own, in the order that `all` shows them. */
  readonly named: readonly RecordColumn[];
  /** Shown where nobody chose. */
  readonly defaults: readonly string[];
  /** A record's custom attributes as text; a set without any leaves it out. */
  readonly attributes?: (record: ServiceRecord) => ReadonlyMap<string, string>;
}

/** What --columns asks for. */
export interface ColumnChoice {
  /** The columns that are known before the first record is. */
  readonly columns: readonly RecordColumn[];
  /** Whether every custom attribute is to follow as a column; known only at the end. */
  readonly attributes: boolean;
  /** True when the user chose none. */
  readonly whole: boolean;
}

/** Words that stand for several columns. */
export const columnGroups = ['attrs', 'all'] as const;

export function column(
  name: string,
  kind: ColumnKind,
  read: RecordColumn['read'],
  tone?: (cell: Cell) => Tone | undefined,
): RecordColumn {
  return tone === undefined ? { name, kind, read } : { name, kind, read, tone };
}

export function columnNames({ named }: ColumnSet): readonly string[] {
  return named.map(({ name }) => name);
}

/** The columns that were asked for, in that order. Throws a usage error for an unknown or repeated one. */
export function parseColumns(set: ColumnSet, names: readonly string[]): RecordColumn[] {
  const wanted = names.map((name) => name.trim());
  const repeated = wanted.find((name, index) => wanted.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw usageError(`the column ${repeated} is named twice`, 'name it once', 'repeated-column');
  }
  return wanted.map((name) => parseColumn(set, name));
}

export interface ChoiceOptions {
  /** Whether the columns may be found over the whole export first. */
  readonly toFile: boolean;
  /** The only columns that the format has a place for. */
  readonly possible?: readonly string[] | undefined;
}

/** Reads --columns. Throws a usage error for columns that are unknown or have no place. */
export function chooseColumns(
  set: ColumnSet,
  names: readonly string[] | undefined,
  { toFile, possible }: ChoiceOptions,
): ColumnChoice {
  if (possible !== undefined) return choosePossible(set, names, possible);
  if (names === undefined) {
    return { columns: parseColumns(set, set.defaults), attributes: false, whole: true };
  }
  const known = columnNames(set);
  const all = names.includes('all');
  const attributes = names.includes('attrs') && set.attributes !== undefined;
  if (attributes && !toFile) {
    throw usageError(
      'the column attrs needs an export to a file: its columns are known only at the end',
      'use: reekolect contacts export --columns … -o FILE, or name them: attr.city',
    );
  }
  const rest = names.filter((name) => name !== 'all' && (name !== 'attrs' || !attributes));
  const wanted = all ? [...known, ...rest.filter((name) => !known.includes(name))] : rest;
  return {
    columns: parseColumns(set, wanted),
    attributes: attributes || (all && toFile && set.attributes !== undefined),
    whole: false,
  };
}

/** A column for each attribute that is not chosen already, `attr.KEY`, sorted by code point. */
export function attributeColumns(
  set: ColumnSet,
  keys: Iterable<string>,
  chosen: readonly Column[] = [],
): RecordColumn[] {
  const names = new Set(chosen.map(({ name }) => name));
  return [...new Set(keys)]
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((key) => attributeColumn(set, key))
    .filter(({ name }) => !names.has(name));
}

function choosePossible(
  set: ColumnSet,
  names: readonly string[] | undefined,
  possible: readonly string[],
): ColumnChoice {
  const whole = names === undefined;
  const wanted = whole || names.includes('all') ? possible : names;
  const strange = wanted.filter((name) => !possible.includes(name));
  if (strange.length === 0) {
    const known = columnNames(set);
    const columns = parseColumns(
      set,
      wanted.filter((name) => !whole || known.includes(name)),
    );
    return { columns, attributes: false, whole };
  }
  throw usageError(
    `this format has no place for the column${strange.length === 1 ? '' : 's'} ${strange.join(', ')}`,
    `it holds: ${possible.join(' ')}; leave --columns out for all of them`,
    'unknown-column',
  );
}

function parseColumn(set: ColumnSet, name: string): RecordColumn {
  const named = set.named.find((known) => known.name === name);
  if (named !== undefined) return named;
  if (set.attributes && /^attr\../s.test(name)) {
    return attributeColumn(set, name.slice('attr.'.length));
  }
  if (/^(\.[^.]+)+$/.test(name)) return pathColumn(name);
  const what = name === '' ? 'a column without a name' : `unknown column: ${name}`;
  const near = nearest(name, [...columnNames(set), ...columnGroups]);
  const hint = near.length === 0 ? columnHint(set) : `Did you mean ${near.join(' or ')}?`;
  throw usageError(what, hint, 'unknown-column');
}

function columnHint(set: ColumnSet): string {
  const attributes = set.attributes ? 'attr.KEY for a custom attribute, ' : '';
  return `Columns are ${columnNames(set).join(' ')}; ${attributes}.a.b.c for any path in the record`;
}

function attributeColumn({ attributes }: ColumnSet, key: string): RecordColumn {
  return column(`attr.${key}`, 'text', (record) => {
    const value = attributes?.(record).get(key) ?? '';
    return value.trim() === '' ? null : value;
  });
}

function pathColumn(name: string): RecordColumn {
  const path = name.slice(1).split('.');
  return column(name, 'json', ({ record }) => at(record, ...path) ?? null);
}

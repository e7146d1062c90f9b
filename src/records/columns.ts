import { usageError } from '../errors.ts';
import { nearest } from '../suggest.ts';
import type { Cell, Column, ColumnKind, Tone } from '../table.ts';
import { type ColumnItem, readItem } from './column-item.ts';
import { at, type ServiceRecord } from './record.ts';

/** Lists of the account in which ids have names. */
export type DirectoryKind = 'segment' | 'agent';

/** What the ids of a directory are called; may lack any of them. */
export type NamesById = ReadonlyMap<string, string>;

/** A column that knows where a record holds its value. `read` takes any record and never throws. */
export interface RecordColumn extends Column {
  /** What it is asked for by; `name` is the header that it has in the table. */
  readonly field: string;
  /** `names` are those of its directory; ids without one stand for themselves. */
  readonly read: (record: ServiceRecord, names?: NamesById) => Cell;
  /** Where its ids have names. */
  readonly directory?: DirectoryKind;
  /** The key of the custom attribute that it shows. */
  readonly attribute?: string;
  /** Its text may be several values, joined with `; `. */
  readonly joined?: boolean;
}

/** The columns that a kind of record has. */
export interface ColumnSet {
  /** Those with a name of their own, in the order that `all` shows them. */
  readonly named: readonly RecordColumn[];
  /** Written where nobody chose. */
  readonly defaults: readonly string[];
  /** The same in a table for people: the first of them matter most, and as many are shown as fit. */
  readonly tableDefaults?: readonly string[];
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

const oneOfThem = 'name one of them, such as name or attr.city';

function isGroup(name: string): boolean {
  return (columnGroups as readonly string[]).includes(name);
}

export function column(
  name: string,
  kind: ColumnKind,
  read: RecordColumn['read'],
  tone?: (cell: Cell) => Tone | undefined,
): RecordColumn {
  return { name, field: name, kind, read, ...(tone !== undefined && { tone }) };
}

/** Columns whose ids are shown by the names that `find` knows. */
export async function nameColumns(
  columns: readonly RecordColumn[],
  find: (kinds: readonly DirectoryKind[]) => Promise<ReadonlyMap<DirectoryKind, NamesById>>,
): Promise<readonly RecordColumn[]> {
  const kinds = new Set(columns.flatMap(({ directory }) => directory ?? []));
  if (kinds.size === 0) return columns;
  const names = await find([...kinds]);
  return columns.map((it) =>
    it.directory === undefined
      ? it
      : { ...it, read: (record) => it.read(record, names.get(it.directory as DirectoryKind)) },
  );
}

export function columnNames({ named }: ColumnSet): readonly string[] {
  return named.map(({ name }) => name);
}

/**
 * The columns that were asked for, in that order, each as COLUMN or HEADER=COLUMN. Throws a usage
 * error for an unknown one and for a header that two would have.
 */
export function parseColumns(set: ColumnSet, items: readonly string[]): RecordColumn[] {
  const columns = items.map((item) => parseItem(set, readItem(item)));
  const names = columns.map(({ name }) => name);
  const repeated = columns.find(({ name }, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return columns;
  const { name } = repeated;
  const plain = columns.every((it) => it.name !== name || it.field === name);
  if (plain) {
    throw usageError(`the column ${name} is named twice`, 'name it once', 'repeated-column');
  }
  throw usageError(
    `two columns would have the header ${name}`,
    'give one of them another: HEADER=COLUMN',
    'repeated-column',
  );
}

export interface ChoiceOptions {
  /** Whether the columns may be found over the whole export first. */
  readonly toFile: boolean;
  /** The only columns that the format has a place for. */
  readonly possible?: readonly string[] | undefined;
  /** Whether they were typed: a stored default is not for a format that has columns of its own. */
  readonly typed?: boolean;
  /** Whether people see it as a table. */
  readonly forPeople?: boolean;
}

/** Reads --columns. Throws a usage error for columns that are unknown or have no place. */
export function chooseColumns(
  set: ColumnSet,
  items: readonly string[] | undefined,
  { toFile, possible, typed = true, forPeople = false }: ChoiceOptions,
): ColumnChoice {
  if (possible !== undefined) return choosePossible(set, typed ? items : undefined, possible);
  if (items === undefined) {
    const columns = parseColumns(set, (forPeople ? set.tableDefaults : undefined) ?? set.defaults);
    return { columns, attributes: false, whole: true };
  }
  const known = columnNames(set);
  const all = items.includes('all');
  const attributes = items.includes('attrs') && set.attributes !== undefined;
  if (attributes && !toFile) {
    throw usageError(
      'the column attrs needs an export to a file: its columns are known only at the end',
      'use export: --columns … -o FILE, or name them: attr.city',
    );
  }
  const rest = items.filter((item) => item !== 'all' && (item !== 'attrs' || !attributes));
  const wanted = all ? [...known, ...rest.filter((item) => !known.includes(item))] : rest;
  const columns = parseColumns(set, wanted);
  const follow = attributes || (all && toFile && set.attributes !== undefined);
  const taken = columns.find(({ name, field }) => name !== field && name.startsWith('attr.'));
  if (follow && taken !== undefined) {
    throw usageError(
      `an attribute may have the header ${taken.name} as well`,
      'give the column another one: HEADER=COLUMN',
      'repeated-column',
    );
  }
  return { columns, attributes: follow, whole: false };
}

/** A column for each attribute that is not chosen already, `attr.KEY`, sorted by code point. */
export function attributeColumns(
  set: ColumnSet,
  keys: Iterable<string>,
  chosen: readonly RecordColumn[] = [],
): RecordColumn[] {
  const fields = new Set(chosen.map(({ field }) => field));
  return [...new Set(keys)]
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map((key) => attributeColumn(set, key))
    .filter(({ field }) => !fields.has(field));
}

function choosePossible(
  set: ColumnSet,
  names: readonly string[] | undefined,
  possible: readonly string[],
): ColumnChoice {
  const whole = names === undefined;
  const renamed = names?.map(readItem).find(({ header }) => header !== undefined);
  if (renamed !== undefined) {
    throw usageError(
      `this format has no headers: ${renamed.header}=${renamed.name} has no place in it`,
      `name the column alone: ${renamed.name}`,
      'bad-header',
    );
  }
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

function parseItem(set: ColumnSet, { header, name }: ColumnItem): RecordColumn {
  if (header === undefined) return parseColumn(set, name);
  const example = 'write HEADER=COLUMN, such as Mobile=phone; \\= is a plain =';
  if (header === '')
    throw usageError(`the column ${name} has an empty header`, example, 'bad-header');
  if (isGroup(name)) {
    throw usageError(
      `${name} stands for several columns: it can't have the header ${header}`,
      example,
      'bad-header',
    );
  }
  return { ...parseColumn(set, name), name: header };
}

/** The column of that name. Throws a usage error, with the near ones, where there is none. */
export function parseColumn(set: ColumnSet, name: string): RecordColumn {
  const named = set.named.find((known) => known.name === name);
  if (named !== undefined) return named;
  if (set.attributes && /^attr\../s.test(name)) {
    return attributeColumn(set, name.slice('attr.'.length));
  }
  if (/^(\.[^.]+)+$/.test(name)) return pathColumn(name);
  if (isGroup(name)) throw usageError(`${name} stands for several columns`, oneOfThem);
  const what = name === '' ? 'a column without a name' : `unknown column: ${name}`;
  const near = nearest(name, [...columnNames(set), ...columnGroups]);
  const hint = near.length === 0 ? columnHint(set) : `did you mean ${near.join(' or ')}?`;
  throw usageError(what, hint, 'unknown-column');
}

function columnHint(set: ColumnSet): string {
  const attributes = set.attributes ? 'attr.KEY for a custom attribute, ' : '';
  return `columns are ${columnNames(set).join(' ')}; ${attributes}.a.b.c for any path in the record`;
}

function attributeColumn({ attributes }: ColumnSet, key: string): RecordColumn {
  const read = (record: ServiceRecord) => {
    const value = attributes?.(record).get(key) ?? '';
    return value.trim() === '' ? null : value;
  };
  return { ...column(`attr.${key}`, 'text', read), attribute: key, joined: true };
}

function pathColumn(name: string): RecordColumn {
  const path = name.slice(1).split('.');
  return column(name, 'json', ({ record }) => at(record, ...path) ?? null);
}

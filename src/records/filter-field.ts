import { usageError } from '../errors.ts';
import type { Json } from '../table.ts';
import type { ColumnSet, DirectoryKind, NamesById, RecordColumn } from './columns.ts';
import type { ServiceRecord } from './record.ts';

export type JsonObject = { readonly [field: string]: Json };

/** What a user may type for each kind of filter; lists are already split. Views store it so. */
export interface TypedValues {
  readonly text: string;
  readonly list: readonly string[];
  readonly 'yes-no': boolean;
  readonly date: string;
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly json: JsonObject;
  readonly tests: readonly string[];
}

export type FilterKind = keyof TypedValues;

/**
 * Why a record does not belong, though the service sent it. `margin`: outside the exact window but
 * inside the wider one that was asked for. `unapplied`: it provably breaks the filter, so the
 * service did not apply it. `excluded`: a test that only the tool applies. Undefined: it stays,
 * since what is absent or unreadable proves nothing.
 */
export type Mismatch = 'margin' | 'unapplied' | 'excluded';

export type Check = (record: ServiceRecord) => Mismatch | undefined;

/** Something of the service that has an id and a name: a segment, an agent. */
export interface Named {
  readonly id: string;
  readonly name?: string | undefined;
}

/** What a typed value may need to be understood. */
export interface FilterFrame {
  /** The IANA zone that bare dates are in; asked for only when a date needs it. */
  readonly zone: () => string;
  readonly now: Date;
  /** Finds what names of segments or agents stand for. */
  readonly find: (directory: string, names: readonly string[]) => Promise<readonly Named[]>;
  /** The columns that records are tested by. */
  readonly columns: ColumnSet;
  /** What the ids in such columns are called. Throws where the service does not tell. */
  readonly names: (
    kinds: readonly DirectoryKind[],
  ) => Promise<ReadonlyMap<DirectoryKind, NamesById>>;
}

/** One filter, a row: its flag, its part of the request, and how a record is checked against it. */
export interface FilterField<Kind extends FilterKind = FilterKind, Value = unknown> {
  readonly kind: Kind;
  /** `--tag <name>`. */
  readonly flag: string;
  /** The flag for no, where there is one: `--no-online`. */
  readonly opposite?: { readonly flag: string; readonly help: string };
  readonly help: string;
  readonly completion: readonly string[];
  /** Makes of typed values what is asked for. Throws a usage error for what makes no sense. */
  readonly settle: (typed: TypedValues[Kind], frame: FilterFrame) => Value | Promise<Value>;
  /** Its part of the request's body; every field in it is named as applicable. Without one the tool decides alone. */
  readonly body?: (value: Value) => JsonObject;
  readonly check?: (value: Value) => Check;
  /** For a date: the window it begins or ends. */
  readonly window?: { readonly of: string; readonly edge: 'start' | 'end' };
  /** Whether a view's value counts for nothing beside what was typed. */
  readonly overruledBy?: (typed: { readonly [name: string]: unknown }) => boolean;
  /** Whether a view's value holds beside what was typed. */
  readonly adds?: boolean;
  /** Whether it means something else at each run. */
  readonly moves?: (typed: TypedValues[Kind], value: Value) => boolean;
  /** What each part of the value came to, for people. */
  readonly tell?: (value: Value) => readonly string[];
  /** The columns that its check reads. */
  readonly columns?: (value: Value) => readonly RecordColumn[];
  /** Where nothing matches: what in it may be misspelt, or how to see what there is. */
  readonly doubt?: (value: Value) => string | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: a set holds rows of every value type; each row is typed where it is made
export type AnyFilterField = FilterField<any, any>;

export interface FilterSet {
  readonly [name: string]: AnyFilterField;
}

/** The filters of a set as they were typed; an absent one does not filter. */
export type FilterOptions<Fields extends FilterSet = FilterSet> = {
  readonly [Name in keyof Fields]?: TypedValues[Fields[Name]['kind']] | undefined;
};

/** One filter that is set, settled: its part of the request and its check. */
export interface Condition {
  readonly name: string;
  /** As it was typed, the opposite included: `--no-online`. */
  readonly flag: string;
  readonly kind: FilterKind;
  readonly body: JsonObject;
  readonly check: Check | undefined;
  /** What a date came to. */
  readonly instant: Date | undefined;
  /** Whether the service knows nothing of it. */
  readonly local: boolean;
  /** Whether it is counted back from now, so that it means something else at each run. */
  readonly moves: boolean;
  /** What it came to, for people. */
  readonly told: readonly string[];
  /** The columns that the check reads. */
  readonly columns: readonly RecordColumn[];
  /** Where nothing matches: what in it may be misspelt. */
  readonly doubt: string | undefined;
}

export type Filter = readonly Condition[];

/** The filters among a command's options, those that were given. */
export function typedFilters(fields: FilterSet, options: object): FilterOptions {
  const given = options as { readonly [name: string]: unknown };
  return Object.fromEntries(
    Object.keys(fields)
      .filter((name) => given[name] !== undefined)
      .map((name) => [name, given[name]]),
  ) as FilterOptions;
}

/** Understands what was typed. Throws a usage error for the first filter that makes no sense. */
export async function settleFilters(
  fields: FilterSet,
  typed: FilterOptions,
  frame: FilterFrame,
): Promise<Filter> {
  const conditions: Condition[] = [];
  const settle = async (isDue: (kind: FilterKind) => boolean) => {
    for (const [name, field] of Object.entries(fields)) {
      if (!isDue(field.kind) || typed[name] === undefined) continue;
      const value = await field.settle(typed[name] as never, frame);
      conditions.push(conditionOf(name, field, value, typed[name]));
    }
  };
  await settle((kind) => kind !== 'tests' && kind !== 'names');
  checkWindows(fields, conditions);
  // Last, since the service may have to be asked for names.
  await settle((kind) => kind === 'tests');
  await settle((kind) => kind === 'names');
  return conditions;
}

function conditionOf<Value>(
  name: string,
  field: FilterField<FilterKind, Value>,
  value: Value,
  typed?: unknown,
): Condition {
  return {
    name,
    flag: (typed === false ? field.opposite?.flag : undefined) ?? flagName(field),
    kind: field.kind,
    body: field.body?.(value) ?? {},
    check: field.check?.(value),
    instant: value instanceof Date ? value : undefined,
    local: field.body === undefined,
    moves: typed !== undefined && field.moves?.(typed as never, value) === true,
    told: field.tell?.(value) ?? [],
    columns: field.columns?.(value) ?? [],
    doubt: field.doubt?.(value),
  };
}

/** The flag without its value: `--tag`. */
export function flagName({ flag }: Pick<AnyFilterField, 'flag'>): string {
  return flag.split(/[ ,=[]/, 1)[0] ?? flag;
}

/**
 * The same filter, for a service that is not to send what is before `from`. Nobody typed that: what it
 * sends all the same is held against what was typed alone.
 */
export function narrowedTo(filter: Filter, fields: FilterSet, name: string, from: Date): Filter {
  const known = filter.find((condition) => condition.name === name);
  if (known?.instant !== undefined && known.instant >= from) return filter;
  const narrower = conditionOf(name, fields[name] as AnyFilterField, from);
  const others = filter.filter((condition) => condition !== known);
  return [...others, { ...narrower, check: known?.check }];
}

/** Whether a stored value is what the field's flag would make; used for views. */
export function isTyped({ kind }: AnyFilterField, value: unknown): boolean {
  if (kind === 'text' || kind === 'date') return typeof value === 'string';
  if (kind === 'yes-no') return typeof value === 'boolean';
  if (kind === 'json') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function checkWindows(fields: FilterSet, conditions: readonly Condition[]): void {
  for (const start of conditions) {
    const window = fields[start.name]?.window;
    if (window?.edge !== 'start') continue;
    const end = conditions.find(({ name }) => {
      const other = fields[name]?.window;
      return other?.of === window.of && other.edge === 'end';
    });
    if (start.instant === undefined || end?.instant === undefined) continue;
    if (start.instant < end.instant) continue;
    throw usageError(
      `${start.flag} ${start.instant.toISOString()} is not before ${end.flag} ${end.instant.toISOString()}`,
      'nothing can match: swap the two dates',
    );
  }
}

/** An ObjectId: the form of all ids of the service that were ever seen. */
export function isId(text: string): boolean {
  return /^[0-9a-f]{24}$/i.test(text);
}

import { InvalidArgumentError } from 'commander';
import { localError, usageError } from '../errors.ts';
import { decodeText } from '../files/decode-text.ts';
import { expandHome } from '../files/home.ts';
import { readOnce } from '../files/read-once.ts';
import { reasonOf } from '../reasons.ts';
import {
  type AnyFilterField,
  type FilterKind,
  type FilterOptions,
  type FilterSet,
  flagName,
  type JsonObject,
  type TypedValues,
  typedFilters,
} from '../records/filter-field.ts';
import type { Session } from '../session.ts';
import { readView } from '../state/views.ts';
import { readAll } from '../terminal/prompt.ts';
import { type Flag, valueFlag, yesNoFlag } from './flag.ts';
import { list } from './values.ts';

export type FilterFlags<Fields extends FilterSet> = {
  readonly [Name in keyof Fields]: Flag<TypedValues[Fields[Name]['kind']] | undefined>;
} & { readonly view: Flag<string | undefined> };

const group = 'Filters';

/** The flags of a set of filters, a flag for each row, and --view. */
export function filterFlags<Fields extends FilterSet>(fields: Fields): FilterFlags<Fields> {
  const flags = Object.entries(fields).map(([name, field]) => [name, flagOf(field)] as const);
  const view = valueFlag('--view <name>', 'a saved view; filters beside it win', {
    group,
    parse: oneView,
  });
  return { view, ...Object.fromEntries(flags) } as FilterFlags<Fields>;
}

/** In bytes. */
const largestBody = 1_000_000;

const parsers: { readonly [Kind in FilterKind]?: (text: string, before: never) => unknown } = {
  list,
  ids: list,
  names: list,
  tests: (text: string, before: readonly string[] = []) => [...before, text],
};

function flagOf({ kind, flag, help, opposite }: AnyFilterField): Flag<unknown> {
  if (opposite !== undefined) return yesNoFlag(flag, help, opposite, { group });
  const parse = parsers[kind as FilterKind] as Parameters<typeof valueFlag>[2];
  return valueFlag(flag, help, { group, ...(parse && { parse: parse as never }) });
}

/** Filters of views add up for whoever reads them: the last one alone would let more through. */
function oneView(name: string, before: string | undefined): string {
  if (before === undefined || before === name) return name;
  throw new InvalidArgumentError('there is another, and a run takes one view');
}

/** What was typed, and what --view adds where nothing was: the filters of this run. */
export async function filtersOf(
  fields: FilterSet,
  options: { readonly view?: string | undefined },
  session: Session,
): Promise<FilterOptions> {
  const typed: FilterOptions = await withBodies(fields, typedFilters(fields, options), session);
  if (options.view === undefined) return typed;
  const view = readView(options.view, fields, session.settings, session.context.env);
  const kept = Object.entries(view).filter(
    ([name]) => !Object.hasOwn(typed, name) && fields[name]?.overruledBy?.(typed) !== true,
  );
  const both = Object.entries(view)
    .filter(([name]) => fields[name]?.adds === true && Object.hasOwn(typed, name))
    .map(([name, values]) => [
      name,
      [...(values as readonly string[]), ...(typed[name] as readonly string[])],
    ]);
  return { ...Object.fromEntries(kept), ...typed, ...Object.fromEntries(both) };
}

/** JSON as it was typed, in a file or on standard input, read. */
async function withBodies(
  fields: FilterSet,
  typed: FilterOptions,
  session: Session,
): Promise<FilterOptions> {
  const read = { ...typed } as { [name: string]: unknown };
  for (const [name, value] of Object.entries(typed)) {
    const field = fields[name];
    if (field?.kind !== 'json' || typeof value !== 'string') continue;
    read[name] = parseObject(flagName(field), await textOrFile(flagName(field), value, session));
  }
  return read as FilterOptions;
}

/** A value as it was typed, or what @FILE holds, @- being standard input. */
export async function textOrFile(
  flag: string,
  text: string,
  { context }: Session,
): Promise<string> {
  if (!text.startsWith('@')) return text;
  const path = text.slice(1);
  if (path === '-') return readAll(context.stdin, context.signal);
  try {
    return decodeText(await readOnce(expandHome(path, context.env), largestBody, context.signal));
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    const message = `${flag} @${path} can't be read: ${reasonOf(error)}`;
    throw localError('body-file', message, 'check the path');
  }
}

function parseObject(flag: string, json: string): JsonObject {
  const example = `example: ${flag} '{"isSubscriber":true,"applicableFilters":["isSubscriber"]}'`;
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw usageError(`${flag} is not JSON: ${(error as Error).message}`, example);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw usageError(`${flag} is not a JSON object`, example);
}

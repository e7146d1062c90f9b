import { usageError } from '../errors.ts';
import { isRelative, parseInstant } from './dates.ts';
import {
  type FilterField,
  type FilterFrame,
  type FilterKind,
  flagName,
  isId,
  type JsonObject,
  type Named,
} from './filter-field.ts';
import type { WhereTest } from './where.ts';

/** An unset variable in a script must not turn into "everything". */
function emptyValue(flag: string) {
  return usageError(`${flag} is empty`, `give it a value, or leave ${flag} out for no such filter`);
}

type Row<Kind extends FilterKind, Value> = Pick<
  FilterField<Kind, Value>,
  'body' | 'check' | 'overruledBy' | 'doubt'
> & { readonly completion?: readonly string[] };

export function textField(
  flag: string,
  help: string,
  row: Row<'text', string>,
): FilterField<'text', string> {
  const settle = (text: string) => {
    if (text.trim() === '') throw emptyValue(flagName({ flag }));
    return text;
  };
  return { kind: 'text', flag, help, completion: [], settle, ...row };
}

/** `read` makes of each typed item what the service calls it. */
export function listField(
  flag: string,
  help: string,
  row: Row<'list', readonly string[]>,
  read: (item: string) => string = (item) => item,
): FilterField<'list', readonly string[]> {
  const settle = (items: readonly string[]) => checkedList(flag, items).map(read);
  return { kind: 'list', flag, help, completion: [], settle, ...row };
}

export function yesNoField(
  flag: string,
  help: string,
  opposite: { readonly flag: string; readonly help: string },
  row: Row<'yes-no', boolean>,
): FilterField<'yes-no', boolean> {
  return { kind: 'yes-no', flag, help, opposite, completion: [], settle: (yes) => yes, ...row };
}

const dateCompletion = ['today', 'yesterday', '24h', '7d', '30d'];

export function dateField(
  flag: string,
  help: string,
  window: FilterField['window'],
  row: Row<'date', Date>,
): FilterField<'date', Date> {
  const settle = (text: string, { zone, now }: FilterFrame) => parseInstant(text, zone(), now);
  const tell = (date: Date) => [date.toISOString()];
  const common = { kind: 'date', flag, help, completion: dateCompletion, settle } as const;
  return { ...common, tell, moves: isRelative, ...(window && { window }), ...row };
}

/** Ids of 24 hexadecimal digits, checked before the service would refuse them. */
export function idsField(
  flag: string,
  help: string,
  row: Row<'ids', readonly string[]>,
): FilterField<'ids', readonly string[]> {
  const settle = (items: readonly string[]) => {
    const ids = checkedList(flag, items);
    const wrong = ids.find((id) => !isId(id));
    if (wrong === undefined) return ids;
    throw usageError(
      `${flagName({ flag })} takes the id of a bot, 24 hexadecimal digits: ${wrong}`,
      'the id stands in the address of the bot in the dashboard',
      'bad-id',
    );
  };
  return { kind: 'ids', flag, help, completion: [], settle, ...row };
}

/** Ids or names; names are looked up in a directory of the service. */
export function namesField(
  flag: string,
  help: string,
  directory: string,
  row: Row<'names', readonly Named[]>,
): FilterField<'names', readonly Named[]> {
  const settle = async (items: readonly string[], { find }: FilterFrame) => {
    const wanted = checkedList(flag, items);
    const names = wanted.filter((text) => !isId(text));
    const ids = wanted.filter(isId).map((id) => ({ id }));
    return names.length === 0 ? ids : [...ids, ...(await find(directory, names))];
  };
  return { kind: 'names', flag, help, completion: [], settle, ...row };
}

function checkedList(flag: string, items: readonly string[]): readonly string[] {
  if (items.length === 0 || items.some((item) => item.trim() === '')) {
    throw emptyValue(flagName({ flag }));
  }
  return [...new Set(items)];
}

/** JSON that goes into the request's body over everything else. */
export function jsonField(
  flag: string,
  help: string,
  settle: (body: JsonObject) => JsonObject,
): FilterField<'json', JsonObject> {
  return { kind: 'json', flag, help, completion: [], settle, body: (value) => value };
}

/** Tests of a record by any of its columns; the service knows nothing of them. All must hold. */
export function testsField(flag: string, help: string): FilterField<'tests', readonly WhereTest[]> {
  return {
    kind: 'tests',
    flag,
    help,
    completion: [],
    adds: true,
    async settle(texts, frame) {
      const { settleTests } = await import('./where.ts');
      return settleTests([...new Set(texts)], frame);
    },
    check: (tests) => (record) =>
      tests.every(({ passes }) => passes(record)) ? undefined : 'excluded',
    moves: (_texts, tests) => tests.some(({ relative }) => relative),
    tell: (tests) => tests.map(tellTest),
    columns: (tests) => tests.map(({ column }) => column),
  };
}

function tellTest({ text, span }: WhereTest): string {
  if (span === undefined) return text;
  const ends = span.end === undefined ? '' : ` to ${span.end.toISOString()}`;
  return `${text}: ${span.start.toISOString()}${ends}`;
}

import { ExplainedError } from '../errors.ts';
import { type Cell, cellText, type Json } from '../table.ts';
import { columnGroups, nameColumns, parseColumn, type RecordColumn } from './columns.ts';
import { type DateSpan, dateSpan, isRelative, timeReader } from './dates.ts';
import type { FilterFrame } from './filter-field.ts';
import { isIsoForm } from './iso-time.ts';
import { numberIn, readNumber } from './number.ts';
import { caseless, type ServiceRecord } from './record.ts';
import { badTest, readTest, type WrittenTest } from './where-syntax.ts';

/** A test of a record by one of its columns, understood. */
export interface WhereTest {
  readonly text: string;
  readonly column: RecordColumn;
  readonly passes: (record: ServiceRecord) => boolean;
  /** What a date in it came to. */
  readonly span: DateSpan | undefined;
  /** Whether that date is counted back from now. */
  readonly relative: boolean;
}

type Frame = Pick<FilterFrame, 'zone' | 'now' | 'columns' | 'names'>;

/** What one value that a record holds is compared by. */
interface Comparison {
  readonly matches: (item: Json) => boolean;
  readonly span?: DateSpan;
}

/**
 * Understands tests, all before any name is asked for. Throws a usage error for one that makes no
 * sense or names no column.
 */
export async function settleTests(
  texts: readonly string[],
  frame: Frame,
): Promise<readonly WhereTest[]> {
  const tests = await Promise.all(texts.map((text) => understand(text, frame)));
  const columns = await nameColumns(
    tests.map(({ column }) => column),
    frame.names,
  );
  return tests.map(({ test, comparison: { matches, span } }, index) => {
    const column = columns[index] as RecordColumn;
    // Without a value only the operators that deny one hold.
    const none = test.operator.startsWith('!') || test.operator === 'lacks';
    return {
      text: test.text,
      column,
      passes: (record) => itemsOf(column.read(record), column).some(matches) !== none,
      span,
      relative: span !== undefined && isRelative(test.value),
    };
  });
}

async function understand(typed: string, frame: Frame) {
  const test = readTest(typed);
  if ((columnGroups as readonly string[]).includes(test.column)) {
    throw badTest(test.text, 'names several columns', 'name one of them, such as attr.city');
  }
  const column = parseColumn(frame.columns, test.column);
  return { test, column, comparison: await comparisonOf(test, column, frame) };
}

function comparisonOf(test: WrittenTest, column: RecordColumn, frame: Frame): Promise<Comparison> {
  switch (test.operator) {
    case 'has':
    case 'lacks':
      return Promise.resolve({ matches: presence(test, column) });
    case '~':
    case '!~': {
      const part = caseless(test.value);
      return Promise.resolve({ matches: (item) => caseless(cellText(item)).includes(part) });
    }
    case '=':
    case '!=':
      return equality(test, column, frame);
    default:
      return order(test, column, frame);
  }
}

/** Whether there is a value; of a yes-or-no column whether it is yes. */
function presence({ text, operator, column }: WrittenTest, { kind }: RecordColumn) {
  if (operator === 'has' && (kind === 'number' || kind === 'time')) {
    throw badTest(
      text,
      `tests nothing: ${column} is a ${kind}`,
      `put the test in quotes, as in '${column}>${kind === 'time' ? '30d' : '3'}': a shell takes > for itself and writes a file`,
    );
  }
  return kind === 'boolean' ? (item: Json) => item === true : () => true;
}

async function equality(
  test: WrittenTest,
  column: RecordColumn,
  frame: Frame,
): Promise<Comparison> {
  const { text, operator, value } = test;
  const { kind, name } = column;
  const wanted = caseless(kind === 'boolean' ? yesOrNo(test) : value);
  const number = readNumber(value);
  if (kind === 'number' && number === undefined) throw badTest(text, 'compares a number', numbers);
  if (kind === 'time' && isRelative(value)) {
    const hint = `write '${name}>${value}' or '${name}<${value}'; a whole day is '${name}${operator}2026-11-01'`;
    throw badTest(text, 'asks for an exact instant', hint);
  }
  const isSame = (item: Json) => caseless(cellText(item)) === wanted || item === number;
  if (kind !== 'time' && !isIsoForm(value)) return { matches: isSame };
  const span = await spanOf(test, frame);
  const time = await timeReader(frame.zone());
  return { matches: (item) => isSame(item) || isWithin(time(item), span), span };
}

async function order(test: WrittenTest, { kind }: RecordColumn, frame: Frame): Promise<Comparison> {
  const { text, value } = test;
  const operator = test.operator as keyof typeof comparers;
  const number = readNumber(value);
  if (number !== undefined && kind !== 'time') {
    return { matches: (item) => comparers[operator](numberIn(item), number) };
  }
  if (kind === 'number') throw badTest(text, 'compares a number', numbers);
  const span = await spanOf(test, frame);
  const time = await timeReader(frame.zone());
  const { start, end } = span;
  if (end === undefined) {
    return { matches: (item) => comparers[operator](time(item), start.getTime()), span };
  }
  // The end is no part of the day.
  const [compare, edge] = ofDay[operator];
  const than = { start, end }[edge].getTime();
  return { matches: (item) => comparers[compare](time(item), than), span };
}

/** Nothing is true of NaN. */
const comparers = {
  '<': (held: number, than: number) => held < than,
  '<=': (held: number, than: number) => held <= than,
  '>': (held: number, than: number) => held > than,
  '>=': (held: number, than: number) => held >= than,
};

const ofDay = {
  '<': ['<', 'start'],
  '<=': ['<', 'end'],
  '>': ['>=', 'end'],
  '>=': ['>=', 'start'],
} as const;

function isWithin(time: number, { start, end }: DateSpan): boolean {
  if (end === undefined) return time === start.getTime();
  return time >= start.getTime() && time < end.getTime();
}

const numbers = "write a number, such as 'unread>=3'";

/** The date in a test. Throws a usage error for what is none, a number included. */
async function spanOf({ text, value }: WrittenTest, { zone, now }: Frame): Promise<DateSpan> {
  try {
    return await dateSpan(value, zone(), now);
  } catch (error) {
    if (!(error instanceof ExplainedError) || error.code !== 'bad-date') throw error;
    const unlike = error.message.startsWith('cannot read');
    const why = unlike ? 'compares with neither a number nor a date' : `: ${error.message}`;
    throw badTest(text, why, error.hint);
  }
}

function yesOrNo({ text, value }: WrittenTest): string {
  if (/^(true|yes)$/i.test(value)) return 'true';
  if (/^(false|no)$/i.test(value)) return 'false';
  throw badTest(text, 'compares with neither true nor false', 'write true or false');
}

/** What a record holds in a column: the items of a list, or the one value; none where it is absent. */
function itemsOf(cell: Cell, { joined = false }: RecordColumn): readonly Json[] {
  const parts = joined && typeof cell === 'string' ? cell.split('; ') : [];
  const items: readonly Json[] = Array.isArray(cell) ? cell : [cell, ...parts];
  return items.filter((item) => cellText(item).trim() !== '');
}

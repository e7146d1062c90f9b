import { setImmediate as turn } from 'node:timers/promises';
import type { RecordColumn } from '../records/columns.ts';
import { numberIn } from '../records/number.ts';
import type { ServiceRecord } from '../records/record.ts';
import { type Cell, cellText } from '../table.ts';

export interface Sorting {
  readonly column: RecordColumn;
  readonly descending: boolean;
}

interface Keyed {
  readonly record: ServiceRecord;
  readonly key: Cell;
  /** The number that the key is, as attributes hold them as text too; NaN for words. */
  readonly size: number;
}

type Compare = (one: Keyed, other: Keyed) => number;

/** So many are sorted at a stretch, which takes some 20 ms. */
const runLength = 4096;
const pageLength = 512;

/**
 * The first `limit` of all records in the order of a column; those without a value come last, and
 * equal ones stay in their order. Holds no more than the best so far and those that just came.
 */
export async function* sortedRecords(
  pages: AsyncIterable<readonly ServiceRecord[]>,
  { column, descending }: Sorting,
  limit: number,
  onCut: (all: number) => void,
): AsyncGenerator<readonly ServiceRecord[]> {
  const compare = comparer(column, descending);
  let all = 0;
  let fresh: Keyed[] = [];
  // Each at most half as long as the one before it, so that every record is merged a few times only.
  const runs: Keyed[][] = [];
  const mergeLast = async () => {
    const [later = [], earlier = []] = [runs.pop(), runs.pop()];
    runs.push(await merged(earlier, later, compare, limit));
  };
  const endRun = async () => {
    runs.push(fresh.sort(compare).slice(0, limit));
    fresh = [];
    await turn();
    while (runs.length > 1 && (runs.at(-2) ?? []).length < 2 * (runs.at(-1) ?? []).length) {
      await mergeLast();
    }
  };
  for await (const page of pages) {
    all += page.length;
    for (const record of page) fresh.push({ record, ...keyOf(column.read(record), column) });
    if (fresh.length >= runLength) await endRun();
  }
  await endRun();
  while (runs.length > 1) await mergeLast();
  const [best = []] = runs;
  if (all > best.length) onCut(all);
  for (let from = 0; from < best.length; from += pageLength) {
    yield best.slice(from, from + pageLength).map(({ record }) => record);
  }
}

/** Of equals those of `one` come first. */
async function merged(
  one: readonly Keyed[],
  other: readonly Keyed[],
  compare: Compare,
  limit: number,
): Promise<Keyed[]> {
  const length = Math.min(limit, one.length + other.length);
  const all: Keyed[] = [];
  let [at, otherAt] = [0, 0];
  while (all.length < length) {
    const [left, right] = [one[at], other[otherAt]];
    if (left !== undefined && (right === undefined || compare(left, right) <= 0)) {
      all.push(left);
      at += 1;
    } else if (right !== undefined) {
      all.push(right);
      otherAt += 1;
    }
    if (all.length % runLength === 0) await turn();
  }
  return all;
}

function keyOf(cell: Cell, { kind }: RecordColumn): Pick<Keyed, 'key' | 'size'> {
  const key = cellText(cell).trim() === '' ? null : cell;
  const isText = kind === 'id' || kind === 'phone' || kind === 'time';
  return { key, size: isText ? Number.NaN : numberIn(key) };
}

function comparer({ kind }: RecordColumn, descending: boolean): Compare {
  const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  const byText =
    kind === 'id' ? compareIds : (one: string, other: string) => collator.compare(one, other);
  return (one, other) => {
    if (one.key === null || other.key === null) {
      return Number(one.key === null) - Number(other.key === null);
    }
    const ascending =
      Number(Number.isNaN(one.size)) - Number(Number.isNaN(other.size)) ||
      Number(one.size > other.size) - Number(one.size < other.size) ||
      (Number.isNaN(one.size) ? byText(cellText(one.key), cellText(other.key)) : 0);
    return descending ? -ascending : ascending;
  };
}

/** Ids of one length count up, in whatever digits they are written. */
function compareIds(one: string, other: string): number {
  return one.length - other.length || Number(one > other) - Number(one < other);
}

import type { OutputOptions } from '../cli/flags.ts';
import { usageError } from '../errors.ts';
import { formatFacts } from '../output/formats.ts';
import { nearestNames } from '../suggest.ts';
import type { Cell, Column, Row, Table } from '../table.ts';
import { planOutput } from './output.ts';

export interface Picked {
  readonly columns: readonly Column[];
  /** A row of the picked columns, made of the cells of all. */
  readonly row: (cells: readonly Cell[]) => Row;
}

/** The columns that --columns names, or all, for tables that are not of contacts. */
export function pickColumns(all: readonly Column[], options: OutputOptions): Picked {
  const { format } = planOutput(options, 'tsv');
  if (formatFacts(format).columns !== undefined) {
    throw usageError(`${format} holds contacts only`, 'use csv, json or another format');
  }
  const { columns: names } = options;
  const picked = (names ?? all.map(({ name }) => name)).map((name) => indexOf(all, name.trim()));
  const columns = picked.flatMap((index) => all[index] ?? []);
  return {
    columns,
    row: (cells) => ({
      cells: picked.map((index) => cells[index] ?? null),
      // Never asked for: these tables are no service's records.
      json: '',
    }),
  };
}

/** The table of these rows, each of all the cells. */
export function tableOf(
  { columns, row }: Picked,
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
): Table {
  return { columns, whole: false, pages: rowsOf(pages, row) };
}

async function* rowsOf(
  pages: AsyncIterable<readonly (readonly Cell[])[]>,
  row: Picked['row'],
): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) yield page.map(row);
}

function indexOf(all: readonly Column[], name: string): number {
  const names = all.map((column) => column.name);
  const index = names.indexOf(name);
  if (index >= 0) return index;
  const near = nearestNames(name, names);
  const guess = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  const hint = `${guess}the columns are ${names.join(' ')}`;
  throw usageError(`unknown column: ${name}`, hint, 'unknown-column');
}

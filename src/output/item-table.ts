import { usageError } from '../errors.ts';
import { didYouMean } from '../suggest.ts';
import type { Cell, Column, Row, Table } from '../table.ts';
import { type FormatName, formatFacts } from './formats.ts';

/** A column of something that is no record of the service. */
export interface ItemColumn<Item> extends Column {
  readonly read: (item: Item) => Cell;
}

/** The columns that --columns names, or all. Throws a usage error for an unknown one. */
export function pickColumns<Item>(
  all: readonly ItemColumn<Item>[],
  names: readonly string[] | undefined,
  format: FormatName,
): readonly ItemColumn<Item>[] {
  if (formatFacts(format).columns !== undefined) {
    throw usageError(`${format} holds contacts only`, 'use csv, json or another format');
  }
  return names === undefined ? all : names.map((name) => columnNamed(all, name.trim()));
}

/** A table of items; `json` where a whole item is more than its columns. */
export function itemTable<Item>(
  columns: readonly ItemColumn<Item>[],
  pages: AsyncIterable<readonly Item[]>,
  json?: (item: Item) => string,
): Table {
  const rowOf = (item: Item): Row => ({
    cells: columns.map((column) => column.read(item)),
    json: json?.(item) ?? '',
  });
  return { columns, whole: json !== undefined, pages: rowPages(pages, rowOf) };
}

async function* rowPages<Item>(
  pages: AsyncIterable<readonly Item[]>,
  rowOf: (item: Item) => Row,
): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) if (page.length > 0) yield page.map(rowOf);
}

function columnNamed<Item>(all: readonly ItemColumn<Item>[], name: string): ItemColumn<Item> {
  const found = all.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = all.map((column) => column.name);
  const guess = didYouMean(name, names);
  const hint = `${guess === undefined ? '' : `${guess} `}the columns are ${names.join(' ')}`;
  throw usageError(`unknown column: ${name}`, hint, 'unknown-column');
}

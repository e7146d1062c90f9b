import type { GlobalOptions } from '../cli/flags.ts';
import type { Context } from '../context.ts';
import { deliver, toStdout } from '../output/destination.ts';
import { formatFacts, loadFormat } from '../output/formats.ts';
import type { Cell, Row, Table } from '../table.ts';
import { lookOf } from '../terminal/capabilities.ts';

export interface ListingOptions extends GlobalOptions {
  readonly format?: 'table' | 'tsv' | 'json';
}

/** Writes a short list that holds no contacts: a table for people, tab-separated for pipes. */
export async function writeListing(
  names: readonly string[],
  items: readonly { readonly [name: string]: Cell }[],
  options: ListingOptions,
  context: Context,
): Promise<void> {
  const { stdout } = context;
  const name = options.format ?? (stdout.isTTY === true ? 'table' : 'tsv');
  const format = await loadFormat(name);
  const rows: readonly Row[] = items.map((item) => ({
    cells: names.map((column) => item[column] ?? null),
    json: JSON.stringify(item),
  }));
  const table: Table = {
    columns: names.map((column) => ({ name: column, kind: 'text' })),
    whole: true,
    pages: pagesOf(rows),
  };
  const look = lookOf(context, { color: options.color, truncate: true, timeZone: () => 'UTC' });
  const chunks = format(table, { header: true, excel: false, guard: false, vcard: '4.0', look });
  await deliver(chunks, { gzip: false }, toStdout(stdout, formatFacts(name).styled));
}

async function* pagesOf(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  if (rows.length > 0) yield rows;
}

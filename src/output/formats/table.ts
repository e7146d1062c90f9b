import type { Column, Table } from '../../table.ts';
import { type Capabilities, ellipsisOf } from '../../terminal/capabilities.ts';
import { type Colorize, openColors } from '../../terminal/colors.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';
import { truncate, wrap } from '../../terminal/text-width.ts';
import type { FormatOptions } from '../format.ts';
import { headRow, rowShower, type ShownCell } from './table-cells.ts';
import { rowDrawer } from './table-grid.ts';
import { shareRoom } from './table-widths.ts';

/** Widths are settled by this many rows; those after them are streamed into the same widths. */
const measuredRows = 1000;

/** So many characters are handed on at once: where nothing is cut, one long cell widens all lines. */
const pieceLength = 65_536;

/** For people: no lines, columns two spaces apart, never wider than the terminal. */
export async function* table(source: Table, options: FormatOptions): AsyncGenerator<string> {
  const { columns } = source;
  const { terminal } = options;
  const colorize = await openColors(terminal.color);
  const show = rowShower(columns, options);
  const first: ShownCell[][] = options.header ? [headRow(columns)] : [];
  let widths: readonly number[] | undefined;
  let draw = rowDrawer(columns, [], terminal, colorize);

  const settle = () => {
    widths = shareRoom(
      columns.map((column, i) => ({ ...column, width: widestCell(first, i) })),
      terminal.width,
    );
    draw = rowDrawer(columns, widths, terminal, colorize);
    return first.splice(0);
  };

  for await (const page of source.pages) {
    const rows = page.map(show);
    if (widths) {
      yield* inPieces(rows, draw);
    } else {
      first.push(...rows);
      if (first.length >= measuredRows) yield* inPieces(settle(), draw);
    }
  }
  if (first.length > 0) yield* inPieces(settle(), draw);
  const hidden = columns.slice(widths?.length ?? columns.length);
  if (hidden.length > 0) yield hiddenColumns(hidden, terminal, colorize);
}

function* inPieces(
  rows: readonly ShownCell[][],
  draw: (row: readonly ShownCell[]) => string,
): Generator<string> {
  let piece = '';
  for (const row of rows) {
    piece += draw(row);
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

function widestCell(rows: readonly (readonly ShownCell[])[], column: number): number {
  return rows.reduce((most, row) => Math.max(most, row[column]?.width ?? 0), 1);
}

const longestName = 40;

function hiddenColumns(
  hidden: readonly Column[],
  terminal: Capabilities,
  colorize: Colorize,
): string {
  const shorten = (name: string) =>
    truncate(sanitizeText(name), Math.min(longestName, terminal.width), ellipsisOf(terminal));
  const names = hidden.map(({ name }) => shorten(name)).join(', ');
  const more = `${hidden.length} more column${hidden.length === 1 ? '' : 's'}`;
  return wrap(`(${more}: ${names}; widen the terminal or use --columns)`, terminal.width)
    .map((line) => `${colorize(line, 'quiet')}\n`)
    .join('');
}

import type { Column, Table } from '../../table.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';
import { displayWidth, wrap } from '../../terminal/text-width.ts';
import type { FormatOptions, Look } from '../format.ts';
import { headRow, rowShower, type Shown } from './table-cells.ts';
import { ellipsisOf, painter, rowDrawer } from './table-grid.ts';
import { shareRoom } from './table-widths.ts';

/** Widths are settled by this many rows; those after them are streamed into the same widths. */
const measuredRows = 1000;

/** For people: no lines, columns two spaces apart, never wider than the terminal. */
export async function* table(source: Table, options: FormatOptions): AsyncGenerator<string> {
  const { columns } = source;
  const { look } = options;
  const show = rowShower(columns, look);
  const first: Shown[][] = options.header ? [headRow(columns)] : [];
  let widths: readonly number[] | undefined;
  let draw = rowDrawer(columns, [], look);

  const settle = () => {
    widths = shareRoom(
      columns.map(({ kind }, i) => ({ kind, width: widestCell(first, i) })),
      look.width,
    );
    draw = rowDrawer(columns, widths, look);
    return first.splice(0).map(draw).join('');
  };

  for await (const page of source.pages) {
    const rows = page.map(show);
    if (widths) {
      if (rows.length > 0) yield rows.map(draw).join('');
    } else {
      first.push(...rows);
      if (first.length >= measuredRows) yield settle();
    }
  }
  if (first.length > 0) yield settle();
  const hidden = columns.slice(widths?.length ?? columns.length);
  if (hidden.length > 0) yield hiddenNote(hidden, look);
}

function widestCell(rows: readonly (readonly Shown[])[], column: number): number {
  return rows.reduce((most, row) => Math.max(most, displayWidth(row[column]?.text ?? '')), 1);
}

function hiddenNote(hidden: readonly Column[], look: Look): string {
  const names = hidden.map(({ name }) => sanitizeText(name)).join(', ');
  const more = `${hidden.length} more column${hidden.length === 1 ? '' : 's'}`;
  const note = `(${more}: ${names}; widen the terminal or use --columns)`;
  const paint = painter(look);
  return wrap(note, look.width, ellipsisOf(look))
    .map((line) => `${paint(line, 'quiet')}\n`)
    .join('');
}

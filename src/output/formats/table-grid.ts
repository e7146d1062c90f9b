import Grid from 'cli-table3';
import type { Column } from '../../table.ts';
import { type Capabilities, ellipsisOf } from '../../terminal/capabilities.ts';
import type { Colorize } from '../../terminal/colors.ts';
import { displayWidth, truncate } from '../../terminal/text-width.ts';
import type { ShownCell } from './table-cells.ts';
import { gap } from './table-widths.ts';

const blank = '\ue000';
const blanks = /\ue000+/g;

// No lines: columns are held apart by space alone, and can be copied without debris.
const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(gap),
};

/**
 * Rows as lines of text, in columns of the given widths. cli-table3 measures text by rules that
 * know few scripts and no emoji families, and takes 0.4 ms a row: so it lays out one line of
 * blanks, and every row is poured into that.
 */
export function rowDrawer(
  columns: readonly Column[],
  widths: readonly number[],
  terminal: Capabilities,
  colorize: Colorize,
): (row: readonly ShownCell[]) => string {
  const grid = new Grid({
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  grid.push(widths.map((width) => blank.repeat(width)));
  const line = grid.toString();
  const ellipsis = ellipsisOf(terminal);

  const draw = (cell: ShownCell, room: number, kind: Column['kind'] | undefined) => {
    const fits = cell.width <= room;
    const text = fits ? cell.text : truncate(cell.text, room, ellipsis);
    const spaces = ' '.repeat(room - (fits ? cell.width : displayWidth(text)));
    const styled = colorize(text, cell.style);
    return kind === 'number' ? spaces + styled : styled + spaces;
  };

  return (row) => {
    const cells = widths.map((width, i) => draw(row[i] ?? noCell, width, columns[i]?.kind));
    let next = 0;
    return `${line.replace(blanks, () => cells[next++] ?? '').trimEnd()}\n`;
  };
}

const noCell: ShownCell = { text: '', width: 0 };

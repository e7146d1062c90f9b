import { type Cell, cellText } from '../../table.ts';
import type { Format } from '../format.ts';
import { escapeControls } from './control-characters.ts';
import { escapeFormulas } from './escape-formulas.ts';
import { pageText } from './page-text.ts';

/** One line a row, whatever the cells hold: what would break a line or a cell is escaped. */
export const tsv: Format = (table, options) => {
  const cellOf = (cell: Cell): string => {
    if (typeof cell === 'number') return String(cell);
    const text = cellText(cell);
    // Quotes would be data to cut and awk, so that the guard must do without.
    return escapeControls(options.guard ? escapeFormulas(text, true) : text);
  };
  const line = (cells: readonly Cell[]) => `${cells.map(cellOf).join('\t')}\n`;
  const head =
    options.header && !options.continues ? line(table.columns.map(({ name }) => name)) : '';
  return pageText(table, head, (rows) => rows.map(({ cells }) => line(cells)).join(''));
};

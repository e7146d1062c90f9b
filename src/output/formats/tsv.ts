import { type Cell, cellText } from '../../table.ts';
import type { Format } from '../format.ts';
import { pageText } from './page-text.ts';

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

/** One line a row, whatever the cells hold: what would break a line or a cell is escaped. */
export const tsv: Format = (table, options) => {
  const head =
    options.header && !options.continues ? line(table.columns.map(({ name }) => name)) : '';
  return pageText(table, head, (rows) => rows.map(({ cells }) => line(cells)).join(''));
};

function line(cells: readonly Cell[]): string {
  return `${cells.map((cell) => escapeText(cellText(cell))).join('\t')}\n`;
}

function escapeText(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}

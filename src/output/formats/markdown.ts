import { type Cell, cellText } from '../../table.ts';
import type { Format } from '../format.ts';
import { replaceControlsAndBidi } from './control-characters.ts';
import { escapeFormulas } from './escape-formulas.ts';
import { pageText } from './page-text.ts';

/** A pipe table, as GitHub reads it; guarded too, since it may be pasted into a spreadsheet. */
export const markdown: Format = (table, options) => {
  const cellOf = (cell: Cell): string => {
    if (typeof cell === 'number') return String(cell);
    const text = cellText(cell).trim();
    return cellMarkdown(options.guard ? escapeFormulas(text, true) : text);
  };
  const names = line(table.columns.map(({ name }) => cellOf(name)));
  const rule = line(table.columns.map(({ kind }) => (kind === 'number' ? '---:' : '---')));
  return pageText(table, options.header ? names + rule : '', (rows) =>
    rows.map(({ cells }) => line(cells.map(cellOf))).join(''),
  );
};

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

function cellMarkdown(text: string): string {
  const lines = text.split(/\r\n|[\n\r\v\f\x85\u2028\u2029]/);
  const clean = lines.map((part) => replaceControlsAndBidi(part).replaceAll('\t', ' '));
  return clean.map(escapeMarkdown).join('<br>');
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

// An underscore inside a word means nothing to GitHub: names like created_at stay readable.
const special = /[\\|`<>&*~[\]]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

function escapeMarkdown(text: string): string {
  return text.replace(special, (character) => entities[character] ?? `\\${character}`);
}

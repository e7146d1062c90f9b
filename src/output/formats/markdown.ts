import { type Cell, cellText } from '../../table.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';
import type { Format } from '../format.ts';
import { pageText } from './page-text.ts';

/** A pipe table, as GitHub reads it. */
export const markdown: Format = (table, options) => {
  const names = line(table.columns.map(({ name }) => cellMarkdown(name)));
  const rule = line(table.columns.map(({ kind }) => (kind === 'number' ? '---:' : '---')));
  return pageText(table, options.header ? names + rule : '', (rows) =>
    rows.map(({ cells }) => line(cells.map(cellMarkdown))).join(''),
  );
};

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

function cellMarkdown(cell: Cell): string {
  const lines = cellText(cell)
    .trim()
    .split(/\r\n|[\n\r\v\f\x85\u2028\u2029]/);
  return lines.map((text) => escapeMarkdown(sanitizeText(text))).join('<br>');
}

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

// An underscore inside a word means nothing to GitHub: names like created_at stay readable.
const special = /[\\|`<>&*~[\]]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

function escapeMarkdown(text: string): string {
  return text.replace(special, (character) => entities[character] ?? `\\${character}`);
}

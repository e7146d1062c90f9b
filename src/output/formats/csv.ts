import { stringify } from 'csv-stringify/sync';
import { type Cell, cellText } from '../../table.ts';
import type { Format } from '../format.ts';
import { replaceControls } from './control-characters.ts';
import { escapeFormulas } from './escape-formulas.ts';
import { pageText } from './page-text.ts';

// Readers stop at any line end, not only at ours. A `'` after a separator is a guard's.
const quoted = /[\r\n]|[,;|\t]'/;
const needsQuotes = /[",\r\n]|[;|\t]'/;

/** RFC 4180, with the bare line feeds that Unix tools expect unless it is for a spreadsheet. */
export const csv: Format = (table, options) => {
  const lineEnd = options.excel ? '\r\n' : '\n';
  // A lone empty cell would be an empty line, which readers skip.
  const isLone = table.columns.length === 1;

  const cellOf = (cell: Cell): string => {
    if (typeof cell === 'number') return String(cell);
    const text = replaceControls(cellText(cell));
    if (options.excel && isMangled(text)) return `="${text}"`;
    return options.guard ? escapeFormulas(text) : text;
  };
  const mustQuote = (text: string) => needsQuotes.test(text) || (isLone && text === '');

  // Most rows need no quotes; the others go to the library, those of a page at once. No cell
  // holds a NUL, so that its lines can be told apart.
  const lines = (rows: readonly (readonly Cell[])[]): string => {
    const texts = rows.map((cells) => cells.map(cellOf));
    const special = texts.map((cells) => cells.some(mustQuote));
    const quotedRows = texts.filter((_, i) => special[i]);
    const quotedLines =
      quotedRows.length === 0
        ? []
        : stringify(quotedRows, {
            quoted_match: quoted,
            quoted_empty: isLone,
            record_delimiter: '\0',
          }).split('\0');
    let next = 0;
    return texts
      .map((cells, i) => (special[i] ? quotedLines[next++] : cells.join(',')) + lineEnd)
      .join('');
  };

  const head = options.header ? lines([table.columns.map(({ name }) => name)]) : '';
  const mark = options.excel ? '\ufeff' : '';
  return pageText(table, options.continues ? '' : mark + head, (rows) =>
    lines(rows.map(({ cells }) => cells)),
  );
};

const month = '(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*';
const mangled = [
  /^\+[\d .()-]*\d[\d .()-]*$/, // phones
  /^[+-]?0\d+$/, // leading zeros
  /^[+-]?\d{12,}$/, // shown as 1.23E+15, and only 15 digits are kept
  /^[+-]?\d+(?:\.\d+)?e[+-]?\d+$/i, // 66e07 is a number to them
  /^\d{1,4}[/-]\d{1,2}(?:[/-]\d{1,4})?$/, // dates
  new RegExp(`^(?:\\d{1,2}[ /-]?${month}|${month}[ /-]?\\d{1,4})$`, 'i'),
];

/** Text that a spreadsheet would take for a number or a date, and show as something else. */
function isMangled(text: string): boolean {
  // Other blanks than spaces could end the cell, and what follows would run.
  if (text.length > 64 || /[^\S ]/.test(text)) return false;
  const value = text.trim();
  return mangled.some((pattern) => pattern.test(value));
}

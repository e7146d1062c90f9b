import { stringify } from 'csv-stringify/sync';
import { type Cell, cellText } from '../../table.ts';
import type { Format } from '../format.ts';
import { guardFormula } from './guard.ts';
import { pageText } from './page-text.ts';

/** RFC 4180, with the bare line feeds that Unix tools expect unless it is for a spreadsheet. */
export const csv: Format = (table, options) => {
  const guarded = options.guard ? guardFormula : (text: string) => text;
  const write = options.excel
    ? (text: string) => (isMangled(text) ? `="${text}"` : guarded(text))
    : guarded;
  const lines = (rows: readonly (readonly Cell[])[]) =>
    stringify(
      rows.map((cells) =>
        cells.map((cell) => (typeof cell === 'number' ? String(cell) : write(cellText(cell)))),
      ),
      {
        // Its own rule quotes the line end in use only; readers stop at any.
        quoted_match: /[\r\n]/,
        record_delimiter: options.excel ? '\r\n' : '\n',
        // A lone empty cell would be an empty line, which readers skip.
        quoted_empty: table.columns.length === 1,
      },
    );
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
  const value = text.trim();
  return value.length <= 64 && mangled.some((pattern) => pattern.test(value));
}

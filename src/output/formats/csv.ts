import { stringify } from 'csv-stringify/sync';
import { type Cell, type Column, cellText } from '../../table.ts';
import type { Format, FormatOptions } from '../format.ts';
import { replaceControls } from './control-characters.ts';
import { epochMs } from './epoch-ms.ts';
import { escapeFormulas } from './escape-formulas.ts';
import { pageText } from './page-text.ts';
import { isGuessedAt } from './spreadsheet-guess.ts';
import { wallClock } from './wall-clock.ts';

// A `'` after a separator is a guard's, and so is one at the start: such a cell is not to be split.
const guarded = /[,;|\t]'|^'[^;|\t]*[;|\t]/;
// Readers stop at any line end, not only at ours.
const quoted = new RegExp(`[\\r\\n]|${guarded.source}`);

// Most cells: nothing in them to guard, replace or quote, whatever parts the cells.
const plain = /^(?:[a-z\d][ !#-+\--:<-{}~]*|\+\d{6,15})$/i;

/** RFC 4180, with the bare line feeds that Unix tools expect unless it is for a spreadsheet. */
export const csv: Format = (table, options) => {
  const { columns } = table;
  const lineEnd = options.excel ? '\r\n' : '\n';
  const delimiter = options.delimiter === 'tab' ? '\t' : options.delimiter;
  const needsQuotes = new RegExp(`["\\r\\n${delimiter}]|${guarded.source}`);
  // A lone empty cell would be an empty line, which readers skip.
  const isLone = columns.length === 1;
  const cellOf = cellWriter(options);
  const mustQuote = (text: string) => (text === '' ? isLone : needsQuotes.test(text));

  // Most rows need no quotes; the others go to the library, those of a page at once. No cell
  // holds a NUL, so that its lines can be told apart.
  const lines = (rows: readonly (readonly Cell[])[]): string => {
    const special: string[][] = [];
    const written = rows.map((cells) => {
      let isSpecial = false;
      const texts = cells.map((cell, i) => {
        if (typeof cell === 'string' && !options.excel && plain.test(cell)) return cell;
        const text = cellOf(cell, columns[i]);
        isSpecial ||= mustQuote(text);
        return text;
      });
      if (!isSpecial) return texts.join(delimiter);
      special.push(texts);
      return undefined;
    });
    const quotedLines =
      special.length === 0
        ? []
        : stringify(special, {
            delimiter,
            quoted_match: quoted,
            quoted_empty: isLone,
            record_delimiter: '\0',
          }).split('\0');
    let next = 0;
    return written.map((line) => (line ?? quotedLines[next++]) + lineEnd).join('');
  };

  const head = options.header ? lines([columns.map(({ name }) => name)]) : '';
  const mark = options.excel ? '\ufeff' : '';
  return pageText(table, options.continues ? '' : mark + head, (rows) =>
    lines(rows.map(({ cells }) => cells)),
  );
};

/** How a cell becomes text; for spreadsheets, text that they would change says that it is text. */
function cellWriter({ excel, guard, timeZone }: FormatOptions) {
  const clock = wallClock(timeZone);
  return (cell: Cell, column?: Column): string => {
    if (cell === null || cell === '') return '';
    if (typeof cell === 'number') return String(cell);
    if (excel && column?.kind === 'time') {
      const time = localTime(cell, clock);
      if (time !== undefined) return time;
    }
    const text = replaceControls(cellText(cell));
    if (excel && typeof cell !== 'boolean' && isGuessedAt(text)) return `="${text}"`;
    return guard ? escapeFormulas(text) : text;
  };
}

/** `2026-11-26 15:39:43`; undefined for what spreadsheets know no date for. */
function localTime(cell: Cell, clock: (ms: number) => number): string | undefined {
  const ms = epochMs(cell);
  if (ms === undefined) return undefined;
  const text = new Date(clock(ms)).toISOString();
  return /^(?:19|[2-9]\d)\d\d-/.test(text) ? text.slice(0, 19).replace('T', ' ') : undefined;
}

import { type Cell, cellText, type Row, type Table } from '../../table.ts';
import { safeJson } from '../../terminal/safe-json.ts';
import { compactJson } from '../json-layout.ts';

/** How the rows of this table become JSON: each on one line, without white space. */
export function recordWriter(table: Table): (row: Row) => string {
  if (table.whole) return ({ json }) => safeJson(compactJson(json));
  // Written key by key: an object would reorder keys such as 1, and lose __proto__.
  const keys = table.columns.map(({ name }) => `${JSON.stringify(name)}:`);
  return ({ cells }) =>
    safeJson(`{${keys.map((key, i) => key + cellJson(cells[i] ?? null)).join(',')}}`);
}

function cellJson(cell: Cell): string {
  try {
    return JSON.stringify(cell);
  } catch {
    // Nested deeper than the stack: cellText has words for it.
    return JSON.stringify(cellText(cell));
  }
}

/**
 * Whether a record's JSON text, valid UTF-8, can be written as it is: compact, and without what
 * `safeJson` looks at.
 */
export function isWritable(json: Uint8Array): boolean {
  const { length } = json;
  let inString = false;
  for (let at = 0; at < length; at += 1) {
    const byte = json[at] as number;
    if (byte === 0x22) inString = !inString;
    else if (byte === 0x5c) {
      at += 1;
      // Half a pair of surrogates, maybe.
      if (json[at] === 0x75 && ((json[at + 1] as number) | 0x20) === 0x64) return false;
    } else if (byte <= 0x20) {
      if (!inString) return false;
    } else if (byte >= 0x7f && startsUnsafe(byte, json[at + 1])) return false;
  }
  return true;
}

/** Delete, C1 controls, bidi marks and line separators begin so; some others, too. */
function startsUnsafe(byte: number, next = 0): boolean {
  if (byte === 0xc2) return next < 0xa0;
  return byte === 0x7f || byte === 0xd8 || (byte === 0xe2 && next <= 0x81);
}

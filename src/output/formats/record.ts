import { type Cell, cellText, type Row, type Table } from '../../table.ts';

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

// White space between two tokens always has a bracket, colon or comma on one side.
const maybeSpaced = /[\n\r\t]|^ | $|[{}[\]:,] | [{}[\]:,]/;
const stringOrSpace = /("[^"\\]*(?:\\.[^"\\]*)*")|[ \n\r\t]+/g;

/** Never parsed: numbers keep every digit and keys their order, doubles included. */
function compactJson(json: string): string {
  return maybeSpaced.test(json) ? json.replace(stringOrSpace, '$1') : json;
}

const unsafe = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Escapes what could act on a terminal; to a JSON reader it means the same. */
function safeJson(json: string): string {
  const safe = json.replace(unsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return halfEscape.test(safe) ? mendHalves(safe) : safe;
}

const halfEscape = /\\u[dD][89a-fA-F]/;
const pair = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/.source;
const escapes = new RegExp(`(${pair})|\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}|(\\\\[^])`, 'g');

/** Half of a surrogate pair is no character: jq and others refuse the whole document for it. */
function mendHalves(json: string): string {
  return json.replace(escapes, (_, whole?: string, other?: string) => whole ?? other ?? '\\ufffd');
}

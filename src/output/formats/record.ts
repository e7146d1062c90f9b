import type { Row, Table } from '../../table.ts';

/** How the rows of this table become JSON: each on one line, without white space. */
export function recordWriter(table: Table): (row: Row) => string {
  if (table.whole) return ({ json }) => safeJson(compactJson(json));
  // Written key by key: an object would reorder keys such as 1, and lose __proto__.
  const keys = table.columns.map(({ name }) => `${JSON.stringify(name)}:`);
  return ({ cells }) =>
    safeJson(`{${keys.map((key, i) => key + JSON.stringify(cells[i] ?? null)).join(',')}}`);
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
  return json.replace(unsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

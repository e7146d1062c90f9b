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

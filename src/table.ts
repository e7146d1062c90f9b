/** All that contacts and output share: columns, and rows a page at a time. */

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** One value of one row. `null` means that the record holds no value there. */
export type Cell = Json;

/**
 * What a column holds, so that typed formats need not guess:
 * `time` cells are RFC 3339 UTC strings (or what the service held, when unreadable),
 * `list` cells are arrays of strings, `phone` and `id` cells are digits that are text.
 */
export type ColumnKind = 'text' | 'id' | 'phone' | 'number' | 'boolean' | 'time' | 'list' | 'json';

/** How a cell may be set off for people: colour where there is colour, nothing elsewhere. */
export type Tone = 'good' | 'busy' | 'quiet';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly tone?: (cell: Cell) => Tone | undefined;
  /** Never cut in a table: half of such a word is of no use. */
  readonly keepWhole?: boolean;
  /** So many characters of it say enough, where more would find no room in a table. */
  readonly enough?: number;
}

export interface Row {
  /** One cell for each column of the table, in their order. */
  readonly cells: readonly Cell[];
  /** The record as the service sent it, as JSON text; may span lines. */
  readonly json: string;
  /** The same in UTF-8, where it can be written as it is, in one line. */
  readonly plainJson?: Uint8Array | undefined;
  /** What the record is called in messages; undefined for one without an id. */
  readonly id?: string | undefined;
}

export interface Table {
  readonly columns: readonly Column[];
  /** True when the user chose no columns: json and ndjson then write each row's `json`. */
  readonly whole: boolean;
  readonly pages: AsyncIterable<readonly Row[]>;
}

/** Some of a record's columns under a title, with their cells: how people read one record. */
export interface Section {
  readonly title: string;
  readonly fields: readonly { readonly column: Column; readonly cell: Cell }[];
}

/** A cell as plain text: lists joined with `; `, objects as JSON, no value as ''. */
export function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell !== 'object') return String(cell);
  return Array.isArray(cell) ? cell.map(itemText).join('; ') : jsonText(cell);
}

function itemText(item: Json): string {
  return typeof item === 'object' && item !== null ? jsonText(item) : cellText(item);
}

/** JSON.stringify gives up on nesting deeper than the stack, which a record may hold. */
function jsonText(value: Json): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '(nested too deeply)';
  }
}

import { createHash } from 'node:crypto';
import type { RecordColumn } from '../records/columns.ts';
import { attributesOf } from '../records/contacts/parts.ts';
import { hasFourDigitYear } from '../records/iso-time.ts';
import type { RecordText, ServiceRecord } from '../records/record.ts';
import type { Cell, ColumnKind } from '../table.ts';

/** What both databases take: JSON is its text, or in SQLite that in UTF-8; a time RFC 3339 UTC. */
export type Value = string | number | boolean | null | Uint8Array;

/** One contact: its id, its columns in their order, its attributes and its raw text. */
export type ContactRow = Value[];

/** PostgreSQL indexes no more than 2,704 bytes. */
const longestId = 2000;

/** What the values of a contact are, NUL and half characters replaced: alike in every database. */
export function rowOf(
  contact: ServiceRecord,
  columns: readonly RecordColumn[],
  rawOf: (contact: RecordText) => Value,
): ContactRow {
  const row: ContactRow = [idIn(contact)];
  for (const { kind, read } of columns) row.push(valueIn(kind, read(contact)));
  row.push(attributesJson(contact), rawOf(contact));
  return row;
}

/**
 * The id of a contact: its key, or a hash after U+0003 of one that no index could hold or that is no
 * clean text, and after U+0002 of the content of a contact that has none.
 */
export function idIn({ key, keyless }: Pick<RecordText, 'key' | 'keyless'>): string {
  if (keyless) return `\u0002${hashOf(key)}`;
  const isPlain = key.length <= longestId && Buffer.byteLength(key) <= longestId;
  return isPlain && cleanText(key) === key ? key : `\u0003${hashOf(key)}`;
}

function hashOf(key: string): string {
  // In UTF-8 all halves of characters would be one.
  const encoding = wellFormed(key) === key ? 'utf8' : 'utf16le';
  return createHash('sha256').update(key, encoding).digest('hex');
}

function valueIn(kind: ColumnKind, cell: Cell): Value {
  if (cell === null) return null;
  if (kind === 'boolean') return typeof cell === 'boolean' ? cell : null;
  if (kind === 'number') return typeof cell === 'number' ? cell : null;
  if (kind === 'time') return typeof cell === 'string' && isTime(cell) ? cell : null;
  if (typeof cell === 'string' && kind !== 'list' && kind !== 'json') return cleanText(cell);
  return jsonOf(cell);
}

const utcMillis = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
/** Most times: on a day that every month has. */
const surelyTime =
  /^[12]\d{3}-(0[1-9]|1[0-2])-(?!00)([01]\d|2[0-8])T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{3}Z$/;

/** Whether an instant exists as it is written, in a year that every database knows. */
function isTime(text: string): boolean {
  if (surelyTime.test(text)) return true;
  if (!utcMillis.test(text)) return false;
  const ms = Date.parse(text);
  return hasFourDigitYear(ms) && new Date(ms).toISOString() === text;
}

/** Lists hold names alone: nothing in them is nested. */
function jsonOf(cell: Cell): string {
  const text = JSON.stringify(cell);
  // An escape may stand for what no database takes.
  if (!text.includes('\\u')) return text;
  return JSON.stringify(cell, (_key, value: unknown) =>
    typeof value === 'string' ? cleanText(value) : value,
  );
}

/** Written by hand: an object would take a key `__proto__` for something else. */
function attributesJson(contact: ServiceRecord): string {
  const attributes = attributesOf(contact);
  const json = objectOf(attributes);
  if (!json.includes('\\u')) return json;
  const clean = new Map<string, string>();
  for (const [key, value] of attributes) clean.set(cleanText(key), cleanText(value));
  return objectOf(clean);
}

function objectOf(pairs: Iterable<readonly [key: string, value: string]>): string {
  let json = '';
  for (const [key, value] of pairs) {
    json += `${json === '' ? '' : ','}${JSON.stringify(key)}:${JSON.stringify(value)}`;
  }
  return `{${json}}`;
}

const unclean = /[\0\ud800-\udfff]/;

/** Text that every database takes: halves of characters and NUL become U+FFFD. */
export function cleanText(text: string): string {
  return unclean.test(text) ? wellFormed(text).replaceAll('\0', '\ufffd') : text;
}

function wellFormed(text: string): string {
  return (text as string & { toWellFormed(): string }).toWellFormed();
}

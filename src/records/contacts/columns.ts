import { usageError } from '../../errors.ts';
import { nearestNames } from '../../suggest.ts';
import type { Cell, Column, ColumnKind, Json, Tone } from '../../table.ts';
import { timeOf } from '../dates.ts';
import { e164 } from '../phone.ts';
import { at, attributesOf, listOf, type ServiceRecord, textOf } from '../record.ts';

/** A column that knows where a contact holds its value. `read` takes any record and never throws. */
export interface RecordColumn extends Column {
  readonly read: (contact: ServiceRecord) => Cell;
}

/** Words that stand for several columns; the command puts the columns in their place. */
export const columnGroups = ['attrs', 'all'] as const;

/** The columns that have a name of their own, in the order that `all` shows them. */
const fixedColumns: readonly RecordColumn[] = [
  column('id', 'id', ({ record }) => idOf(at(record, '_id'))),
  column('name', 'text', nameOf),
  column('email', 'text', emailOf),
  column('phone', 'phone', phoneOf),
  column('whatsapp', 'phone', whatsappOf),
  column('platform', 'list', ({ record }) => listOf(at(record, 'platform'))),
  column('status', 'text', ({ record }) => filled(at(record, 'status')), toneOfStatus),
  column('tags', 'list', (contact) => listOf(detail(contact, 'tags'))),
  column('segments', 'list', ({ record }) => listOf(at(record, 'segments'))),
  column('country', 'text', (contact) => placeOf(contact, 'country')),
  column('city', 'text', (contact) => placeOf(contact, 'city')),
  column('agent', 'text', ({ record }) => filled(listOf(at(record, '_agentAssigned')).join('; '))),
  column('online', 'boolean', ({ record }) => flag(at(record, 'isOnline')), toneOfOnline),
  column('interacted', 'boolean', ({ record }) => flag(at(record, 'userInteracted'))),
  column('live_chat', 'boolean', ({ record }) => flag(at(record, 'isLiveChatActive'))),
  column('ordered', 'boolean', ({ record }) => flag(at(record, 'hasOrdered', 'status'))),
  column('last_message_by', 'text', ({ record }) => filled(at(record, 'lastMessage', 'by'))),
  column('last_message_at', 'time', ({ record }) => timeOf(at(record, 'lastMessage', 'at'))),
  column('unread', 'number', ({ record }) => count(at(record, 'unreadMessages'))),
  column('created_at', 'time', ({ record }) => timeOf(at(record, 'createdAt'))),
  column('last_seen_at', 'time', ({ record }) => timeOf(at(record, 'lastSeenAt'))),
  column('updated_at', 'time', ({ record }) => timeOf(at(record, 'updatedAt'))),
];

export const columnNames: readonly string[] = fixedColumns.map(({ name }) => name);

export const defaultColumns: readonly string[] =
  'id name phone email platform status tags created_at last_seen_at'.split(' ');

const columnHint = `Columns are ${columnNames.join(' ')}; attr.KEY for a custom attribute, .a.b.c for any path in the record`;

/** The columns that were asked for, in that order. Throws a usage error for an unknown or repeated one. */
export function parseColumns(names: readonly string[]): RecordColumn[] {
  const wanted = names.map((name) => name.trim());
  const repeated = wanted.find((name, index) => wanted.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw usageError(`the column ${repeated} is named twice`, 'Name it once', 'repeated-column');
  }
  return wanted.map(parseColumn);
}

/** A column for each custom attribute, `attr.KEY`, sorted by code point. */
export function attributeColumns(keys: Iterable<string>): RecordColumn[] {
  const sorted = [...new Set(keys)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return sorted.map(attributeColumn);
}

/** The keys of a contact's custom attributes, each once, in their order. */
export function attributeKeys(contact: ServiceRecord): readonly string[] {
  return [...attributesOf(contact).keys()];
}

function column(
  name: string,
  kind: ColumnKind,
  read: (contact: ServiceRecord) => Cell,
  tone?: (cell: Cell) => Tone | undefined,
): RecordColumn {
  return tone === undefined ? { name, kind, read } : { name, kind, read, tone };
}

function parseColumn(name: string): RecordColumn {
  const fixed = fixedColumns.find((known) => known.name === name);
  if (fixed !== undefined) return fixed;
  if (/^attr\../s.test(name)) return attributeColumn(name.slice('attr.'.length));
  if (/^(\.[^.]+)+$/.test(name)) return pathColumn(name);
  const what = name === '' ? 'a column without a name' : `unknown column: ${name}`;
  const near = nearestNames(name, [...columnNames, ...columnGroups]);
  const hint = near.length === 0 ? columnHint : `Did you mean ${near.join(' or ')}?`;
  throw usageError(what, hint, 'unknown-column');
}

function attributeColumn(key: string): RecordColumn {
  return column(`attr.${key}`, 'text', (contact) => filled(attributesOf(contact).get(key)));
}

function pathColumn(name: string): RecordColumn {
  const path = name.slice(1).split('.');
  return column(name, 'json', ({ record }) => at(record, ...path) ?? null);
}

function detail({ record }: ServiceRecord, key: string): Json | undefined {
  return at(record, 'profile', 'userDetails', key);
}

function nameOf(contact: ServiceRecord): Cell {
  const names = ['userProvidedName', 'name', 'telegramUserName'];
  for (const key of names) {
    const name = filled(detail(contact, key));
    if (name !== null) return name;
  }
  return null;
}

function idOf(id: Json | undefined): Cell {
  return filled(id) ?? filled(at(id, '$oid'));
}

function emailOf(contact: ServiceRecord): Cell {
  return filled(at(detail(contact, 'contact'), 'email')) ?? filled(detail(contact, 'email'));
}

function phoneOf(contact: ServiceRecord): Cell {
  const phone = at(detail(contact, 'contact'), 'phone');
  const number = textOf(phone) || textOf(at(phone, 'number'));
  return e164(number, textOf(at(phone, 'prefix'))) ?? filled(number);
}

/** WhatsApp's numbers are international without saying so: `1123456789` is `+1123456789`. */
function whatsappOf(contact: ServiceRecord): Cell {
  const number = textOf(detail(contact, 'whatsAppNumber'));
  return e164(/^[1-9]/.test(number) ? `+${number}` : number, '') ?? filled(number);
}

function placeOf(contact: ServiceRecord, place: string): Cell {
  const known = filled(detail(contact, place));
  if (known !== null) return known;
  for (const [key, value] of attributesOf(contact)) {
    if (key.toLowerCase() === place && value !== '') return value;
  }
  return null;
}

function filled(value: Json | undefined): string | null {
  const text = textOf(value);
  return text.trim() === '' ? null : text;
}

function flag(value: Json | undefined): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function count(value: Json | undefined): number | null {
  const text = textOf(value).trim();
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? number : null;
}

/** Most contacts are open: a colour on all of them would say nothing. */
function toneOfStatus(cell: Cell): Tone | undefined {
  if (cell === 'INPROGRESS' || cell === 'REVIEW') return 'busy';
  return cell === 'CLOSED' ? 'quiet' : undefined;
}

function toneOfOnline(cell: Cell): Tone | undefined {
  if (cell === true) return 'good';
  return cell === false ? 'quiet' : undefined;
}

import { type Cell, cellText, type Json, type Tone } from '../../table.ts';
import { type ColumnSet, column, type NamesById, type RecordColumn } from '../columns.ts';
import { e164, whatsappE164 } from '../phone.ts';
import { at, type ServiceRecord, textOf } from '../record.ts';
import { timeOf } from '../times.ts';
import { attributesOf, namesOf } from './parts.ts';

/** The columns that have a name of their own, in the order that `all` shows them. */
const columns: readonly RecordColumn[] = [
  column('id', 'id', ({ record }) => idOf(at(record, '_id'))),
  { ...column('name', 'text', nameOf), enough: 16 },
  column('first_name', 'text', firstName),
  column('last_name', 'text', lastName),
  { ...column('email', 'text', emailOf), enough: 20 },
  column('phone', 'phone', phoneOf),
  column('whatsapp', 'phone', whatsappOf),
  column('platform', 'list', ({ record }) => namesOf(at(record, 'platform'))),
  {
    ...column('status', 'text', ({ record }) => filled(at(record, 'status')), toneOfStatus),
    keepWhole: true,
  },
  { ...column('tags', 'list', (contact) => namesOf(detail(contact, 'tags'))), enough: 12 },
  column('segments', 'list', segmentsOf),
  {
    ...column('segment_names', 'list', (contact, names) => named(segmentsOf(contact), names)),
    directory: 'segment',
  },
  column('country', 'text', (contact) => placeOf(contact, 'country')),
  column('city', 'text', (contact) => placeOf(contact, 'city')),
  {
    ...column('agent', 'text', (contact) => filled(agentsOf(contact).join('; '))),
    joined: true,
  },
  {
    ...column('agent_name', 'text', (contact, names) =>
      filled(named(agentsOf(contact), names).join('; ')),
    ),
    directory: 'agent',
    joined: true,
  },
  column('online', 'boolean', ({ record }) => flag(at(record, 'isOnline')), toneOfOnline),
  column('interacted', 'boolean', ({ record }) => flag(at(record, 'userInteracted'))),
  column('live_chat', 'boolean', ({ record }) => flag(at(record, 'isLiveChatActive'))),
  column('ordered', 'boolean', ({ record }) => flag(at(record, 'hasOrdered', 'status'))),
  column('subscribed', 'boolean', ({ record }) => flag(at(record, 'isSubscriber'))),
  column('last_message_by', 'text', ({ record }) => filled(at(record, 'lastMessage', 'by'))),
  column('last_message', 'text', ({ record }) => filled(at(record, 'lastMessage', 'text'))),
  column('last_message_at', 'time', ({ record }) => timeOf(at(record, 'lastMessage', 'at'))),
  column('unread', 'number', ({ record }) => count(at(record, 'unreadMessages'))),
  column('created_at', 'time', ({ record }) => timeOf(at(record, 'createdAt'))),
  column('last_seen_at', 'time', ({ record }) => timeOf(at(record, 'lastSeenAt'))),
  column('updated_at', 'time', ({ record }) => timeOf(at(record, 'updatedAt'))),
];

/** What contacts are shown by. */
export const contactColumns: ColumnSet = {
  named: columns,
  defaults: 'id name phone email platform status tags created_at last_seen_at'.split(' '),
  tableDefaults: 'name phone email status tags last_seen_at platform created_at id'.split(' '),
  attributes: attributesOf,
};

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

function firstName(contact: ServiceRecord): Cell {
  const name = cellText(nameOf(contact)).trim();
  const blank = name.search(/\s/);
  return (blank === -1 ? name : name.slice(0, blank)) || null;
}

/** What follows the first name. */
function lastName(contact: ServiceRecord): Cell {
  const name = cellText(nameOf(contact)).trim();
  const blank = name.search(/\s/);
  return blank === -1 ? null : name.slice(blank).trimStart();
}

function segmentsOf({ record }: ServiceRecord): readonly string[] {
  return namesOf(at(record, 'segments'));
}

function agentsOf({ record }: ServiceRecord): readonly string[] {
  return namesOf(at(record, '_agentAssigned'));
}

function named(ids: readonly string[], names: NamesById = new Map()): readonly string[] {
  return ids.map((id) => names.get(id) ?? id);
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
  return whatsappE164(number) ?? filled(number);
}

function placeOf(contact: ServiceRecord, place: string): Cell {
  const known = filled(detail(contact, place));
  if (known !== null) return known;
  for (const [key, value] of attributesOf(contact)) {
    if (key.length === place.length && key.toLowerCase() === place && value !== '') return value;
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

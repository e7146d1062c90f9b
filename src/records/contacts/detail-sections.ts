import { type Cell, type Column, cellText, type Json, type Section } from '../../table.ts';
import { type DirectoryKind, type NamesById, parseColumns, type RecordColumn } from '../columns.ts';
import { isId } from '../filter-field.ts';
import { at, type ServiceRecord, textOf } from '../record.ts';
import { timeOf } from '../times.ts';
import { contactColumns } from './columns.ts';
import { attributesOf, namesOf } from './parts.ts';

type Field = Section['fields'][number];

/** The columns of each section, and the parts of the record that they show. */
const layout: readonly (readonly [title: string, columns: string, shown: string])[] = [
  ['Who', 'name .profile.userDetails.gender city country', 'profile.userDetails.gender'],
  [
    'Contact',
    'email phone whatsapp platform .secondaryPlatform',
    'profile.userDetails.contact.phone profile.userDetails.whatsAppNumber platform secondaryPlatform',
  ],
  [
    'Status',
    'status tags agent online live_chat interacted ordered .hasOrdered.lastAt unread',
    'status profile.userDetails.tags _agentAssigned isOnline isLiveChatActive userInteracted hasOrdered.status hasOrdered.lastAt unreadMessages',
  ],
  [
    'Activity',
    'created_at last_seen_at updated_at last_message_at last_message_by .lastMessage.text',
    'createdAt lastSeenAt updatedAt lastMessage.at lastMessage.by lastMessage.text',
  ],
];

const shownApart =
  'profile.userDetails.attributes profile.notes segments _id uuid profile.device.ip __v';
const shown = new Set([...layout.map((each) => each[2]), shownApart].join(' ').split(' '));
const deepest = 6;

/** Everything that is known of a contact, in groups; what holds nothing is left out. */
export function sectionsOf(contact: ServiceRecord, names: NamesById): readonly Section[] {
  const { record } = contact;
  const main = layout.map(([title, columns]) => ({
    title,
    fields: parseColumns(contactColumns, columns.split(' ')).map((column) =>
      fieldOf(column, contact, names),
    ),
  }));
  // A name, place or e-mail may stand in several parts of a record: repeat it only where it differs.
  const told = new Set(main.flatMap(({ fields }) => fields.map(({ cell }) => cell)));
  const isRepeated = ({ column, cell }: Field) =>
    column.name.startsWith('.profile.userDetails.') && told.has(cell);
  const isId = ({ column }: Field) => /^\._[^.]*$/.test(column.name);
  const rest = leavesOf(record, []).filter((field) => !isRepeated(field));
  const sections = [
    ...main,
    { title: 'Attributes', fields: attributeFields(contact) },
    { title: 'Notes', fields: noteFields(at(record, 'profile', 'notes')) },
    { title: 'Segments', fields: segmentFields(at(record, 'segments'), names) },
    {
      title: 'Ids',
      fields: [
        ...parseColumns(contactColumns, ['id', '.uuid']).map((column) =>
          fieldOf(column, contact, names),
        ),
        ...rest.filter(isId),
      ],
    },
    { title: 'Other', fields: rest.filter((field) => !isId(field)) },
  ];
  return sections
    .map(({ title, fields }) => ({ title, fields: fields.filter(({ cell }) => !isEmpty(cell)) }))
    .filter(({ fields }) => fields.length > 0);
}

/** The columns that the user chose, empty ones included. */
export function chosenSection(contact: ServiceRecord, columns: readonly RecordColumn[]): Section {
  return { title: '', fields: columns.map((column) => ({ column, cell: column.read(contact) })) };
}

/** Where the ids in the record may have names. */
export function directoriesOf({ record }: ServiceRecord): readonly DirectoryKind[] {
  const held = { segment: at(record, 'segments'), agent: at(record, '_agentAssigned') };
  const kinds = ['segment', 'agent'] as const;
  return kinds.filter((kind) => namesOf(held[kind]).some(isId));
}

const labels: { readonly [path: string]: string | undefined } = {
  '.profile.userDetails.gender': 'gender',
  '.secondaryPlatform': 'also on',
  '.hasOrdered.lastAt': 'last order at',
  '.lastMessage.text': 'last message',
  '.uuid': 'uuid',
};

/** A column under the name that people read. */
function fieldOf(column: RecordColumn, contact: ServiceRecord, names: NamesById): Field {
  const { kind, tone } = column;
  const name = labels[column.name] ?? column.name.replaceAll('_', ' ');
  const cell = column.read(contact);
  if (name === 'agent') return { column: { name, kind }, cell: agentText(cell, names) };
  if (name === 'last order at') return { column: { name, kind: 'time' }, cell: timeOf(cell) };
  return { column: { name, kind, ...(tone && { tone }) }, cell };
}

function agentText(cell: Cell, names: NamesById): Cell {
  if (cell === null) return null;
  const ids = cellText(cell).split('; ');
  return ids.map((id) => (names.has(id) ? `${names.get(id)} (${id})` : id)).join('; ');
}

function attributeFields(contact: ServiceRecord): readonly Field[] {
  return [...attributesOf(contact)].map(([name, cell]) => ({ column: verbatim(name), cell }));
}

function noteFields(notes: Json | undefined): readonly Field[] {
  const items: readonly Json[] = Array.isArray(notes) ? notes : [notes ?? null];
  return items
    .map(noteText)
    .filter((text) => text.trim() !== '')
    .map((cell, i) => ({ column: verbatim(`${i + 1}.`), cell }));
}

/** Seen as `{note: …}`; whatever else a note holds follows it. */
function noteText(item: Json): string {
  const note = textOf(at(item, 'note'));
  if (note === '' || typeof item !== 'object' || item === null) return cellText(item);
  const more = Object.entries(item).filter(([key, value]) => key !== 'note' && !isEmpty(value));
  return [note, ...more.map(([key, value]) => `(${key}: ${cellText(value)})`)].join(' ');
}

function segmentFields(segments: Json | undefined, names: NamesById): readonly Field[] {
  return namesOf(segments).map((id) => ({
    column: verbatim(names.get(id) ?? 'segment'),
    cell: id,
  }));
}

/** A label that others typed. */
function verbatim(name: string): Column {
  return { name, kind: 'text' };
}

/** What no section shows, by its path, which --columns takes as well. */
function leavesOf(value: Json, path: readonly string[]): readonly Field[] {
  if (shown.has(path.join('.'))) return [];
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isObject && path.length < deepest) {
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  }
  return [{ column: { name: `.${path.join('.')}`, kind: 'json' }, cell: value }];
}

function isEmpty(cell: Cell): boolean {
  return isBlank(cell) || (Array.isArray(cell) && cell.every(isBlank));
}

function isBlank(value: Json): boolean {
  return value === null || (typeof value === 'string' && value.trim() === '');
}

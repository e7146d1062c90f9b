import type { Json } from '../../table.ts';
import { type ColumnSet, column, type RecordColumn } from '../columns.ts';
import { contactColumns } from '../contacts/columns.ts';
import { attributesOf } from '../contacts/parts.ts';
import { at, textOf } from '../record.ts';

/** What leads hold in the places where contacts do. */
const shared = new Set(
  'id name first_name last_name email phone status tags country city agent online last_message_by last_message last_message_at created_at last_seen_at updated_at'.split(
    ' ',
  ),
);

const own: readonly RecordColumn[] = [
  column('uuid', 'id', ({ record }) => textOf(at(record, 'uuid')) || null),
  column('gender', 'text', ({ record }) => textOf(at(record, ...details, 'gender')) || null),
  column('visits', 'number', ({ record }) => numberOf(at(record, 'websiteVisits'))),
  column('notes', 'list', ({ record }) => notesIn(at(record, 'profile', 'notes'))),
];

const details = ['profile', 'userDetails'] as const;

/** What leads are shown by. Their devices and addresses are in raw JSON alone. */
export const leadColumns: ColumnSet = {
  named: [...contactColumns.named.filter(({ name }) => shared.has(name)), ...own],
  defaults: 'id name phone email status last_message visits created_at last_seen_at'.split(' '),
  tableDefaults: 'name phone email status last_message visits last_seen_at created_at id'.split(
    ' ',
  ),
  attributes: attributesOf,
};

function numberOf(value: Json | undefined): number | null {
  const number = Number(textOf(value).trim() || Number.NaN);
  return Number.isFinite(number) ? number : null;
}

function notesIn(notes: Json | undefined): readonly string[] {
  if (!Array.isArray(notes)) return [];
  return notes
    .map((note: Json) =>
      [textOf(at(note, 'title')), textOf(at(note, 'description')), textOf(at(note, 'note'))]
        .filter((text) => text !== '')
        .join(': '),
    )
    .filter((text) => text !== '');
}

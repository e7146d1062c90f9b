import { contactTable, quoted, type TableColumn, tables } from './schema.ts';

/** Where rows go, and what becomes of one whose key is there. */
export interface Insertion {
  readonly table: string;
  readonly columns: readonly TableColumn[];
  /** `ON CONFLICT …`, or nothing. */
  readonly onConflict: string;
}

/** What a run itself says of each contact, after the columns that the contact fills. */
const stamps: readonly TableColumn[] = [
  { name: 'first_synced_at', type: 'time' },
  { name: 'changed_at', type: 'time' },
];

/** Contacts, over those that are there. */
export const allContacts = contactsWhere('');

/** Contacts, over those that are there and were another or are marked as deleted. */
export const changedContacts = contactsWhere(
  'WHERE contacts_all.raw IS DISTINCT FROM excluded.raw OR contacts_all.deleted_at IS NOT NULL',
);

export const newRun: Insertion = {
  table: 'sync_runs',
  columns: tables.sync_runs,
  onConflict: '',
};

export const directories = {
  segments: directory('segments'),
  agents: directory('agents'),
} as const;

function contactsWhere(condition: string): Insertion {
  return {
    table: 'contacts_all',
    columns: [...contactTable, ...stamps],
    onConflict: `ON CONFLICT (id) DO UPDATE SET ${replaced(contactTable)},
      changed_at = excluded.changed_at, deleted_at = NULL ${condition}`,
  };
}

function directory(table: 'segments' | 'agents'): Insertion {
  const columns = tables[table];
  return { table, columns, onConflict: `ON CONFLICT (id) DO UPDATE SET ${replaced(columns)}` };
}

/** `SET` of all columns but the key, which is the first. */
function replaced(columns: readonly TableColumn[]): string {
  const names = columns.slice(1).map(({ name }) => quoted(name));
  return names.map((name) => `${name} = excluded.${name}`).join(', ');
}

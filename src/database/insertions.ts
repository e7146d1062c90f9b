import { contactTable, quoted, type TableColumn, tables } from './schema.ts';

/** Where rows go, and what becomes of one whose key is there. */
export interface Insertion {
  readonly table: string;
  readonly columns: readonly TableColumn[];
  /** Columns beside those that take the instant of the run. */
  readonly stamps: readonly string[];
  /** `ON CONFLICT …`, or nothing. */
  readonly onConflict: string;
}

/** Contacts, over those that are there. */
export const allContacts = contactsWhere('');

/** Contacts, over those that are there and were another or are marked as deleted. */
export const changedContacts = contactsWhere(
  'WHERE contacts_all.raw IS DISTINCT FROM excluded.raw OR contacts_all.deleted_at IS NOT NULL',
);

export const newRun: Insertion = {
  table: 'sync_runs',
  columns: tables.sync_runs,
  stamps: [],
  onConflict: '',
};

export const directories = {
  segments: directory('segments'),
  agents: directory('agents'),
} as const;

function contactsWhere(condition: string): Insertion {
  return {
    table: 'contacts_all',
    columns: contactTable,
    stamps: ['first_synced_at', 'changed_at'],
    onConflict: `ON CONFLICT (id) DO UPDATE SET ${replaced(contactTable)},
      changed_at = excluded.changed_at, deleted_at = NULL ${condition}`,
  };
}

function directory(table: 'segments' | 'agents'): Insertion {
  const columns = tables[table];
  const onConflict = `ON CONFLICT (id) DO UPDATE SET ${replaced(columns)}`;
  return { table, columns, stamps: [], onConflict };
}

/** `SET` of all columns but the key, which is the first. */
function replaced(columns: readonly TableColumn[]): string {
  const names = columns.slice(1).map(({ name }) => quoted(name));
  return names.map((name) => `${name} = excluded.${name}`).join(', ');
}

import type { RecordColumn } from '../records/columns.ts';
import { contactColumns } from '../records/contacts/columns.ts';
import { jsonBytesOf, type RecordText } from '../records/record.ts';
import type { ColumnKind } from '../table.ts';
import { jsonbOf } from './jsonb.ts';
import type { Value } from './values.ts';

/** The version of the tables that this reekolect makes, and the newest that it understands. */
export const schemaVersion = 1;

/**
 * The columns of a record that are stored, after its id. Names of segments and agents are looked up
 * by views, so that renaming a segment changes no contact.
 */
export const recordColumns: readonly RecordColumn[] = contactColumns.named.filter(
  ({ name, directory }) => name !== 'id' && directory === undefined,
);

export type ColumnType = 'text' | 'json' | 'boolean' | 'number' | 'time';

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** How the two kinds of database write what they have in common. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  readonly types: { readonly [type in ColumnType]: string };
  /** A JSON list's items as rows: the `FROM` clause, and what the item is called there. */
  readonly items: (list: string) => readonly [from: string, item: string];
  readonly pairs: (object: string) => readonly [from: string, key: string, value: string];
  readonly joined: (item: string) => string;
  /** Stands for a value among parameters; JSON may be its bytes in UTF-8. */
  readonly mark: (type: ColumnType) => string;
  /** A contact's JSON text, as the column takes it. */
  readonly rawOf: (contact: RecordText) => Value;
}

export const sqlite: Dialect = {
  name: 'sqlite',
  types: { text: 'text', json: 'text', boolean: 'boolean', number: 'numeric', time: 'text' },
  items: (list) => [`json_each(${list}) AS item`, 'item.value'],
  pairs: (object) => [`json_each(${object}) AS pair`, 'pair.key', 'pair.value'],
  joined: (item) => `group_concat(${item}, '; ')`,
  mark: (type) => (type === 'json' ? 'CAST(? AS TEXT)' : '?'),
  rawOf: jsonBytesOf,
};

export const postgres: Dialect = {
  name: 'postgres',
  types: {
    text: 'text',
    json: 'jsonb',
    boolean: 'boolean',
    number: 'numeric',
    time: 'timestamptz',
  },
  items: (list) => [`jsonb_array_elements_text(${list}) AS item(value)`, 'item.value'],
  pairs: (object) => [`jsonb_each_text(${object}) AS pair(key, value)`, 'pair.key', 'pair.value'],
  joined: (item) => `string_agg(${item}, '; ')`,
  // Of text a server takes the bytes, too.
  mark: (type) => (type === 'json' ? 'CAST(CAST(? AS text) AS jsonb)' : '?'),
  rawOf: (contact) => jsonbOf(jsonBytesOf(contact)),
};

const typeOfKind: { readonly [kind in ColumnKind]: ColumnType } = {
  text: 'text',
  id: 'text',
  phone: 'text',
  list: 'json',
  json: 'json',
  boolean: 'boolean',
  number: 'number',
  time: 'time',
};

/** What a contact itself fills, in the order of a ContactRow. */
export const contactTable: readonly TableColumn[] = [
  { name: 'id', type: 'text' },
  ...recordColumns.map(({ name, kind }) => ({ name, type: typeOfKind[kind] })),
  { name: 'attributes', type: 'json' },
  { name: 'raw', type: 'json' },
];

/** The smaller tables, each with its key first. */
export const tables = {
  segments: columnsOf('text', 'id', 'name'),
  agents: columnsOf('text', 'id', 'name', 'email'),
  sync_runs: [
    ...columnsOf('text', 'id'),
    ...columnsOf('time', 'started_at', 'finished_at'),
    ...columnsOf('text', 'kind'),
    ...columnsOf('number', 'walks'),
    ...columnsOf('boolean', 'stable'),
    ...columnsOf('number', 'seen', 'created', 'updated', 'deleted'),
  ],
} as const;

function columnsOf(type: ColumnType, ...names: string[]): readonly TableColumn[] {
  return names.map((name) => ({ name, type }));
}

/** Every name that is ours: where one stands without the others, the tables are not. */
export const relations = [
  'contacts_all',
  'contacts',
  'contact_tags',
  'contact_segments',
  'contact_attributes',
  'segments',
  'agents',
  'sync_runs',
  'sync_state',
  'contact_changes',
];

/** What makes the tables. Names are quoted where a word of SQL may be one. */
export function createTables(dialect: Dialect): readonly string[] {
  const { text, time } = dialect.types;
  const defined = (columns: readonly TableColumn[]) =>
    columns.map((column) => definition(dialect, column));
  return [
    `CREATE TABLE contacts_all (${defined(contactTable).join(', ')},
      first_synced_at ${time} NOT NULL, changed_at ${time} NOT NULL, deleted_at ${time})`,
    // Few rows: finding them takes no look at all others.
    'CREATE INDEX contacts_all_deleted ON contacts_all (deleted_at) WHERE deleted_at IS NOT NULL',
    ...Object.entries(tables).map(
      ([name, columns]) => `CREATE TABLE ${name} (${defined(columns).join(', ')})`,
    ),
    `CREATE TABLE sync_state (name ${text} PRIMARY KEY, value ${text} NOT NULL)`,
  ];
}

function definition({ types }: Dialect, { name, type }: TableColumn): string {
  const limits: { readonly [column: string]: string } = { id: ' PRIMARY KEY', raw: ' NOT NULL' };
  return `${quoted(name)} ${types[type]}${limits[name] ?? ''}`;
}

export function createHistory({ types: { text, json, time } }: Dialect): string {
  return `CREATE TABLE contact_changes (run_id ${text} NOT NULL, contact_id ${text} NOT NULL,
    change ${text} NOT NULL, at ${time} NOT NULL, before ${json}, PRIMARY KEY (contact_id, run_id))`;
}

/** Adds a column that a newer reekolect knows. */
export function addColumn(dialect: Dialect, column: TableColumn): string {
  return `ALTER TABLE contacts_all ADD COLUMN ${definition(dialect, column)}`;
}

/**
 * The views, over a table with these columns. Those that a view shows already stay in front:
 * PostgreSQL takes no others for a view that people have built on.
 */
export function views(
  dialect: Dialect,
  columns: readonly string[],
  shown: readonly string[] = [],
): readonly (readonly [name: string, query: string])[] {
  const { items, pairs, joined } = dialect;
  const [segmentsOf, segment] = items('c.segments');
  const [tagsOf, tag] = items('c.tags');
  const [attributesOf, key, value] = pairs('c.attributes');
  const names: { readonly [name: string]: string } = {
    agent_name: '(SELECT a.name FROM agents a WHERE a.id = c.agent)',
    segment_names: `(SELECT ${joined('s.name')} FROM ${segmentsOf} JOIN segments s ON s.id = ${segment})`,
  };
  const all = [...new Set([...shown, ...columns, ...Object.keys(names)])].map((name) =>
    names[name] === undefined ? `c.${quoted(name)}` : `${names[name]} AS ${name}`,
  );
  return [
    ['contacts', `SELECT ${all.join(', ')} FROM contacts_all c WHERE c.deleted_at IS NULL`],
    [
      'contact_tags',
      `SELECT c.id AS contact_id, ${tag} AS tag FROM contacts c CROSS JOIN ${tagsOf}`,
    ],
    [
      'contact_segments',
      `SELECT c.id AS contact_id, ${segment} AS segment_id, s.name AS name
        FROM contacts c CROSS JOIN ${segmentsOf} LEFT JOIN segments s ON s.id = ${segment}`,
    ],
    [
      'contact_attributes',
      `SELECT c.id AS contact_id, ${key} AS key, ${value} AS value FROM contacts c CROSS JOIN ${attributesOf}`,
    ],
  ];
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

import type { RecordColumn } from '../records/columns.ts';
import { contactColumns } from '../records/contacts/columns.ts';
import type { ColumnKind } from '../table.ts';

/** The version of the tables that this reekolect makes, and the newest that it understands. */
export const schemaVersion = 1;

/**
 * The columns of a record that are stored, after its id. Names of segments and agents are looked up
 * by views, so that renaming a segment changes no contact.
 */
export const recordColumns: readonly RecordColumn[] = contactColumns.named.filter(
  ({ name, directory }) => name !== 'id' && directory === undefined,
);

/** In the order of a ContactRow. */
export const rowColumns = ['id', ...recordColumns.map(({ name }) => name), 'attributes', 'raw'];

/** How the two kinds of database write what they have in common. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  readonly types: { readonly [type in 'text' | 'json' | 'boolean' | 'number' | 'time']: string };
  /** A JSON list's items as rows: the `FROM` clause, and what the item is called there. */
  readonly items: (list: string) => readonly [from: string, item: string];
  readonly pairs: (object: string) => readonly [from: string, key: string, value: string];
  readonly joined: (item: string) => string;
  /** Stands for a contact's JSON text among parameters. */
  readonly rawMark: string;
}

export const sqlite: Dialect = {
  name: 'sqlite',
  types: { text: 'text', json: 'text', boolean: 'boolean', number: 'numeric', time: 'text' },
  items: (list) => [`json_each(${list}) AS item`, 'item.value'],
  pairs: (object) => [`json_each(${object}) AS pair`, 'pair.key', 'pair.value'],
  joined: (item) => `group_concat(${item}, '; ')`,
  // Bound as bytes, it needs no other form on its way in.
  rawMark: 'CAST(? AS TEXT)',
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
  rawMark: 'CAST(? AS jsonb)',
};

const typeOfKind: { readonly [kind in ColumnKind]: keyof Dialect['types'] } = {
  text: 'text',
  id: 'text',
  phone: 'text',
  list: 'json',
  json: 'json',
  boolean: 'boolean',
  number: 'number',
  time: 'time',
};

/** The type of each column of a record, by its name. */
function recordTypes({ types }: Dialect): ReadonlyMap<string, string> {
  return new Map(recordColumns.map(({ name, kind }) => [name, types[typeOfKind[kind]]]));
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
  const { text, json, boolean, number, time } = dialect.types;
  const columns = [...recordTypes(dialect)].map(([name, type]) => `${quoted(name)} ${type}`);
  return [
    `CREATE TABLE contacts_all (id ${text} PRIMARY KEY, ${columns.join(', ')}, attributes ${json},
      raw ${json} NOT NULL, first_synced_at ${time} NOT NULL, changed_at ${time} NOT NULL, deleted_at ${time})`,
    // Few rows: finding them takes no look at all others.
    'CREATE INDEX contacts_all_deleted ON contacts_all (deleted_at) WHERE deleted_at IS NOT NULL',
    `CREATE TABLE segments (id ${text} PRIMARY KEY, name ${text})`,
    `CREATE TABLE agents (id ${text} PRIMARY KEY, name ${text}, email ${text})`,
    `CREATE TABLE sync_runs (id ${text} PRIMARY KEY, started_at ${time}, finished_at ${time}, kind ${text},
      walks ${number}, stable ${boolean}, seen ${number}, created ${number}, updated ${number}, deleted ${number})`,
    `CREATE TABLE sync_state (name ${text} PRIMARY KEY, value ${text} NOT NULL)`,
  ];
}

export function createHistory({ types: { text, json, time } }: Dialect): string {
  return `CREATE TABLE contact_changes (run_id ${text} NOT NULL, contact_id ${text} NOT NULL,
    change ${text} NOT NULL, at ${time} NOT NULL, before ${json}, PRIMARY KEY (contact_id, run_id))`;
}

/** Adds a column that a newer reekolect knows. */
export function addColumn(dialect: Dialect, name: string): string {
  return `ALTER TABLE contacts_all ADD COLUMN ${quoted(name)} ${recordTypes(dialect).get(name)}`;
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

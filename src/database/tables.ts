import { ExplainedError, exitCodes, localError } from '../errors.ts';
import type { Connection } from './connection.ts';
import {
  addColumn,
  contactTable,
  createHistory,
  createTables,
  type Dialect,
  relations,
  schemaVersion,
  views,
} from './schema.ts';

const ownColumns = contactTable.map(({ name }) => name);

/** What sync_state holds. */
export type State = ReadonlyMap<string, string>;

/**
 * What the last run left; undefined where there are no tables yet. Throws exit 7 where the names
 * belong to somebody else, or to a newer reekolect.
 */
export async function readState(connection: Connection): Promise<State | undefined> {
  const { shown, dialect } = connection;
  const found = await connection.relations(relations);
  if (found.size === 0) return undefined;
  const columns = found.get('sync_state') ?? [];
  const foreign = notOurs(shown, [...found.keys()], dialect);
  if (!columns.includes('name') || !columns.includes('value')) throw foreign;
  const rows = await connection.all('SELECT name, value FROM sync_state');
  const state = new Map(rows.map(({ name, value }) => [String(name), String(value)]));
  const version = Number(state.get('schema_version'));
  if (!Number.isInteger(version) || !found.has('contacts_all')) throw foreign;
  const stored = (state.get('columns') ?? '').split(' ').filter((name) => name !== '');
  const isNewer = version > schemaVersion || stored.some((name) => !ownColumns.includes(name));
  if (isNewer) throw newerSchema(shown);
  if (isDamaged(state)) throw damaged(shown);
  return state;
}

/** What makeTables has done. */
export interface MadeTables {
  /** For sync_state. */
  readonly state: { readonly [name: string]: string };
  /** Whether every contact is to be written, since there is none or they have new columns. */
  readonly everyone: boolean;
}

/** Makes what is missing: only ever adds, so that what people have built on it stays. */
export async function makeTables(connection: Connection, history: boolean): Promise<MadeTables> {
  const { dialect } = connection;
  const found = await connection.relations(relations);
  const held = found.get('contacts_all');
  if (held === undefined) for (const sql of createTables(dialect)) await connection.run(sql);
  const stamps = ['first_synced_at', 'changed_at', 'deleted_at'];
  const columns = held ?? [...ownColumns, ...stamps];
  const missing = contactTable.filter(({ name }) => !columns.includes(name));
  for (const column of missing) await connection.run(addColumn(dialect, column));
  if (history && !found.has('contact_changes')) await connection.run(createHistory(dialect));
  const wanted = views(
    dialect,
    [...columns, ...missing.map(({ name }) => name)],
    found.get('contacts'),
  );
  if (missing.length > 0 || wanted.some(([name]) => !found.has(name))) {
    for (const [name, query] of wanted) await replaceView(connection, name, query);
  }
  return {
    state: { schema_version: String(schemaVersion), columns: ownColumns.join(' ') },
    everyone: held === undefined || missing.length > 0,
  };
}

/** Whether every contact has to be written, since there is no table or it lacks columns. */
export async function lacksColumns(connection: Connection): Promise<boolean> {
  const held = (await connection.relations(['contacts_all'])).get('contacts_all') ?? [];
  return contactTable.some(({ name }) => !held.includes(name));
}

async function replaceView(connection: Connection, name: string, query: string): Promise<void> {
  if (connection.dialect.name === 'postgres') {
    await connection.run(`CREATE OR REPLACE VIEW ${name} AS ${query}`);
    return;
  }
  await connection.run(`DROP VIEW IF EXISTS ${name}`);
  await connection.run(`CREATE VIEW ${name} AS ${query}`);
}

function notOurs(shown: string, names: readonly string[], { name }: Dialect): ExplainedError {
  const other = name === 'postgres' ? 'use a schema of its own: --schema NAME' : 'use another file';
  return localError(
    'tables-not-ours',
    `${shown} holds ${[...names].sort().join(', ')}, which reekolect did not make`,
    `${other}; nothing was changed`,
  );
}

/** Whether somebody else has written into it what no run writes. */
function isDamaged(state: State): boolean {
  const hold = (names: readonly string[], isRight: (text: string) => boolean) =>
    names
      .map((name) => state.get(name) || undefined)
      .every((it) => it === undefined || isRight(it));
  const areTimes = hold(['cursor', 'last_full', 'last_at'], (it) => !Number.isNaN(Date.parse(it)));
  return !areTimes || !hold(['filters', 'last_failure'], isJson);
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

function damaged(shown: string): ExplainedError {
  return localError(
    'damaged-state',
    `sync_state in ${shown} holds values that reekolect did not write`,
    'go back to a copy of before, or begin another database; nothing was changed',
  );
}

function newerSchema(shown: string): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.local,
    code: 'newer-schema',
    message: `the tables in ${shown} are of a newer reekolect than this one`,
    hint: 'upgrade it: npm install --global reekolect-cli',
  });
}

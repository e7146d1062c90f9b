import { localError } from '../errors.ts';
import type { Needs } from './database.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { readOnlyState } from './postgres-errors.ts';
import { quoted } from './schema.ts';
import { type PostgresTarget, redshift } from './target.ts';

export async function hasSchema(connection: PostgresConnection, schema: string): Promise<boolean> {
  const sql = 'SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?';
  return (await connection.all(sql, [schema])).length > 0;
}

/** Throws exit 7 for a server that only looks like PostgreSQL, one that takes no writes, and a database that knows few characters. */
export async function checkServer(
  connection: PostgresConnection,
  { shown, database }: PostgresTarget,
): Promise<void> {
  const [row] = await connection.all(
    `SELECT version() AS version, current_setting('server_encoding') AS encoding,
      current_setting('transaction_read_only') AS closed`,
  );
  if (/redshift/i.test(String(row?.['version']))) throw redshift();
  if (row?.['closed'] === 'on') throw Object.assign(new Error('closed'), { code: readOnlyState });
  const encoding = String(row?.['encoding']);
  if (/^utf-?8$/i.test(encoding)) return;
  throw localError(
    'database-encoding',
    `${shown} keeps text as ${encoding}, which has not every name`,
    `make a database of UTF8: createdb --encoding UTF8 --template template0 ${database}_utf8`,
  );
}

/** Before the first request: what would fail at the end of a long walk fails here. Throws exit 7. */
export async function checkSchema(
  connection: PostgresConnection,
  { schema, user, database }: PostgresTarget,
): Promise<void> {
  if (await hasSchema(connection, schema)) {
    await demand(
      connection,
      `has_schema_privilege(${literal(schema)}, 'USAGE')`,
      `${user} may not use the schema ${schema}`,
      `an administrator runs: GRANT USAGE, CREATE ON SCHEMA ${quoted(schema)} TO ${quoted(user)}`,
    );
    return;
  }
  await demand(
    connection,
    `has_database_privilege(current_database(), 'CREATE')`,
    `there is no schema ${schema}, and ${user} may not make it`,
    `an administrator runs: CREATE SCHEMA ${quoted(schema)} AUTHORIZATION ${quoted(user)}; or GRANT CREATE ON DATABASE ${quoted(database)} TO ${quoted(user)}`,
  );
}

const allRights = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

const neededRights: ReadonlyMap<string, readonly string[]> = new Map([
  ['contacts_all', allRights],
  ['segments', allRights],
  ['agents', allRights],
  ['sync_state', ['SELECT', 'INSERT', 'UPDATE']],
  ['sync_runs', ['SELECT', 'INSERT']],
]);

/** Whether the tables may be made, or where they are there, written. Throws exit 7. */
export async function checkTables(
  connection: PostgresConnection,
  { schema, user }: PostgresTarget,
  exist: boolean,
  { history }: Needs,
): Promise<void> {
  const needed = new Map(neededRights);
  if (history) needed.set('contact_changes', ['SELECT', 'INSERT']);
  const there = exist ? await connection.relations([...needed.keys()]) : new Map();
  if (there.size < needed.size && (exist || (await hasSchema(connection, schema)))) {
    await demand(
      connection,
      `has_schema_privilege(${literal(schema)}, 'CREATE')`,
      `${user} may make no tables in the schema ${schema}`,
      `an administrator runs: GRANT CREATE ON SCHEMA ${quoted(schema)} TO ${quoted(user)}`,
    );
  }
  if (there.size === 0) return;
  const tests = [...there.keys()].flatMap((table) => {
    const rights = needed.get(table) ?? [];
    const name = literal(`${quoted(schema)}.${table}`);
    return rights.map((right) => `has_table_privilege(${name}, '${right}')`);
  });
  await demand(
    connection,
    tests.join(' AND '),
    `${user} may not write the tables in the schema ${schema}`,
    `an administrator runs: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${quoted(schema)} TO ${quoted(user)}`,
  );
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

async function demand(
  connection: PostgresConnection,
  test: string,
  message: string,
  hint: string,
): Promise<void> {
  const [row] = await connection.all(`SELECT ${test} AS allowed`);
  if (row?.['allowed'] !== true) throw localError('database-rights', message, hint);
}

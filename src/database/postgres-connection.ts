import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { jsonBytesOf, type RecordText } from '../records/record.ts';
import { type Connection, marks, type Row } from './connection.ts';
import type { Insertion } from './insertions.ts';
import { jsonbOf } from './jsonb.ts';
import { postgres as dialect, quoted } from './schema.ts';
import type { Value } from './values.ts';

/** As many rows as one statement may have parameters for. */
const rowsAtOnce = 500;

/** SQL inside a transaction on a server. */
export class PostgresConnection implements Connection {
  readonly dialect = dialect;
  readonly rawOf = (contact: RecordText) => {
    const { json } = contact;
    const taken = jsonbOf(json);
    return taken === json ? jsonBytesOf(contact) : taken;
  };
  readonly shown: string;
  readonly #client: Client;
  readonly #schema: string;
  /** Pools share connections between clients: names of statements must not meet. */
  readonly #unique = randomBytes(6).toString('hex');
  readonly #names = new Map<string, string>();
  /** For a full statement. */
  readonly #texts = new Map<Insertion, string>();

  constructor(client: Client, shown: string, schema: string) {
    this.#client = client;
    this.#schema = schema;
    this.shown = shown;
  }

  /** Unqualified names are those of the schema, until the transaction ends. */
  async begin(): Promise<void> {
    await this.#client.query('BEGIN');
    await this.#client.query(`SET LOCAL search_path TO ${quoted(this.#schema)}`);
    await this.#client.query(`SET LOCAL lock_timeout = '5s'`);
    // Else a connection that was cut unseen could hold its locks for hours.
    await this.#client.query(`SET LOCAL idle_in_transaction_session_timeout = '60s'`);
  }

  async commit(): Promise<void> {
    await this.#client.query('COMMIT');
  }

  async all(sql: string, params: readonly Value[] = []): Promise<readonly Row[]> {
    const { rows } = await this.#client.query(numbered(sql), [...params]);
    return rows as Row[];
  }

  async run(sql: string, params: readonly Value[] = []): Promise<number> {
    const { rowCount } = await this.#client.query(numbered(sql), [...params]);
    return rowCount ?? 0;
  }

  async insert(into: Insertion, rows: Iterable<readonly Value[]>): Promise<number> {
    let changed = 0;
    let values: Value[] = [];
    const most = rowsAtOnce * into.columns.length;
    for (const row of rows) {
      values.push(...row);
      if (values.length < most) continue;
      changed += await this.#insert(into, values);
      values = [];
    }
    return values.length === 0 ? changed : changed + (await this.#insert(into, values));
  }

  async relations(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = await this.all(
      `SELECT c.relname AS relation, a.attname AS held FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE n.nspname = ? AND c.relkind <> 'i' AND c.relname IN (${marks(names)})
        ORDER BY a.attnum`,
      [this.#schema, ...names],
    );
    const relations = new Map<string, string[]>();
    for (const { relation, held } of found) {
      const name = String(relation);
      relations.set(name, [...(relations.get(name) ?? []), String(held)]);
    }
    return relations;
  }

  async #insert(into: Insertion, values: readonly Value[]): Promise<number> {
    const rows = values.length / into.columns.length;
    const text = this.#insertion(into, rows);
    const name = rows === rowsAtOnce ? this.#nameOf(text) : undefined;
    const { rowCount } = await this.#client.query({
      text,
      values: [...values],
      ...(name && { name }),
    });
    return rowCount ?? 0;
  }

  #nameOf(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = `reekolect_${this.#unique}_${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  #insertion(into: Insertion, rows: number): string {
    const known = rows === rowsAtOnce ? this.#texts.get(into) : undefined;
    if (known !== undefined) return known;
    const { table, columns, onConflict } = into;
    const names = columns.map(({ name }) => quoted(name)).join(', ');
    const row = `(${columns.map(({ name }) => (name === 'raw' ? dialect.rawMark : '?')).join(', ')})`;
    const text = numbered(
      `INSERT INTO ${table} (${names}) VALUES ${Array(rows).fill(row).join(', ')} ${onConflict}`,
    );
    if (rows === rowsAtOnce) this.#texts.set(into, text);
    return text;
  }
}

/** `$1`, `$2` … in place of each `?`. */
function numbered(sql: string): string {
  let count = 0;
  return sql.replace(/\?/g, () => {
    count += 1;
    return `$${count}`;
  });
}

import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { ServiceRecord } from '../records/record.ts';
import { type Connection, marks, type Row } from './connection.ts';
import { jsonbOf } from './jsonb.ts';
import { postgres as dialect, quoted } from './schema.ts';
import type { ContactRow, Value } from './values.ts';

/** As many rows as one statement may have parameters for. */
const rowsAtOnce = 500;

/** SQL inside a transaction on a server. */
export class PostgresConnection implements Connection {
  readonly dialect = dialect;
  readonly raw = ({ json }: ServiceRecord) => jsonbOf(json);
  readonly shown: string;
  readonly #client: Client;
  readonly #schema: string;
  /** Pools share connections between clients: names of statements must not meet. */
  readonly #unique = randomBytes(6).toString('hex');
  readonly #names = new Map<string, string>();

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

  async insert(head: string, rows: readonly ContactRow[], tail: string): Promise<number> {
    let changed = 0;
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const part = rows.slice(from, from + rowsAtOnce);
      const values = part.flat();
      const text = this.#insertion(head, part.length, part[0]?.length ?? 0, tail);
      const name = part.length === rowsAtOnce ? this.#nameOf(text) : undefined;
      const { rowCount } = await this.#client.query({ text, values, ...(name && { name }) });
      changed += rowCount ?? 0;
    }
    return changed;
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

  #nameOf(text: string): string {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const name = `reekolect_${this.#unique}_${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }

  readonly #texts = new Map<string, string>();

  #insertion(head: string, rows: number, columns: number, tail: string): string {
    const key = `${rows} ${head}`;
    const known = this.#texts.get(key);
    if (known !== undefined) return known;
    const marks = Array.from({ length: rows }, () => `(${'?, '.repeat(columns - 1)}?)`);
    const text = numbered(`${head} VALUES ${marks.join(', ')} ${tail}`);
    this.#texts.set(key, text);
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

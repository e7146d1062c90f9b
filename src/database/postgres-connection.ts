import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import { type Connection, marks, type Row } from './connection.ts';
import type { Insertion } from './insertions.ts';
import { PackedQuery } from './packed-query.ts';
import { PackedRows, packed, RowPacker, rowsAtOnce } from './packed-rows.ts';
import { postgres as dialect, quoted } from './schema.ts';
import type { Value } from './values.ts';

/** A statement, and the server's name for it, or none. */
interface Statement {
  readonly text: string;
  readonly name: string;
}

/** SQL inside a transaction on a server. */
export class PostgresConnection implements Connection {
  readonly dialect = dialect;
  readonly shown: string;
  readonly #client: Client;
  readonly #schema: string;
  /** Pools share connections between clients: names of statements must not meet. */
  readonly #unique = randomBytes(6).toString('hex');
  /** Those of full batches, which the server keeps. */
  readonly #full = new Map<Insertion, Statement>();

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

  async insert(into: Insertion, rows: Iterable<readonly Value[]>, at?: string): Promise<number> {
    if (rows instanceof PackedRows) return this.#insert(into, rows, at);
    const packer = new RowPacker();
    let changed = 0;
    for (const row of rows) {
      packer.add(row);
      if (packer.rows === rowsAtOnce) changed += await this.#insert(into, packer.take(), at);
    }
    return packer.rows === 0 ? changed : changed + (await this.#insert(into, packer.take(), at));
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

  async #insert(into: Insertion, rows: PackedRows, at = ''): Promise<number> {
    const isFull = rows.count === rowsAtOnce;
    const known = isFull ? this.#full.get(into) : undefined;
    const { text, name } = known ?? this.#statement(into, rows.count);
    if (isFull) this.#full.set(into, { text, name });
    const stamps = into.stamps.length > 0 ? [packed(at)] : [];
    const values = [...stamps, rows.bytes];
    const count = stamps.length + rows.count * into.columns.length;
    return new Promise((resolve, reject) => {
      const parts = { text, name, isParsed: known !== undefined, count, values };
      this.#client.query(new PackedQuery(parts, { resolve, reject }));
    });
  }

  #statement({ table, columns, stamps, onConflict }: Insertion, rows: number): Statement {
    const names = [...columns.map(({ name }) => quoted(name)), ...stamps].join(', ');
    // One parameter, in front of the others, is in all rows.
    const marked = [...columns.map(({ type }) => dialect.mark(type)), ...stamps.map(() => '$1')];
    const row = `(${marked.join(', ')})`;
    const sql = `INSERT INTO ${table} (${names}) VALUES ${Array(rows).fill(row).join(', ')} ${onConflict}`;
    const name = rows === rowsAtOnce ? `reekolect_${this.#unique}_${this.#full.size}` : '';
    return { text: numbered(sql, stamps.length > 0 ? 2 : 1), name };
  }
}

/** `$1`, `$2` … in place of each `?`, or from another number on. */
function numbered(sql: string, first = 1): string {
  let next = first;
  return sql.replace(/\?/g, () => {
    next += 1;
    return `$${next - 1}`;
  });
}

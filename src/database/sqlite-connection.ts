import { setImmediate as turn } from 'node:timers/promises';
import { type Connection, marks, type Row } from './connection.ts';
import type { Insertion } from './insertions.ts';
import { sqlite as dialect, quoted } from './schema.ts';
import type { SqliteFile, Statement } from './sqlite-engine.ts';
import type { Value } from './values.ts';

/** Calls of the engine block: after so long others get their turn between two of them. */
const stretchMs = 30;

/** SQL to an open file. */
export class SqliteConnection implements Connection {
  readonly dialect = dialect;
  readonly shown: string;
  readonly #file: SqliteFile;
  readonly #statements = new Map<string, Statement>();
  readonly #insertions = new Map<Insertion, Statement>();
  #lastTurn = performance.now();

  constructor(file: SqliteFile, shown: string) {
    this.#file = file;
    this.shown = shown;
  }

  exec(sql: string): void {
    this.#file.exec(sql);
  }

  rollback(): void {
    try {
      this.exec('ROLLBACK');
    } catch {
      // A full disk has ended the transaction already.
    }
  }

  /**
   * Says where changes are logged. Nobody may read meanwhile, so it must not wait for the disk: two
   * bytes in the file's first sector change, and either value of them is right.
   */
  setJournal(mode: 'WAL' | 'DELETE'): void {
    this.exec('PRAGMA synchronous = OFF');
    try {
      this.exec(`PRAGMA journal_mode = ${mode}`);
      // COMMIT does not move the log into the file as well.
      this.exec('PRAGMA wal_autocheckpoint = 0');
    } finally {
      this.exec('PRAGMA synchronous = FULL');
    }
  }

  /**
   * Writes the whole file anew: what was erased, and what it was at any time before, would stay in
   * the free parts of its pages.
   */
  async rewrite(): Promise<void> {
    await this.#file.rewrite();
  }

  /** Leaves one plain file where no reader is there; else the last of them does. */
  async tidy(): Promise<void> {
    try {
      await this.#file.moveLog?.().catch(() => {});
      await turn();
      // What is left of it; on disk before the log goes, and in nobody's way.
      const [row] = this.#file.prepare('PRAGMA wal_checkpoint(PASSIVE)').all([]);
      await turn();
      if (row?.['log'] === row?.['checkpointed']) this.setJournal('DELETE');
    } catch {}
  }

  close(): void {
    this.#statements.clear();
    this.#insertions.clear();
    this.#file.close();
  }

  async all(sql: string, params: readonly Value[] = []): Promise<readonly Row[]> {
    const statement = this.#prepared(sql);
    await this.#breathe();
    return statement.all(params);
  }

  async run(sql: string, params: readonly Value[] = []): Promise<number> {
    const statement = this.#prepared(sql);
    await this.#breathe();
    return statement.run(params);
  }

  async insert(
    into: Insertion,
    rows: Iterable<readonly Value[]>,
    at: string | null = null,
  ): Promise<number> {
    const statement = this.#insertion(into);
    const stamps = into.stamps.map(() => at);
    let changed = 0;
    for (const row of rows) {
      await this.#breathe();
      changed += statement.run(stamps.length > 0 ? [...row, ...stamps] : row);
    }
    return changed;
  }

  async relations(names: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = await this.all(
      `SELECT m.name AS relation, p.name AS held FROM sqlite_master m, pragma_table_info(m.name) p
        WHERE lower(m.name) IN (${marks(names)}) ORDER BY p.cid`,
      names,
    );
    const relations = new Map<string, string[]>();
    for (const { relation, held } of found) {
      const name = String(relation).toLowerCase();
      relations.set(name, [...(relations.get(name) ?? []), String(held)]);
    }
    return relations;
  }

  async #breathe(): Promise<void> {
    if (performance.now() - this.#lastTurn < stretchMs) return;
    await turn();
    this.#lastTurn = performance.now();
  }

  #insertion(into: Insertion): Statement {
    const known = this.#insertions.get(into);
    if (known !== undefined) return known;
    const { table, columns, stamps, onConflict } = into;
    const names = [...columns.map(({ name }) => quoted(name)), ...stamps];
    const values = [...columns.map(({ type }) => dialect.mark(type)), ...stamps.map(() => '?')];
    const statement = this.#prepared(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.join(', ')}) ${onConflict}`,
    );
    this.#insertions.set(into, statement);
    return statement;
  }

  /** Compiled once. */
  #prepared(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#file.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

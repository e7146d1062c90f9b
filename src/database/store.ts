import { type Connection, marks } from './connection.ts';
import { type RowText, textOf } from './contact-rows.ts';
import { allContacts, changedContacts, directories, newRun } from './insertions.ts';
import { type DoneRun, doneRun, type Run } from './runs.ts';
import { makeTables, readState, type State } from './tables.ts';
import type { ContactRow } from './values.ts';

/** Lets others have their turn; throws where the run is to end. */
export type Pause = () => Promise<void>;

/** A segment's or an agent's row: its id, then its other columns. */
export type DirectoryRow = readonly [id: string, ...values: (string | null)[]];

/** So many parameters fit into one statement of either database. */
const idsAtOnce = 500;

const rewriteDue = 'rewrite_due';

/** The tables of contacts in one database, inside one transaction. */
export class Store {
  readonly #connection: Connection;
  readonly #history: boolean;

  constructor(connection: Connection, history = false) {
    this.#connection = connection;
    this.#history = history;
  }

  /**
   * Whether a run, this one or one that was cut short behind its COMMIT, erased somebody who may still
   * be read in a file.
   */
  async isRewriteDue(): Promise<boolean> {
    const due = await this.#connection.all('SELECT 1 FROM sync_state WHERE name = ?', [rewriteDue]);
    return due.length > 0;
  }

  async rewritten(): Promise<void> {
    await this.#connection.run('DELETE FROM sync_state WHERE name = ?', [rewriteDue]);
  }

  /** Makes what is missing. Returns whether every contact must be written anew. */
  async prepare(): Promise<boolean> {
    const made = await makeTables(this.#connection, this.#history);
    await this.setState(made.state);
    return made.everyone;
  }

  state(): Promise<State | undefined> {
    return readState(this.#connection);
  }

  async setState(values: { readonly [name: string]: string | undefined }): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) continue;
      await this.#connection.run(
        `INSERT INTO sync_state (name, value) VALUES (?, ?) ON CONFLICT (name)
          DO UPDATE SET value = excluded.value WHERE sync_state.value <> excluded.value`,
        [name, value],
      );
    }
  }

  /** How many contacts there are, and how many of them are not marked as deleted. */
  async counts(): Promise<{ readonly all: number; readonly live: number }> {
    const [row] = await this.#connection.all(
      `SELECT count(*) AS rows_in_all,
        (SELECT count(*) FROM contacts_all WHERE deleted_at IS NOT NULL) AS rows_marked FROM contacts_all`,
    );
    const all = Number(row?.['rows_in_all']);
    return { all, live: all - Number(row?.['rows_marked']) };
  }

  /** Writes those that are new or changed; returns how many those were. */
  async upsert(
    rows: Iterable<ContactRow>,
    {
      run,
      at,
      everyone,
    }: { readonly run: string; readonly at: string; readonly everyone: boolean },
  ): Promise<number> {
    const texts = this.#history ? Array.from(rows, textOf) : [];
    await this.#rememberBefore(texts, run, at);
    const into = everyone ? allContacts : changedContacts;
    const written = await this.#connection.insert(into, rows, at);
    await this.#rememberCreated(
      texts.map(({ id }) => id),
      run,
      at,
    );
    return written;
  }

  /** The next ids after this one, in the database's own order. */
  async idsAfter(id: string, limit: number): Promise<readonly string[]> {
    const rows = await this.#connection.all(
      'SELECT id FROM contacts_all WHERE id > ? ORDER BY id LIMIT ?',
      [id, limit],
    );
    return rows.map((row) => String(row['id']));
  }

  /** Those of the ids that are not marked as deleted. */
  async liveAmong(ids: readonly string[]): Promise<readonly string[]> {
    const live: string[] = [];
    for (const part of parts(ids)) {
      const sql = `SELECT id FROM contacts_all WHERE deleted_at IS NULL AND id IN (${marks(part)})`;
      const rows = await this.#connection.all(sql, part);
      live.push(...rows.map((row) => String(row['id'])));
    }
    return live;
  }

  /** Marks contacts as deleted; they keep their last values. */
  async markDeleted(
    ids: readonly string[],
    { run, at }: { readonly run: string; readonly at: string },
    pause: Pause,
  ): Promise<void> {
    for (const part of parts(ids)) {
      if (this.#history) {
        await this.#connection.run(
          `INSERT INTO contact_changes (run_id, contact_id, change, at, before)
            SELECT ?, id, 'deleted', ${this.#time}, raw FROM contacts_all WHERE id IN (${marks(part)})`,
          [run, at, ...part],
        );
      }
      await this.#connection.run(
        `UPDATE contacts_all SET deleted_at = ?, changed_at = ? WHERE id IN (${marks(part)})`,
        [at, at, ...part],
      );
      await pause();
    }
  }

  /** Erases contacts that were marked before an instant, with their history; returns how many. */
  async purge(before: string, pause: Pause): Promise<number> {
    const hasHistory = (await this.#connection.relations(['contact_changes'])).size > 0;
    const marked = `SELECT id FROM contacts_all WHERE deleted_at < ? LIMIT ${idsAtOnce}`;
    let erased = 0;
    for (;;) {
      const ids = (await this.#connection.all(marked, [before])).map((row) => String(row['id']));
      if (ids.length === 0) return erased;
      if (hasHistory) {
        await this.#connection.run(
          `DELETE FROM contact_changes WHERE contact_id IN (${marks(ids)})`,
          ids,
        );
      }
      const gone = `DELETE FROM contacts_all WHERE id IN (${marks(ids)})`;
      erased += await this.#connection.run(gone, ids);
      // A server does so by itself.
      if (this.#connection.dialect.name === 'sqlite') await this.setState({ [rewriteDue]: 'yes' });
      await pause();
    }
  }

  /** Makes a directory's table hold these rows, and writes nothing for those that it holds. */
  async setDirectory(table: 'segments' | 'agents', rows: readonly DirectoryRow[]): Promise<void> {
    const into = directories[table];
    const found = await this.#connection.all(`SELECT * FROM ${table}`);
    const held = new Map(
      found.map((row) => [
        String(row['id']),
        JSON.stringify(into.columns.map(({ name }) => row[name])),
      ]),
    );
    const wanted = new Map(rows.map((row) => [row[0], row]));
    await this.#connection.insert(
      into,
      [...wanted.values()].filter((row) => held.get(row[0]) !== JSON.stringify(row)),
    );
    const gone = [...held.keys()].filter((id) => !wanted.has(id));
    for (const part of parts(gone)) {
      await this.#connection.run(`DELETE FROM ${table} WHERE id IN (${marks(part)})`, part);
    }
  }

  async addRun(run: Run): Promise<void> {
    const row = newRun.columns.map(({ name }) => run[name as keyof Run]);
    await this.#connection.insert(newRun, [row]);
  }

  /** What a run has done; undefined where none of this id has committed. */
  async doneBy(id: string): Promise<DoneRun | undefined> {
    const [row] = await this.#connection.all(
      'SELECT id, kind, walks, stable, created, updated, deleted FROM sync_runs WHERE id = ?',
      [id],
    );
    return row && doneRun(row, (await this.counts()).live, await this.state());
  }

  async #rememberCreated(created: readonly string[], run: string, at: string): Promise<void> {
    for (const ids of parts(created)) {
      await this.#connection.run(
        `INSERT INTO contact_changes (run_id, contact_id, change, at, before)
          SELECT ?, id, 'created', first_synced_at, NULL FROM contacts_all
          WHERE first_synced_at = ? AND id IN (${marks(ids)})`,
        [run, at, ...ids],
      );
    }
  }

  get #time(): string {
    return this.#connection.dialect.name === 'postgres' ? 'CAST(? AS timestamptz)' : '?';
  }

  async #rememberBefore(texts: readonly RowText[], run: string, at: string): Promise<void> {
    const { dialect } = this.#connection;
    for (const { id, raw } of texts) {
      await this.#connection.run(
        `INSERT INTO contact_changes (run_id, contact_id, change, at, before)
          SELECT ?, id, CASE WHEN deleted_at IS NULL THEN 'changed' ELSE 'restored' END, ${this.#time}, raw
          FROM contacts_all WHERE id = ? AND (raw IS DISTINCT FROM ${dialect.mark('json')} OR deleted_at IS NOT NULL)`,
        [run, at, id, raw],
      );
    }
  }
}

function* parts(ids: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < ids.length; from += idsAtOnce) yield ids.slice(from, from + idsAtOnce);
}

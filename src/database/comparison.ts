import { jsonBytesOf, type ServiceRecord } from '../records/record.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { isBusy, sqliteError } from './sqlite-errors.ts';
import { lacksColumns } from './tables.ts';
import { idIn } from './values.ts';

/** Finds, while the service is read, whom a database does not hold as they are. */
export interface Comparison {
  /** Those of the contacts that it may not hold as they are; all where another program is in the way. */
  changedAmong(contacts: readonly ServiceRecord[]): Promise<readonly ServiceRecord[]>;
  close(): void;
}

/** Undefined where all contacts are to be written: the tables lack columns, or can't be seen now. */
export async function compareWith(connection: SqliteConnection): Promise<Comparison | undefined> {
  let isOpen = false;
  try {
    isOpen = !(await lacksColumns(connection));
    return isOpen ? new SqliteComparison(connection) : undefined;
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw error;
  } finally {
    if (!isOpen) connection.close();
  }
}

/** SQLite takes some 32,000 parameters. */
const contactsAtOnce = 5000;

/** Each page is a statement of its own, so that nobody is held up for long. */
class SqliteComparison implements Comparison {
  readonly #connection: SqliteConnection;
  #texts = Buffer.alloc(0);

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  async changedAmong(contacts: readonly ServiceRecord[]): Promise<readonly ServiceRecord[]> {
    const changed: ServiceRecord[] = [];
    try {
      for (let from = 0; from < contacts.length; from += contactsAtOnce) {
        changed.push(...(await this.#changedAmong(contacts.slice(from, from + contactsAtOnce))));
      }
      return changed;
    } catch (error) {
      if (isBusy(error)) return contacts;
      throw sqliteError(this.#connection.shown, error);
    }
  }

  close(): void {
    this.#connection.close();
  }

  /** SQLite compares: of those that are as they were nothing comes back. */
  async #changedAmong(contacts: readonly ServiceRecord[]): Promise<readonly ServiceRecord[]> {
    const places: (string | number)[] = [];
    const byId = new Map(contacts.map((contact) => [idIn(contact), contact]));
    let used = 0;
    for (const [id, contact] of byId) {
      const bytes = jsonBytesOf(contact);
      this.#put(bytes, used);
      places.push(id, used + 1, bytes.length);
      used += bytes.length;
    }
    const rows = await this.#connection.all(
      `SELECT now.column1 AS id FROM (VALUES ${Array(byId.size).fill('(?, ?, ?)').join(', ')}) AS now
        LEFT JOIN contacts_all AS held ON held.id = now.column1 AND held.deleted_at IS NULL
        WHERE CAST(held.raw AS BLOB) IS NOT substr(?, now.column2, now.column3)`,
      [...places, this.#texts.subarray(0, used)],
    );
    return rows.map(({ id }) => byId.get(String(id))).filter((contact) => contact !== undefined);
  }

  #put(bytes: Uint8Array, at: number): void {
    if (at + bytes.length > this.#texts.length) {
      const larger = Buffer.alloc(2 * (at + bytes.length));
      this.#texts.copy(larger, 0, 0, at);
      this.#texts = larger;
    }
    this.#texts.set(bytes, at);
  }
}

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Env } from '../context.ts';
import { ExplainedError, localError } from '../errors.ts';
import type { ApplyOptions, Database, Needs } from './database.ts';
import { readPassword } from './pgpass.ts';
import { PostgresConnection } from './postgres-connection.ts';
import { isLocked, isLost, isRepeatable, lockedState, postgresError } from './postgres-errors.ts';
import { checkSchema, checkServer, checkTables, hasSchema } from './postgres-rights.ts';
import type { DoneRun } from './runs.ts';
import { postgres as dialect, quoted } from './schema.ts';
import { Store } from './store.ts';
import type { State } from './tables.ts';
import type { PostgresTarget } from './target.ts';
import { tlsOptions } from './tls.ts';

/** How often a transaction is repeated when others were in its way. */
const mostTries = 5;

/** Each of the next pauses is three times as long. */
const firstPauseMs = 100;

export interface PostgresFacts {
  readonly env: Env;
  /** The user's home, for ~/.pgpass. */
  readonly home: string | undefined;
  readonly signal: AbortSignal;
}

/** The contacts in a schema on a server that speaks PostgreSQL's protocol. */
export function openPostgres(target: PostgresTarget, facts: PostgresFacts): Database {
  return new PostgresDatabase(target, facts);
}

class PostgresDatabase implements Database {
  readonly shown: string;
  readonly dialect = dialect;
  readonly #target: PostgresTarget;
  readonly #facts: PostgresFacts;

  constructor(target: PostgresTarget, facts: PostgresFacts) {
    this.shown = target.shown;
    this.#target = target;
    this.#facts = facts;
  }

  async look(needs: Needs): Promise<State | undefined> {
    return this.#transact(async (connection) => {
      await checkServer(connection, this.#target);
      await checkSchema(connection, this.#target);
      const state = await new Store(connection).state();
      await checkTables(connection, this.#target, state !== undefined, needs);
      return state;
    });
  }

  async doneBy(id: string): Promise<DoneRun | undefined> {
    return this.#transact((connection) => doneIn(connection, id));
  }

  async apply<T>(work: (store: Store) => Promise<T>, options: ApplyOptions): Promise<T> {
    const { signal } = this.#facts;
    const done: { result?: T } = {};
    let unsure = false;
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#transact(async (connection) => {
          await this.#lock(connection);
          // The answer to a COMMIT may be lost on its way: now that nobody else writes, it is known.
          if (unsure && (await doneIn(connection, options.run))) return done.result as T;
          done.result = await work(new Store(connection, options.history));
          return done.result;
        });
      } catch (error) {
        signal.throwIfAborted();
        const why = cause(error);
        unsure ||= 'result' in done && isLost(why);
        // A server keeps the locks of a lost connection until it has noticed.
        const passes = isRepeatable(why) || (unsure && (isLost(why) || isLocked(why)));
        if (tries === mostTries || !passes) throw error;
      }
      await sleep(firstPauseMs * 3 ** (tries - 1), undefined, { signal }).catch(() => {});
      signal.throwIfAborted();
    }
  }

  /** Also what nobody reads yet is in a transaction, which must not be idle for long. */
  async asNew(): Promise<undefined> {}

  /** jsonb does not give back the bytes of a text. */
  async comparison(): Promise<undefined> {}

  async finish(): Promise<void> {}

  async close(): Promise<void> {}

  /** One transaction on a connection of its own. */
  async #transact<T>(work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    const { signal } = this.#facts;
    const client = await this.#connect();
    const stop = () => cut(client);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const { schema, shown } = this.#target;
      const connection = new PostgresConnection(client, shown, schema);
      await connection.begin();
      const result = await work(connection);
      signal.throwIfAborted();
      await connection.commit();
      return result;
    } catch (error) {
      signal.throwIfAborted();
      const told = postgresError(error, this.#target);
      throw told === error ? error : Object.assign(told as Error, { cause: error });
    } finally {
      signal.removeEventListener('abort', stop);
      await ended(client);
    }
  }

  async #connect(): Promise<Client> {
    const { tls } = this.#target;
    try {
      return await this.#connectWith(tlsOptions(this.#target));
    } catch (error) {
      this.#facts.signal.throwIfAborted();
      const isPlain = error instanceof Error && /does not support SSL/.test(error.message);
      if (!isPlain || (tls !== 'prefer' && tls !== 'allow')) {
        throw postgresError(error, this.#target);
      }
      return this.#connectWith(false).catch((other: unknown) => {
        throw postgresError(other, this.#target);
      });
    }
  }

  async #connectWith(ssl: ReturnType<typeof tlsOptions>): Promise<Client> {
    const { default: pg } = await import('pg');
    const { host, port, user, database } = this.#target;
    const { env, signal } = this.#facts;
    const client = new pg.Client({
      host,
      port,
      user,
      database,
      ssl,
      password: () => this.#password(),
      application_name: 'reekolect',
      connectionTimeoutMillis: (Number(env['PGCONNECT_TIMEOUT']) || 15) * 1000,
      keepAlive: true,
    });
    // What breaks between two statements is met by the next.
    client.on('error', () => {});
    const stop = () => cut(client);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await client.connect();
      return client;
    } catch (error) {
      await ended(client);
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Asked for only where the server wants one. */
  #password(): string {
    const { password, shown, user } = this.#target;
    if (password !== undefined) return password;
    const { env, home } = this.#facts;
    const path = env['PGPASSFILE'] || (home && join(home, '.pgpass'));
    const found = path ? readPassword(path, this.#target) : undefined;
    if (found?.password !== undefined) return found.password;
    throw localError(
      'no-password',
      `${shown} wants a password of ${user}, and there is none`,
      found?.problem ?? 'set PGPASSWORD, or add a line to ~/.pgpass: host:port:name:user:password',
    );
  }

  /** Makes the schema where it is missing, and keeps other runs out until the end. */
  async #lock(connection: PostgresConnection): Promise<void> {
    const { schema } = this.#target;
    const [row] = await connection.all('SELECT pg_try_advisory_xact_lock(hashtext(?)) AS held', [
      `reekolect ${schema}`,
    ]);
    if (row?.['held'] === false) throw Object.assign(new Error('locked'), { code: lockedState });
    // Also without rights to make one CREATE SCHEMA IF NOT EXISTS would fail for one that is there.
    if (!(await hasSchema(connection, schema)))
      await connection.run(`CREATE SCHEMA ${quoted(schema)}`);
    const state = await connection.relations(['sync_state']);
    if (state.size > 0) {
      await connection.all(
        `SELECT value FROM sync_state WHERE name = 'schema_version' FOR UPDATE NOWAIT`,
      );
    }
  }
}

async function doneIn(connection: PostgresConnection, id: string): Promise<DoneRun | undefined> {
  const found = await connection.relations(['sync_runs']);
  return found.size > 0 ? new Store(connection).doneBy(id) : undefined;
}

function cause(error: unknown): unknown {
  return error instanceof ExplainedError ? (error.cause ?? error) : error;
}

/** Ends a connection at once, whatever is under way. */
function cut(client: Client): void {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } })
    .connection;
  stream.destroy();
}

const patienceMs = 500;

/** A connection that was never open, or is broken, may never say that it has ended. */
async function ended(client: Client): Promise<void> {
  const end = client.end().catch(() => {});
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      cut(client);
      resolve();
    }, patienceMs);
  });
  await Promise.race([end, late]);
  clearTimeout(timer);
}

import { ExplainedError, localError } from '../errors.ts';
import type { Lock } from '../files/lock.ts';
import { statOf } from '../files/target.ts';
import type { ApplyOptions } from './database.ts';
import { flushFile } from './private-copy.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import type { Engine } from './sqlite-engine.ts';
import { Store } from './store.ts';

export interface PrivateFile {
  readonly path: string;
  /** What it is to become, for messages. */
  readonly shown: string;
  readonly engine: Engine;
  readonly lock: Lock | undefined;
}

/** Does the work on a file that nobody else sees, and puts it on disk. */
export async function workOnPrivate<T>(
  file: PrivateFile,
  work: (store: Store) => Promise<T>,
  options: ApplyOptions,
): Promise<T> {
  try {
    const result = await fill(file, work, options);
    await flushFile(file.path);
    return result;
  } catch (error) {
    // What a walk failed for is said already.
    if (error instanceof ExplainedError || (await statOf(file.path)) !== undefined) throw error;
    throw await gone(file);
  }
}

async function fill<T>(
  { path, shown, engine }: PrivateFile,
  work: (store: Store) => Promise<T>,
  { history }: ApplyOptions,
): Promise<T> {
  const connection = new SqliteConnection(engine.open(path), shown);
  try {
    // SQLite's own 4096 bytes hold two contacts, and half of them is lost then. Heeded by a new file alone.
    connection.exec('PRAGMA page_size = 8192');
    // Nobody else sees this file, and after a failure nobody will.
    connection.exec('PRAGMA journal_mode = OFF');
    connection.exec('PRAGMA synchronous = OFF');
    connection.exec('BEGIN IMMEDIATE');
    const store = new Store(connection, history);
    const result = await work(store);
    connection.exec('COMMIT');
    if (await store.isRewriteDue()) {
      await connection.rewrite();
      await store.rewritten();
    }
    return result;
  } finally {
    connection.close();
  }
}

/** It went with its folder, or who has taken the lock has cleared it away: the lock tells. */
async function gone({ path, shown, lock }: PrivateFile): Promise<ExplainedError> {
  await lock?.stillOurs();
  return localError(
    'file-disturbed',
    `another program has removed ${path} while it was written`,
    `${shown} is unchanged; run it again`,
  );
}

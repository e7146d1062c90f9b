import { type ExplainedError, localError } from '../errors.ts';
import { patiently } from './patiently.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { sqliteError } from './sqlite-errors.ts';
import type { Store } from './store.ts';

/** Writes a file that others use anew, behind a COMMIT, so that nobody who was erased can be read in it. */
export async function rewriteInPlace(
  connection: SqliteConnection,
  store: Store,
  signal: AbortSignal,
): Promise<void> {
  try {
    await patiently(() => connection.rewrite(), signal);
    await store.rewritten();
  } catch (error) {
    signal.throwIfAborted();
    throw stillReadable(connection.shown, sqliteError(connection.shown, error));
  }
}

/** The contacts are in place, and who was erased is in no table; but the file could not be written anew. */
function stillReadable(shown: string, why: unknown): ExplainedError {
  return localError(
    'still-readable',
    `who was erased from ${shown} may still be read in free parts of it: ${why instanceof Error ? why.message : why}`,
    'all else is up to date; free as much space as the file takes, and the next run clears them',
  );
}

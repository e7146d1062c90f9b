import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { ExplainedError, errnoOf, exitCodes, localError } from '../errors.ts';
import type { Holder } from './lock-holder.ts';

export function isLocked(error: unknown): boolean {
  return error instanceof ExplainedError && error.code === 'locked';
}

/** What helps where a file is locked; elsewhere others may have to wait. */
export const waitOrElsewhere = 'wait for it to end, or write to another file';

/** Exit 75: somebody holds the lock on `what`. */
export function heldBy(
  what: string,
  holder: Holder | undefined,
  unseen?: string,
  hint = waitOrElsewhere,
): ExplainedError {
  const who = holder === undefined ? 'another run' : `process ${holder.pid}`;
  const where = holder === undefined || holder.host === hostname() ? '' : ` on ${holder.host}`;
  const since = holder === undefined || holder.since === '' ? '' : ` since ${holder.since}`;
  return new ExplainedError({
    exit: exitCodes.locked,
    code: 'locked',
    message: `${who}${where} is writing ${what}${since}`,
    hint:
      unseen === undefined
        ? hint
        : `wait for it to end; if it was killed, ${unseen} is free three minutes later`,
  });
}

/** What became of our lock on `what`: exit 75, or 7 where its folder went with it. */
export async function lockLost(path: string, what: string): Promise<ExplainedError> {
  const folder = await stat(dirname(path)).catch(errnoOf);
  if (folder === 'ENOENT' || folder === 'ENOTDIR') {
    return localError(
      'folder-gone',
      `the folder of ${what} is gone: it was removed or renamed while this run went on`,
      'nothing was replaced; run it again with a folder that stays',
    );
  }
  return new ExplainedError({
    exit: exitCodes.locked,
    code: 'lock-lost',
    message: `another run has taken the lock on ${what}: this one gave no sign of life for too long`,
    hint: 'nothing was replaced; run it again when the other has ended',
  });
}

/** Exit 7: what stands where a lock should be is none. */
export function inTheWay(path: string, what: string): ExplainedError {
  const message = `${path} is in the way: it is ${what}, not a lock`;
  return localError('lock-in-the-way', message, 'move it away');
}

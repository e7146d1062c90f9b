import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { ExplainedError } from '../errors.ts';
import { takeLock } from '../files/lock.ts';
import type { Session } from '../session.ts';
import { type JobRecord, readRecord, writeRecord } from '../state/job-record.ts';
import { jobFile } from '../state/job-store.ts';

/** The job that a database is listed as: by its name, and a hash that tells it from its namesakes. */
export function jobNameOf(path: string, name: string): string {
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 6);
  const plain = basename(name)
    .replace(/[^\w.@-]+/g, '-')
    .slice(0, 60);
  return `sync-${plain}-${hash}`;
}

/** Whether `jobs reset` has said that the next run is to read everybody. */
export async function isForgotten(job: string, { context }: Session): Promise<boolean> {
  const record = readRecord(await jobFile(context.env, job));
  return record !== undefined && record.mark === undefined;
}

/**
 * Notes for `jobs list` when a database was brought up to date, which is no failure where it can't be:
 * all is in place by then.
 */
export async function noteRun(
  {
    job,
    database,
    began,
  }: { readonly job: string; readonly database: string; readonly began: Date },
  { context, host, profile, log }: Session,
): Promise<void> {
  const path = await jobFile(context.env, job);
  const ran = began.toISOString();
  const mark = { newest: '', ran, recent: {} };
  const record: JobRecord = { job, command: 'contacts sync', host, profile, database, mark };
  try {
    const lock = await takeLock(`${path}.lock`, `the job ${job}`);
    try {
      await writeRecord(path, record, lock);
    } finally {
      await lock.release();
    }
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    log.warn(`jobs list does not know of this run: ${error.message}`);
  }
}

import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../context.ts';
import { errnoOf, fileError, usageError } from '../errors.ts';
import { writeAtomically } from '../files/atomic-file.ts';
import { configFolder, makeConfigFolder } from './folders.ts';
import { type JobRecord, readRecord } from './job-record.ts';

/** The name of the job that is nothing but these filters. */
export function jobNameFor(topic: unknown): string {
  return `filters-${createHash('sha256').update(JSON.stringify(topic)).digest('hex').slice(0, 12)}`;
}

export function jobsFolder(env: Env): string {
  return join(configFolder(env), 'jobs');
}

/** Where the record of a job is; its folder exists afterwards. */
export async function jobFile(env: Env, job: string): Promise<string> {
  if (!/^[A-Za-z0-9][\w.@-]{0,99}$/.test(job)) {
    throw usageError(`not a name for a job: ${job}`, 'use letters, digits, . _ - and @');
  }
  const folder = jobsFolder(env);
  makeConfigFolder(folder);
  return join(folder, `${job}.json`);
}

/** All jobs that ever ran, by name. Throws exit 7, naming the file, for a damaged record. */
export async function listJobs(env: Env): Promise<readonly JobRecord[]> {
  const folder = jobsFolder(env);
  const names = await readdir(folder).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return [];
    throw fileError(folder, error, `${folder} can't be read`);
  });
  const files = names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).sort();
  return files
    .map((name) => readRecord(join(folder, name)))
    .filter((record) => record !== undefined);
}

/** Forgets how far a job has come, a damaged record too; false when there is none of that name. */
export async function resetJob(env: Env, job: string): Promise<boolean> {
  const path = await jobFile(env, job);
  try {
    const { mark, ...known } = readable(path) ?? {};
    // A database keeps its mark: that it is to count no more is told by a record without one.
    if (known.database !== undefined) {
      await writeAtomically(path, `${JSON.stringify(known)}\n`, undefined);
      return true;
    }
    await rm(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw fileError(path, error);
  }
}

function readable(path: string): Partial<JobRecord> | undefined {
  try {
    return readRecord(path);
  } catch {
    return undefined;
  }
}

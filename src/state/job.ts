import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../context.ts';
import { errnoOf, fileError, localError, usageError } from '../errors.ts';
import { instantOf } from '../records/dates.ts';
import type { ServiceRecord } from '../records/record.ts';
import { at } from '../records/record.ts';
import { configFolder } from './settings.ts';

/** How far before the mark contacts may still turn up: new leads can take 15 minutes. */
const overlapMs = 3_600_000;

/** How far a job has come: what `--since-last` goes on from. */
export interface Mark {
  /** Creation time of the newest contact exported, RFC 3339; '' when none had one. */
  readonly newest: string;
  /** When the run that set the mark began, RFC 3339. */
  readonly ran: string;
  /** Contacts exported whose creation time is near the mark, or can't be read: key to time. */
  readonly near: { readonly [key: string]: string };
}

/** A file that a run is about to put in place; by this we know whether it did. */
interface Promised {
  readonly path: string;
  readonly inode: number;
  readonly bytes: number;
}

export interface JobRecord {
  readonly job: string;
  readonly host: string;
  readonly profile: string;
  readonly mark?: Mark;
  /** The mark of a run that ended between renaming its file and moving the mark. */
  readonly next?: { readonly mark: Mark; readonly file: Promised };
}

/** The name of the job that is nothing but these filters. */
export function jobNameFor(topic: unknown): string {
  return `filters-${createHash('sha256').update(JSON.stringify(topic)).digest('hex').slice(0, 12)}`;
}

export function jobsFolder(env: Env): string {
  return join(configFolder(env), 'jobs');
}

/** One recurring export, and what it has exported of late. */
export class Job {
  readonly path: string;
  /** The file of a run that was killed when all but its mark was done; it must not be resumed. */
  readonly finished: string | undefined;
  readonly #record: JobRecord;
  readonly #near: Map<string, string>;
  #newest: number;
  #pruneAt = 10_000;

  private constructor(path: string, record: JobRecord, finished: string | undefined) {
    this.path = path;
    this.finished = finished;
    this.#record = record;
    this.#near = new Map(Object.entries(record.mark?.near ?? {}));
    this.#newest = Date.parse(record.mark?.newest ?? '');
  }

  /** Opens the record at `path`, from jobFile, while its lock is held. */
  static async open(path: string, job: string, host: string, profile: string): Promise<Job> {
    const [record, finished] = await settle(
      path,
      (await readRecord(path)) ?? { job, host, profile },
    );
    if (record.host !== host || record.profile !== profile) {
      throw usageError(
        `the job ${job} belongs to ${record.host}, profile ${record.profile}`,
        `choose another name, or forget its mark: reekolect jobs reset ${job}`,
        'other-job',
      );
    }
    return new Job(path, record, finished);
  }

  /** When the last successful run began; undefined before the first. */
  get lastRun(): Date | undefined {
    const { mark } = this.#record;
    return mark && new Date(mark.ran);
  }

  /** From when on contacts have to be looked at; undefined for all. */
  get from(): Date | undefined {
    return Number.isNaN(this.#newest) ? undefined : new Date(this.#newest - overlapMs);
  }

  /** The contacts that no earlier run of the job exported; `began` by the service's clock. */
  async *newOf(
    pages: AsyncIterable<readonly ServiceRecord[]>,
    began: () => Date,
  ): AsyncGenerator<readonly ServiceRecord[]> {
    const before = new Set(this.#near.keys());
    for await (const page of pages) {
      const fresh = page.filter((contact) => !before.has(contact.key));
      for (const contact of fresh) this.#note(contact, began().getTime());
      yield fresh;
    }
  }

  /** Writes the new mark down as one that counts once `file` is in place. */
  async promise(began: Date, file: Promised): Promise<void> {
    await write(this.path, { ...this.#record, next: { mark: this.#mark(began), file } });
  }

  /** Moves the mark. `began` is when the run did, by the service's clock. */
  async commit(began: Date): Promise<void> {
    const { next: _done, ...record } = this.#record;
    await write(this.path, { ...record, mark: this.#mark(began) });
  }

  #note(contact: ServiceRecord, now: number): void {
    const created = instantOf(at(contact.record, 'createdAt'));
    // A creation time in the future would hide everything before it: now is the latest.
    const time = Math.min(created, now);
    this.#near.set(contact.key, Number.isNaN(created) ? '' : new Date(created).toISOString());
    if (!Number.isNaN(time) && !(time < this.#newest)) this.#newest = time;
    if (this.#near.size < this.#pruneAt) return;
    this.#prune();
    this.#pruneAt = Math.max(10_000, this.#near.size * 2);
  }

  #prune(): void {
    for (const [key, created] of this.#near) {
      if (Date.parse(created) < this.#newest - overlapMs) this.#near.delete(key);
    }
  }

  #mark(began: Date): Mark {
    this.#prune();
    return {
      newest: Number.isNaN(this.#newest) ? '' : new Date(this.#newest).toISOString(),
      ran: began.toISOString(),
      near: Object.fromEntries(this.#near),
    };
  }
}

/** All jobs that ever ran, by name. */
export async function listJobs(env: Env): Promise<readonly JobRecord[]> {
  const names = await readdir(jobsFolder(env)).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).sort();
  const records = await Promise.all(files.map((name) => readRecord(join(jobsFolder(env), name))));
  return records.filter((record) => record !== undefined);
}

/** Forgets how far a job has come; false when there is none of that name. */
export async function resetJob(env: Env, job: string): Promise<boolean> {
  const path = await jobFile(env, job);
  const known = (await readRecord(path)) !== undefined;
  await rm(path, { force: true });
  return known;
}

/** Where the record of a job is; its folder exists afterwards. */
export async function jobFile(env: Env, job: string): Promise<string> {
  if (!/^[A-Za-z0-9][\w.@-]{0,99}$/.test(job)) {
    throw usageError(`not a name for a job: ${job}`, 'use letters, digits, . _ - and @');
  }
  const folder = jobsFolder(env);
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw fileError(folder, error);
  });
  return join(folder, `${job}.json`);
}

/** A run may have ended after its file was in place, and before its mark was: then it is moved now. */
async function settle(
  path: string,
  record: JobRecord,
): Promise<readonly [JobRecord, finished?: string]> {
  const { next, ...settled } = record;
  if (next === undefined) return [record];
  const file = await stat(next.file.path).catch(() => undefined);
  const done = file?.ino === next.file.inode && file.size === next.file.bytes;
  const truth = done ? { ...settled, mark: next.mark } : settled;
  await write(path, truth);
  return done ? [truth, next.file.path] : [truth];
}

async function readRecord(path: string): Promise<JobRecord | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JobRecord;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    if (errnoOf(error) !== undefined) throw fileError(path, error);
    throw localError('corrupt-mark', `${path} can't be read as the mark of a job`, 'move it away');
  }
}

async function write(path: string, record: JobRecord): Promise<void> {
  const beside = `${path}.tmp`;
  try {
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(record)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    throw fileError(path, error);
  }
}

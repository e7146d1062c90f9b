import { createHash, randomBytes } from 'node:crypto';
import type { Env } from '../context.ts';
import { type ExplainedError, usageError } from '../errors.ts';
import type { FileIdentity } from '../files/file-identity.ts';
import { type Lock, takeLock } from '../files/lock.ts';
import type { Json } from '../table.ts';
import { lowerMark, NextCursor, overlapMs } from './cursor.ts';
import { type JobRecord, type Mark, readRecord, settleRecord, writeRecord } from './job-record.ts';
import { jobFile } from './job-store.ts';

export type { JobRecord, Mark } from './job-record.ts';
export { jobFile, jobNameFor, jobsFolder, listJobs, resetJob } from './job-store.ts';

/** What a job's run is about. */
export interface JobFacts {
  /** A job belongs to its command, e.g. `contacts export`. */
  readonly command: string;
  /** The service's host with its path. */
  readonly host: string;
  readonly profile: string;
  readonly token: string;
  readonly filters: Json;
  /** Our clock; a mark later than this is wrong. */
  readonly now: Date;
}

/**
 * Opens a job under its lock, which release() gives back. A run that was killed after its file
 * was in place has its mark moved now. Throws exit 2 where the name belongs to another command
 * or host, exit 7 for a damaged record, exit 75 while another run has it.
 */
export async function openJob(env: Env, name: string, facts: JobFacts): Promise<Job> {
  const path = await jobFile(env, name);
  const hint = 'wait for it to end: the next run goes on from its mark';
  const lock = await takeLock(`${path}.lock`, `the job ${name}`, { hint });
  try {
    const { command, host, profile } = facts;
    const record = readRecord(path) ?? { job: name, command, host, profile };
    checkOwner(name, record, facts);
    return new Job(name, path, await settleRecord(path, record, lock), facts, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function checkOwner(name: string, record: JobRecord, { command, host }: JobFacts): void {
  const { command: owner = 'contacts export' } = record;
  if (owner !== command) {
    throw usageError(
      `the job ${name} belongs to ${owner}, not to ${command}`,
      'choose another name',
      'other-job',
    );
  }
  if (record.host !== host) {
    const where = record.profile === undefined ? '' : `, profile ${record.profile}`;
    throw otherJob(name, `belongs to ${record.host}${where}`);
  }
}

/** Exit 2: the job belongs to another account than the one that is asked. */
export function otherAccount({ name }: Job): ExplainedError {
  return otherJob(name, 'belongs to another account');
}

function otherJob(name: string, why: string): ExplainedError {
  const hint = `choose another name, or forget its mark: reekolect jobs reset ${name}`;
  return usageError(`the job ${name} ${why}`, hint, 'other-job');
}

/** One recurring run, and what it has delivered of late. */
export class Job {
  readonly name: string;
  readonly path: string;
  /** What the user should know before the run, a line each. */
  readonly warnings: readonly string[];
  readonly #record: JobRecord;
  readonly #mark: Mark | undefined;
  readonly #facts: JobFacts;
  readonly #lock: Lock;
  /** The cursor as it was opened; this run never changes it. */
  readonly #known: ReadonlySet<string>;
  readonly #fromMs: number;
  /** What the run adds to the mark, as it does. */
  readonly next: NextCursor;
  #customer: string | undefined;

  /** For openJob. */
  constructor(name: string, path: string, record: JobRecord, facts: JobFacts, lock: Lock) {
    const lowered = record.mark && lowerMark(record.mark, facts.now);
    const mark = lowered ?? record.mark;
    this.name = name;
    this.path = path;
    this.#record = record;
    this.#mark = mark;
    this.#facts = facts;
    this.#lock = lock;
    this.#known = new Set(Object.keys(mark?.recent ?? {}));
    this.#fromMs = Date.parse(mark?.newest ?? '') - overlapMs;
    this.next = new NextCursor(mark);
    this.#customer = record.customer;
    this.warnings = warningsOf(name, record, lowered, facts);
  }

  /** When the last successful run began; undefined before the first. */
  get lastRun(): Date | undefined {
    return this.#mark && new Date(this.#mark.ran);
  }

  /** From when on contacts have to be looked at; undefined for all. */
  get from(): Date | undefined {
    return Number.isNaN(this.#fromMs) ? undefined : new Date(this.#fromMs);
  }

  /**
   * The file of a run that was killed when it was in place, and when that run said so. A page log
   * begun before `at` is that run's, and must not be resumed. Stays until the next commit.
   */
  get finished(): { readonly path: string; readonly at: Date } | undefined {
    const { finished } = this.#record;
    return finished && { path: finished.path, at: new Date(finished.at) };
  }

  /**
   * Whether no earlier run delivered a record: `now` by the service's clock, `createdMs` NaN when
   * it can't be read. The same answer all through the run.
   */
  isNew(key: string, createdMs: number, now: number): boolean {
    return !this.#known.has(key) && !(Math.min(createdMs, now) < this.#fromMs);
  }

  /** Counts a record as delivered, from the commit on; `now` by the service's clock. */
  add(key: string, createdMs: number, now: number = this.#facts.now.getTime()): void {
    this.next.add(key, createdMs, now);
  }

  /**
   * Whether the run's account is the job's; `unknown` until the `_customer` of its records is
   * known, and then for records that have none: with another token that is another account.
   */
  accountMatches(customer: string | undefined): 'same' | 'other' | 'unknown' {
    const { token, customer: ours, mark } = this.#record;
    if (mark === undefined || (token === undefined && ours === undefined)) return 'same';
    if (token !== undefined && hashOf(token.salt, this.#facts.token) === token.hash) return 'same';
    if (ours === undefined) return 'other';
    if (customer === undefined) return 'unknown';
    return customer === ours ? 'same' : 'other';
  }

  /** The `_customer` of the account, for the record; undefined where records have none or many. */
  setCustomer(customer: string | undefined): void {
    this.#customer = customer;
  }

  /** Writes the next mark down as one that counts once the flushed file is in place. */
  async prepare(began: Date, file: FileIdentity): Promise<void> {
    const mark = this.next.mark(began);
    const next = { mark, file, at: new Date().toISOString(), account: this.#account() };
    await this.#write({ ...this.#record, next });
  }

  /** Moves the mark, once all is in place. `began` is when the run did, by the service's clock. */
  async commit(began: Date): Promise<void> {
    const { next, finished, customer, ...record } = this.#record;
    const { command, profile } = this.#facts;
    const mark = this.next.mark(began);
    await this.#write({ ...record, command, profile, ...this.#account(), mark });
  }

  /** Forgets `finished`, once its page log is gone: the next run goes on as usual. */
  async acknowledgeFinished(): Promise<void> {
    const { finished, ...record } = this.#record;
    await this.#write(record);
  }

  async release(): Promise<void> {
    await this.#lock.release();
  }

  #write(record: JobRecord): Promise<void> {
    return writeRecord(this.path, record, this.#lock);
  }

  #account(): Pick<JobRecord, 'customer' | 'token' | 'filters'> {
    const salt = this.#record.token?.salt ?? randomBytes(16).toString('hex');
    const { token, filters } = this.#facts;
    const customer = this.#customer === undefined ? {} : { customer: this.#customer };
    return { ...customer, token: { salt, hash: hashOf(salt, token) }, filters };
  }
}

function warningsOf(
  name: string,
  { mark, filters }: JobRecord,
  lowered: Mark | undefined,
  facts: JobFacts,
): readonly string[] {
  if (mark === undefined) return [];
  const warnings: string[] = [];
  if (lowered !== undefined) {
    const from = lowered.newest || 'the beginning';
    warnings.push(
      `the mark of ${name} lay in the future, at ${mark.newest}: going on from ${from}`,
    );
  }
  if (filters !== undefined && sorted(filters) !== sorted(facts.filters)) {
    const from = (lowered ?? mark).newest || mark.ran;
    warnings.push(
      `the job ${name} ran with other filters until now; what they left out before ${from} is not exported`,
    );
  }
  return warnings;
}

function hashOf(salt: string, token: string): string {
  return createHash('sha256').update(salt).update(token).digest('hex');
}

/** JSON text that does not depend on the order of keys. */
function sorted(value: Json): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

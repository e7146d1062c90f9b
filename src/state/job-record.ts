import { stat } from 'node:fs/promises';
import { ExplainedError, errnoOf, fileError, localError } from '../errors.ts';
import { writeAtomically } from '../files/atomic-file.ts';
import { copySource, finishCopy } from '../files/copy-in-place.ts';
import { decodeText } from '../files/decode-text.ts';
import { type FileIdentity, isAt } from '../files/file-identity.ts';
import { type Lock, withLock } from '../files/lock.ts';
import { readRegularFile } from '../files/read-file.ts';
import type { Json } from '../table.ts';

/** How far a job has come: what `--since-last` goes on from. */
export interface Mark {
  /** Creation time of the newest contact exported, RFC 3339; '' when none had one. */
  readonly newest: string;
  /** When the run that set the mark began, RFC 3339. */
  readonly ran: string;
  /** Contacts exported whose creation time is near the mark, or can't be read: key to time. */
  readonly recent: { readonly [key: string]: string };
  /** The newest creation time of each of the last days that had one, should `newest` be wrong. */
  readonly days?: readonly string[];
}

/** A file that a run is about to put in place; older records have no checksum. */
type PreparedFile = Omit<FileIdentity, 'sha256'> & { readonly sha256?: string };

export interface JobRecord {
  readonly job: string;
  /** The command that it belongs to, e.g. `contacts export`. */
  readonly command?: string;
  readonly host: string;
  readonly profile?: string;
  /** The account's id in its records, where all had the same. */
  readonly customer?: string;
  readonly token?: { readonly salt: string; readonly hash: string };
  readonly filters?: Json;
  readonly mark?: Mark;
  /** The database that keeps the mark itself; here it is only told. */
  readonly database?: string;
  /** What a run wrote down before its file was in place: the mark that counts once it is. */
  readonly next?: {
    readonly mark: Mark;
    readonly file: PreparedFile;
    /** When it was written down, by our clock. */
    readonly at?: string;
    readonly account?: Pick<JobRecord, 'customer' | 'token' | 'filters'>;
  };
  /** The file of a run that was killed before it had ended, and is known to be whole. */
  readonly finished?: { readonly path: string; readonly at: string };
}

/** Reads a record; undefined when there is none. Throws exit 7, naming the file, for a damaged one. */
export function readRecord(path: string): JobRecord | undefined {
  let read: unknown;
  try {
    read = JSON.parse(decodeText(readRegularFile(path)));
  } catch (error) {
    if (error instanceof ExplainedError) throw error;
    if (errnoOf(error) === 'ENOENT') return undefined;
    if (errnoOf(error) !== undefined) throw fileError(path, error, `${path} can't be read`);
  }
  if (!isRecord(read)) {
    throw localError(
      'corrupt-mark',
      `${path} can't be read as the mark of a job`,
      'move it away: the job then begins anew, and exports everything',
    );
  }
  return read;
}

/** Replaces a record. Throws exit 75 when the job's lock is lost. */
export async function writeRecord(path: string, record: JobRecord, lock: Lock): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(record)}\n`, lock);
}

/** A run may have ended after its file was in place, and before its mark was: then it is moved now. */
export async function settleRecord(
  path: string,
  record: JobRecord,
  lock: Lock,
): Promise<JobRecord> {
  const { next, ...settled } = record;
  if (next === undefined) return record;
  const { mark, file, at = mark.ran, account = {} } = next;
  const { customer, ...others } = settled;
  const truth: JobRecord = (await isInPlace(file))
    ? { ...others, ...account, mark, finished: { path: file.path, at } }
    : settled;
  await writeRecord(path, truth, lock);
  return truth;
}

async function isInPlace(file: PreparedFile): Promise<boolean> {
  const { path, inode, bytes, sha256 } = file;
  if (sha256 === undefined) {
    const found = await stat(path).catch(() => undefined);
    return found?.ino === inode && found.size === bytes;
  }
  const whole = { inode, bytes, sha256 };
  if (await isAt(path, whole)) return true;
  // A copy over a file that can't be renamed over was cut short: nothing of it is lost.
  if (!(await isAt(copySource(path), whole))) return false;
  return withLock(`${path}.lock`, path, (lock) => finishCopy(path, lock));
}

function isRecord(read: unknown): read is JobRecord {
  if (!isObject(read)) return false;
  const { job, host, command, profile, customer, token, mark, next, finished } = read;
  return (
    isText(job) &&
    isText(host) &&
    [command, profile, customer].every((it) => it === undefined || isText(it)) &&
    (token === undefined || (isObject(token) && isText(token['salt']) && isText(token['hash']))) &&
    (mark === undefined || isMark(mark)) &&
    (next === undefined || (isObject(next) && isMark(next['mark']) && isFile(next['file']))) &&
    (finished === undefined ||
      (isObject(finished) && isText(finished['path']) && isTime(finished['at'])))
  );
}

function isMark(mark: unknown): boolean {
  if (!isObject(mark)) return false;
  const { newest, ran, recent, days = [] } = mark;
  return (
    (newest === '' || isTime(newest)) &&
    isTime(ran) &&
    isObject(recent) &&
    Object.values(recent).every((time) => time === '' || isTime(time)) &&
    Array.isArray(days) &&
    days.every(isTime)
  );
}

function isFile(file: unknown): boolean {
  if (!isObject(file)) return false;
  const { path, inode, bytes, sha256 } = file;
  const sum = sha256 === undefined || isText(sha256);
  return isText(path) && Number.isInteger(inode) && Number.isInteger(bytes) && sum;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTime(value: unknown): boolean {
  return isText(value) && !Number.isNaN(Date.parse(value));
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

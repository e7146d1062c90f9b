import { constants } from 'node:fs';
import { type FileHandle, open, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExplainedError, errnoOf, fileError } from '../errors.ts';
import { inTheWay } from './lock-errors.ts';
import { isLockText, parseHolder } from './lock-holder.ts';
import { temporaryName } from './temporary-name.ts';

/** What a lock file says, and when it was last touched. */
export interface FoundLock {
  readonly text: string;
  readonly mtimeMs: number;
}

const longestText = 64 * 1024;

/**
 * Reads a lock without waiting or following; undefined when there is none. Throws exit 7 for
 * what can't be read, or is no lock.
 */
export async function readLock(path: string): Promise<FoundLock | undefined> {
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
  let file: FileHandle | undefined;
  try {
    file = await open(path, flags);
    const facts = await file.stat();
    if (!facts.isFile()) throw inTheWay(path, facts.isDirectory() ? 'a folder' : 'no regular file');
    if (facts.size > longestText) throw inTheWay(path, 'another file');
    const text = await file.readFile('utf8');
    if (!isLockText(text)) throw inTheWay(path, 'another file');
    return { text, mtimeMs: facts.mtimeMs };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return undefined;
    if (error instanceof ExplainedError) throw error;
    if (errno === 'ELOOP' || errno === 'EMLINK') throw inTheWay(path, 'a link');
    if (errno === 'ENXIO') throw inTheWay(path, 'no regular file');
    throw fileError(path, error, `the lock ${path} can't be read`);
  } finally {
    await file?.close();
  }
}

/** How long a living process may take to write its name into a lock that it has made. */
const namingMs = 1000;

/** Reads a lock; waits for the name of who has only just made it. */
export async function readNamedLock(
  path: string,
  signal?: AbortSignal,
): Promise<FoundLock | undefined> {
  for (let waited = 0; ; waited += 20) {
    const found = await readLock(path);
    const isNamed = found === undefined || parseHolder(found.text) !== undefined;
    if (isNamed || waited >= namingMs) return found;
    await sleep(20);
    signal?.throwIfAborted();
  }
}

/** Makes a lock file; undefined when there is something already. */
export async function createLock(path: string, text: string): Promise<FileHandle | undefined> {
  let file: FileHandle | undefined;
  try {
    // Who it is may be read by others: they have to look.
    file = await open(path, 'wx', 0o644);
    await file.writeFile(text);
    return file;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return undefined;
    if (file !== undefined) await rm(path, { force: true }).catch(() => {});
    await file?.close().catch(() => {});
    throw fileError(path, error);
  }
}

/** Puts another text into a lock of ours: at any moment there is the old one or the new one. */
export async function replaceLock(path: string, text: string): Promise<void> {
  const beside = temporaryName(path.replace(/\.lock$/, ''));
  try {
    await writeFile(beside, text, { mode: 0o644 });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw fileError(path, error);
  }
}

/**
 * Sets the time of a lock to now, by the clock of the disk: on a share that may be another
 * machine's.
 */
export async function touchLock(file: FileHandle): Promise<void> {
  await file.write('{', 0).catch(() => file.utimes(new Date(), new Date()).catch(() => {}));
  await file.datasync().catch(() => {});
}

/** Sets the time of another's lock, where it is later than now. */
export async function resetTime(path: string, nowMs: number): Promise<void> {
  await utimes(path, nowMs / 1000, nowMs / 1000).catch(() => {});
}

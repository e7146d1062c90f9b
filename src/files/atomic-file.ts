import { createHash } from 'node:crypto';
import { type FileHandle, lstat, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf, fileError, localError } from '../errors.ts';
import { copyInPlace, finishCopy } from './copy-in-place.ts';
import { type FileIdentity, isAt } from './file-identity.ts';
import { syncFile, syncFolder } from './fsync.ts';
import type { Lock } from './lock.ts';
import type { Target } from './target.ts';
import { isTemporary, temporaryName } from './temporary-name.ts';

/** A file that is either as it was or complete; fits where a Destination is asked for. */
export interface AtomicFile {
  /** The file itself, links followed. */
  readonly path: string;
  /** SHA-256 of all bytes, in hexadecimal; final once flushed. */
  readonly sha256: string;
  /** Bytes written so far. */
  readonly bytes: number;
  write(chunk: string | Uint8Array): Promise<void>;
  /** Puts everything on the disk; nothing can be written afterwards. */
  flush(): Promise<FileIdentity>;
  /** Puts it in place, flushed. Throws exit 75 when the lock is lost. */
  commit(): Promise<void>;
  /** Leaves no trace of it; harmless after commit. */
  abandon(): Promise<void>;
}

// Each write is a trip through the thread pool, as dear as writing some 100 KB.
const bufferBytes = 256 * 1024;

/**
 * Opens a file beside the target, mode 0600, that takes its place when it is complete. Under the
 * target's lock it first clears up after runs that were killed.
 */
export async function openAtomicFile(target: Target, lock: Lock | undefined): Promise<AtomicFile> {
  const { path } = target;
  if (lock !== undefined) await recoverTarget(target, lock);
  const beside = temporaryName(path);
  const handle = await attempt(path, () => open(beside, 'wx', 0o600));
  return new FileBeside(target, lock, beside, handle);
}

/** Writes a small file whole, as openAtomicFile does. */
export async function writeAtomically(
  path: string,
  text: string,
  lock: Lock | undefined,
): Promise<void> {
  const file = await openAtomicFile({ path, shown: path, place: 'rename' }, lock);
  try {
    await file.write(text);
    await file.commit();
  } finally {
    await file.abandon();
  }
}

/**
 * Clears what killed runs left beside a target, under its lock. True when a copy into it had been
 * cut short, and is finished now: the file of that run is in place.
 */
export async function recoverTarget({ path }: Target, lock: Lock): Promise<boolean> {
  const folder = dirname(path);
  for (const name of await readdir(folder).catch(() => [])) {
    if (!isTemporary(name, path)) continue;
    await rm(join(folder, name), { force: true, recursive: true }).catch(() => {});
  }
  return finishCopy(path, lock);
}

class FileBeside implements AtomicFile {
  readonly path: string;
  bytes = 0;
  readonly #target: Target;
  readonly #lock: Lock | undefined;
  readonly #beside: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  readonly #buffer = Buffer.allocUnsafeSlow(bufferBytes);
  /** So many bytes of the buffer have yet to be written. */
  #waiting = 0;
  #identity: FileIdentity | undefined;
  #done = false;

  constructor(target: Target, lock: Lock | undefined, beside: string, handle: FileHandle) {
    this.path = target.path;
    this.#target = target;
    this.#lock = lock;
    this.#beside = beside;
    this.#handle = handle;
  }

  get sha256(): string {
    return this.#identity?.sha256 ?? this.#hash.copy().digest('hex');
  }

  async write(chunk: string | Uint8Array): Promise<void> {
    const isText = typeof chunk === 'string';
    // A character takes three bytes at most.
    const most = isText ? 3 * chunk.length : chunk.length;
    if (most > bufferBytes - this.#waiting) await this.#drain();
    if (most > bufferBytes) return this.#put(isText ? Buffer.from(chunk) : chunk);
    const at = this.#waiting;
    if (isText) this.#waiting += this.#buffer.write(chunk, at);
    else {
      this.#buffer.set(chunk, at);
      this.#waiting += chunk.length;
    }
  }

  async flush(): Promise<FileIdentity> {
    if (this.#identity !== undefined) return this.#identity;
    await this.#drain();
    const { ino } = await attempt(this.path, async () => {
      await syncFile(this.#handle);
      return this.#handle.stat();
    });
    const { path, bytes, sha256 } = this;
    this.#identity = { path, inode: ino, bytes, sha256 };
    return this.#identity;
  }

  async commit(): Promise<void> {
    const identity = await this.flush();
    await this.#lock?.stillOurs();
    await this.#prove(identity);
    if (this.#target.place === 'copy') await this.#copy();
    else await this.#rename();
    this.#done = true;
    await this.#handle.close();
    await syncFolder(dirname(this.path));
  }

  async abandon(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    await this.#handle.close().catch(() => {});
    await rm(this.#beside, { force: true }).catch(() => {});
  }

  async #drain(): Promise<void> {
    const waiting = this.#buffer.subarray(0, this.#waiting);
    this.#waiting = 0;
    await this.#put(waiting);
  }

  async #put(data: Uint8Array): Promise<void> {
    await attempt(this.path, async () => {
      for (let from = 0; from < data.length; ) {
        from += (await this.#handle.write(data, from)).bytesWritten;
      }
    });
    this.#hash.update(data);
    this.bytes += data.length;
  }

  /** What goes in place is what was written here, whatever others do in the folder. */
  async #prove(identity: FileIdentity): Promise<void> {
    const found = await lstat(this.#beside).catch(() => undefined);
    const same = found?.ino === identity.inode && found.size === identity.bytes;
    // Some network file systems make up their inodes.
    if (same || (found?.isFile() === true && (await isAt(this.#beside, identity)))) return;
    throw localError(
      'file-disturbed',
      `another program has changed ${this.#beside} while it was written`,
      `${this.#target.shown} is unchanged; run it again`,
    );
  }

  async #rename(): Promise<void> {
    // Windows renames no open file.
    if (process.platform === 'win32') await this.#handle.close();
    try {
      await rename(this.#beside, this.path);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno !== 'EBUSY' && errno !== 'EXDEV') throw fileError(this.path, error);
      await this.#copy();
    }
  }

  async #copy(): Promise<void> {
    await copyInPlace(this.#beside, this.path, this.bytes);
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(path, error);
  }
}

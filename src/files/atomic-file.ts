import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { errnoOf, fileError, localError } from '../errors.ts';
import type { Destination } from '../output/destination.ts';

export interface FileDestination extends Destination {
  /** The file itself, links resolved. */
  readonly path: string;
  /** SHA-256 of all bytes of the file, in hexadecimal; final once committed. */
  readonly sha256: string;
  /** Bytes written so far. */
  readonly bytes: number;
  /** By this the file that replaces the target can be told from the one before; once flushed. */
  identity(): Promise<FileIdentity>;
}

export interface FileIdentity {
  readonly path: string;
  readonly inode: number;
  readonly bytes: number;
}

// Each write is a trip through the thread pool, as dear as writing some 100 KB.
const flushBytes = 256 * 1024;

/** The file that a path leads to. Throws exit 7 where no file can be put there. */
export async function checkTarget(path: string): Promise<string> {
  const target = await followLinks(resolve(path));
  const folder = dirname(target);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError(folder, error, `the folder of ${path} can't be written`);
  }
  const found = await statOf(target);
  if (found !== undefined && !found.isFile()) {
    throw localError(
      'not-a-file',
      `${path} is ${found.isDirectory() ? 'a folder' : 'not a regular file'}`,
      'give -o the name of a file, or - for standard output',
    );
  }
  return target;
}

/**
 * A file that is either as it was or complete: written beside the target with mode 0600, flushed
 * to the disk, then renamed over it. `target` comes from checkTarget.
 */
export async function toFile(target: string): Promise<FileDestination> {
  const folder = dirname(target);
  const beside = join(folder, `.${basename(target)}.tmp`);
  const hash = createHash('sha256');
  let digest: string | undefined;
  let bytes = 0;
  // A leftover of a killed run; opened anew with `wx`, so that no planted link is followed.
  const handle = await attempt(target, async () => {
    await rm(beside, { force: true });
    return open(beside, 'wx', 0o600);
  });
  let done = false;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const flush = async () => {
    const data = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    await attempt(target, async () => {
      for (let from = 0; from < data.length; ) {
        from += (await handle.write(data, from)).bytesWritten;
      }
    });
    hash.update(data);
  };
  return {
    path: target,
    get sha256() {
      digest ??= hash.digest('hex');
      return digest;
    },
    get bytes() {
      return bytes;
    },
    async write(chunk) {
      const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      waiting.push(data);
      waitingBytes += data.length;
      bytes += data.length;
      if (waitingBytes >= flushBytes) await flush();
    },
    async identity() {
      await flush();
      const { ino } = await attempt(target, () => handle.stat());
      return { path: target, inode: ino, bytes };
    },
    async commit() {
      await flush();
      await attempt(target, async () => {
        await handle.sync();
        await handle.close();
        await rename(beside, target);
      });
      done = true;
      await syncFolder(folder);
    },
    async abandon() {
      if (done) return;
      done = true;
      await handle.close().catch(() => {});
      await rm(beside, { force: true }).catch(() => {});
    },
  };
}

/** The file's facts; undefined where there is none. */
export async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw fileError(path, error);
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileError(path, error);
  }
}

/** Renaming over a link would replace the link: find what it stands for. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const folder = await realpath(dirname(path)).catch(() => dirname(path));
    return join(folder, basename(path));
  }
}

/** The rename itself must survive a power cut; not every system can flush a folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

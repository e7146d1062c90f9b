import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError, localError } from '../errors.ts';
import { reasonOf } from '../reasons.ts';
import { isRefusal, syncFile, syncFolder } from './fsync.ts';
import type { Lock } from './lock.ts';
import { removeFile } from './remove-file.ts';

const chunkBytes = 1024 * 1024;

/**
 * The whole new content, beside a target that can't be renamed over. While it is there the copy
 * is not finished.
 */
export function copySource(path: string): string {
  return join(dirname(path), `.${basename(path)}.copy`);
}

/** Copies a flushed file into `path`. Until it is finished, the next run can finish it. */
export async function copyInPlace(from: string, path: string, bytes: number): Promise<void> {
  await checkRoom(path, bytes);
  try {
    await rename(from, copySource(path));
  } catch (error) {
    throw fileError(path, error);
  }
  await syncFolder(dirname(path));
  await finish(path);
}

/**
 * Finishes a copy that was cut short; false when there is none. The lock of `path` is held.
 * Throws exit 7 for a file that is not ours, exit 75 when the lock is lost.
 */
export async function finishCopy(path: string, lock: Lock): Promise<boolean> {
  const source = copySource(path);
  const facts = await lstat(source).catch(() => undefined);
  if (facts === undefined) return false;
  const us = process.geteuid?.();
  if (!facts.isFile() || (us !== undefined && us !== 0 && facts.uid !== us)) {
    throw localError(
      'copy-in-the-way',
      `${source} is in the way: a copy into ${basename(path)} is taken from there`,
      'move it away',
    );
  }
  await lock.stillOurs();
  await finish(path);
  return true;
}

async function finish(path: string): Promise<void> {
  const source = copySource(path);
  let from: FileHandle | undefined;
  let to: FileHandle | undefined;
  try {
    from = await open(source, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
    to = await openTarget(path);
    await copyAll(from, to);
    await to.chmod(0o600).catch((error: unknown) => {
      if (!isRefusal(error)) throw error;
    });
    await syncFile(to);
  } catch (error) {
    throw localError(
      'torn-copy',
      `the copy into ${path} is not finished: ${reasonOf(error)}`,
      `make room if it is full; the next run on it finishes the copy, from ${source}`,
    );
  } finally {
    await from?.close();
    await to?.close();
  }
  await removeFile(source);
  await syncFolder(dirname(path));
}

async function openTarget(path: string): Promise<FileHandle> {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW = 0 } = constants;
  return open(path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600);
}

async function copyAll(from: FileHandle, to: FileHandle): Promise<void> {
  const buffer = Buffer.alloc(chunkBytes);
  let end = 0;
  for (;;) {
    const { bytesRead } = await from.read(buffer, 0, chunkBytes, end);
    if (bytesRead === 0) break;
    for (let done = 0; done < bytesRead; ) {
      done += (await to.write(buffer, done, bytesRead - done, end + done)).bytesWritten;
    }
    end += bytesRead;
  }
  await to.truncate(end);
}

/** A copy that does not fit would leave the target torn. */
async function checkRoom(path: string, bytes: number): Promise<void> {
  const old = await lstat(path).catch(() => undefined);
  const disk = await statfs(path).catch(() => undefined);
  if (old === undefined || disk === undefined) return;
  const grows = bytes - old.size;
  if (grows <= 0 || grows <= disk.bavail * disk.bsize) return;
  throw localError(
    'file',
    `${path} does not fit: its disk has ${disk.bavail * disk.bsize} bytes left`,
    'free some space; the old file is unchanged',
  );
}

import { constants, writeSync, writevSync } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { errnoOf, fileError, localError } from '../errors.ts';
import type { Json } from '../table.ts';
import type { Entry } from './log-index.ts';

/**
 * Returns how many bytes were written: all of them. Waits for it: handing so few to the thread pool
 * takes several times as long, a sixth of the CPU of an export.
 */
export function writeAll(file: FileHandle, parts: readonly Uint8Array[], at: number): number {
  const length = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
  let from = writevSync(file.fd, parts, at);
  // A disk that is nearly full takes a part; the next write says why.
  if (from < length) {
    const whole = Buffer.concat(parts);
    while (from < length) from += writeSync(file.fd, whole, from, length - from, at + from);
  }
  return length;
}

/** What an entry holds, as far as the file has it. */
export async function readBytes(
  file: FileHandle,
  path: string,
  { offset, bytes }: Entry,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  try {
    const { bytesRead } = await file.read(buffer, 0, bytes, offset);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    throw fileError(path, error, `${path} can't be read`);
  }
}

/** The JSON that an entry holds; undefined where a power cut left it empty. */
export async function readJson(
  file: FileHandle,
  { offset, bytes }: Entry,
): Promise<Json | undefined> {
  const buffer = Buffer.alloc(bytes);
  await file.read(buffer, 0, bytes, offset);
  try {
    return JSON.parse(buffer.toString('utf8')) as Json;
  } catch {
    return undefined;
  }
}

/** Opens what may be a log. A pipe, a folder or a link is none, and is not waited for. */
export async function openOrNone(path: string): Promise<FileHandle | undefined> {
  try {
    if (!(await lstat(path)).isFile()) throw foreign(path);
    return await open(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return undefined;
    throw errno === undefined || errno === 'foreign-file' ? error : fileError(path, error);
  }
}

export function foreign(path: string) {
  return localError(
    'foreign-file',
    `${path} is in the way: it is not a page log of this version of reekolect`,
    'move it away, or write to another file',
  );
}

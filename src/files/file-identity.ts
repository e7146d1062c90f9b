import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { errnoOf, fileError } from '../errors.ts';

/** A whole file, so described that it can be told from the one before it. */
export interface FileIdentity {
  readonly path: string;
  readonly inode: number;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** Whether the file stands at `path`, its own or another. */
export async function isAt(path: string, file: Omit<FileIdentity, 'path'>): Promise<boolean> {
  try {
    const found = await stat(path);
    // An inode is given anew soon after a file is removed: only the content proves.
    return found.isFile() && found.size === file.bytes && (await hashOf(path)) === file.sha256;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
    throw fileError(path, error, `${path} can't be read`);
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

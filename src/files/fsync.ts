import { type FileHandle, open } from 'node:fs/promises';
import { errnoOf } from '../errors.ts';

const refusals = new Set(['EINVAL', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP', 'EPERM']);

/** Whether a file system has no such call, rather than failed at it. */
export function isRefusal(error: unknown): boolean {
  return refusals.has(errnoOf(error) ?? '');
}

/** Flushes a file to the disk, where the file system can. */
export async function syncFile(handle: FileHandle): Promise<void> {
  try {
    await handle.sync();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}

/** A rename must survive a power cut; not every system can flush a folder. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close().catch(() => {});
}

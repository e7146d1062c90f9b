import { rm } from 'node:fs/promises';
import { fileError } from '../errors.ts';

/** Removes a file that need not be there. Throws exit 7 where it stays. */
export async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw fileError(path, error, `${path} can't be removed`);
  }
}

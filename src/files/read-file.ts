import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { localError } from '../errors.ts';

/**
 * Reads a regular file without ever waiting, as on a FIFO. Throws the system's error, or exit 7
 * for what is no file.
 */
export function readRegularFile(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const facts = fstatSync(file);
    if (facts.isFile() || facts.isDirectory()) return readFileSync(file);
  } finally {
    closeSync(file);
  }
  throw localError('not-a-file', `${path} is not a regular file`, 'move it away');
}

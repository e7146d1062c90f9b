import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { errnoOf, fileError, localError } from '../errors.ts';

/**
 * Makes a folder and those above it; all of ours get the mode. Node's own `recursive` never
 * returns under /proc. Throws exit 7.
 */
export function makeFolder(folder: string, mode: number): void {
  const missing: string[] = [];
  for (let here = folder; !isFolder(here); here = dirname(here)) {
    missing.push(here);
    if (here === dirname(here)) break;
  }
  for (const here of missing.reverse()) {
    try {
      mkdirSync(here, { mode });
    } catch (error) {
      // Another run may have been quicker.
      if (errnoOf(error) !== 'EEXIST' || !isFolder(here)) {
        throw fileError(here, error, `the folder ${here} can't be made`);
      }
    }
  }
  // The umask may have taken rights that we need.
  if (missing.length > 0) attempt(() => chmodSync(folder, mode));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return false;
    throw fileError(path, error, `${path} can't be looked at`);
  }
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // A file system without modes.
  }
}

/** The working folder; `path` is what needs it. Throws exit 7 where it has been removed. */
export function workingFolder(path: string): string {
  try {
    return process.cwd();
  } catch {
    throw localError(
      'no-working-folder',
      `the working folder is gone, and ${path} counts from it`,
      'change to a folder that exists, or give the whole path, from / on',
    );
  }
}

/** The path from the root on. Throws exit 7 where the working folder has been removed. */
export function absolutePath(path: string): string {
  return isAbsolute(path) ? path : join(workingFolder(path), path);
}

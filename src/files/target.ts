import { constants, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf, fileError, localError } from '../errors.ts';
import { followLinks, namesFolder, notAFile } from './links.ts';
import { readMounts } from './mounts.ts';

/** Where a file is to be put. */
export interface Target {
  /** The file itself, links followed. */
  readonly path: string;
  /** As the user typed it. */
  readonly shown: string;
  /** A file with a mount of its own can't be renamed over: it is copied into. */
  readonly place: 'rename' | 'copy';
}

const outputHint = 'give -o the name of a file, or - for standard output';

/**
 * Finds the file that a path leads to. Throws exit 7 where none can be put there; the hint is for a
 * path of something else.
 */
export async function checkTarget(path: string, hint = outputHint): Promise<Target> {
  if (namesFolder(path)) throw notAFile(path, 'the name of a folder', hint);
  const target = await followLinks(path, hint);
  // Before its folder: that of a device or a pipe is nobody's to write.
  const there = await stat(path).catch(() => undefined);
  if (there !== undefined && !there.isFile()) {
    throw notAFile(path, there.isDirectory() ? 'a folder' : 'not a regular file', hint);
  }
  const folder = dirname(target);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fileError(folder, error, `the folder of ${path} can't be written`);
  }
  const found = await statOf(target);
  if (found === undefined) {
    // What the system follows and we can't is no path: /dev/stdout on a file that was removed.
    if (there !== undefined) throw notAFile(path, 'not a regular file', hint);
    return { path: target, shown: path, place: 'rename' };
  }
  const around = await stat(folder);
  if (found.dev !== around.dev || readMounts().some(({ point }) => point === target)) {
    await checkWritable(target);
    return { path: target, shown: path, place: 'copy' };
  }
  checkReplaceable(path, found, around);
  return { path: target, shown: path, place: 'rename' };
}

async function checkWritable(target: string): Promise<void> {
  try {
    await access(target, constants.W_OK);
  } catch (error) {
    throw fileError(target, error);
  }
}

/** In a sticky folder only the owners of file and folder may rename. */
function checkReplaceable(path: string, file: Stats, folder: Stats): void {
  const us = process.geteuid?.();
  if (us === undefined || us === 0 || (folder.mode & 0o1000) === 0) return;
  if (us === file.uid || us === folder.uid) return;
  throw localError(
    'foreign-file',
    `${path} belongs to another user, in a folder where only owners may replace files`,
    'choose another name',
  );
}

/** The file's facts; undefined where there is none. */
export async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw fileError(path, error);
  }
}

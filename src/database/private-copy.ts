import { constants, type Stats } from 'node:fs';
import { copyFile, type FileHandle, open, rm } from 'node:fs/promises';
import { localError } from '../errors.ts';
import { syncFile } from '../files/fsync.ts';
import { statOf, type Target } from '../files/target.ts';
import { temporaryName } from '../files/temporary-name.ts';

/** A new and empty file beside the target, mode 0600. */
export async function newFileBeside({ path }: Target): Promise<string> {
  const beside = temporaryName(path);
  await (await open(beside, 'wx', 0o600)).close();
  return beside;
}

/** A copy of an SQLite file, for an engine that can't share it with others. */
export async function copyBeside(target: Target, there: Stats): Promise<string> {
  await checkAlone(target);
  const path = await newFileBeside(target);
  await copyFile(target.path, path, constants.COPYFILE_FICLONE);
  const handle = await open(path, 'r+');
  try {
    // It stays its owner's where an administrator runs us.
    await handle.chown(there.uid, there.gid).catch(() => {});
    await handle.chmod(there.mode & 0o777);
    const header = await readHeader(handle);
    // Without a log beside it a file in log mode is whole: such an engine opens plain ones alone.
    if (header?.[18] === 2) await handle.write(Buffer.from([1, 1]), 0, 2, 18);
  } finally {
    await handle.close();
  }
  return path;
}

/** The first bytes of a file; undefined where it is none of SQLite's. */
async function readHeader(handle: FileHandle): Promise<Buffer | undefined> {
  const header = Buffer.alloc(60);
  await handle.read(header, 0, header.length, 0);
  return header.toString('latin1', 0, 15) === 'SQLite format 3' ? header : undefined;
}

/** Throws exit 7 for a file that keeps text as UTF-16: bytes that came as UTF-8 would be taken for that. */
export async function checkEncoding({ path, shown }: Target): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const encoding = (await readHeader(handle))?.readUInt32BE(56) ?? 0;
    if (encoding <= 1) return;
  } finally {
    await handle.close();
  }
  throw localError(
    'database-encoding',
    `${shown} keeps text as UTF-16`,
    'use another file, or make it one of UTF-8; it was not touched',
  );
}

const logs = ['-wal', '-journal'];

/** Throws exit 7 where what others wrote may still lie in a log beside the file. */
export async function checkAlone({ path, shown }: Target): Promise<void> {
  for (const ending of logs) {
    if ((await statOf(`${path}${ending}`)) === undefined) continue;
    throw localError(
      'database-in-use',
      `${shown}${ending} shows that another program has ${shown} open, or was killed while it wrote`,
      `end that program, or run: sqlite3 ${shown} 'PRAGMA journal_mode=DELETE'; from Node 22.13 on both can work at once`,
    );
  }
}

/**
 * Removes logs of a file that is gone, as SQLite does before it makes a new one: they would be taken
 * for a part of it.
 */
export async function removeOrphans(target: Target): Promise<void> {
  if ((await statOf(target.path)) !== undefined) return checkAlone(target);
  for (const ending of [...logs, '-shm']) await rm(`${target.path}${ending}`, { force: true });
}

export async function flushFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await syncFile(handle);
  } finally {
    await handle.close();
  }
}

/** A private file, with what engines put beside it. */
export async function removePrivate(path: string): Promise<void> {
  for (const ending of ['', '-journal', '-wal', '-shm', '.lock']) {
    await rm(`${path}${ending}`, { recursive: true, force: true }).catch(() => {});
  }
}

/** Tells a file from what it was before. */
export function versionOf(stats: Stats | undefined): string {
  return stats === undefined ? '' : `${stats.ino} ${stats.size} ${stats.mtimeMs}`;
}

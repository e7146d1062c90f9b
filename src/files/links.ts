import type { Stats } from 'node:fs';
import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse } from 'node:path';
import { errnoOf, fileError, localError } from '../errors.ts';
import { workingFolder } from './folder.ts';

const separator = process.platform === 'win32' ? /[\\/]/ : /\//;
const mostLinks = 40;

/** Whether a path can only be a folder's: it ends with a slash, `.` or `..`. */
export function namesFolder(path: string): boolean {
  return ['', '.', '..'].includes(path.split(separator).at(-1) ?? '');
}

/**
 * Where a path leads, as the system would follow it; its last part may be missing. Throws exit 7
 * for a missing folder, a loop, and a link that others planted in a folder that all may write.
 */
export async function followLinks(path: string, hint: string): Promise<string> {
  let here = isAbsolute(path) ? parse(path).root : workingFolder(path);
  const ahead = partsOf(path);
  for (let links = 0; ahead.length > 0; ) {
    const part = ahead.pop() as string;
    if (part === '..') {
      here = dirname(here);
      continue;
    }
    const next = join(here, part);
    const facts = await factsOf(next, path, ahead.length > 0);
    if (facts?.isSymbolicLink() !== true) {
      here = next;
      continue;
    }
    await checkOwner(next, facts, here);
    links += 1;
    if (links > mostLinks) {
      throw localError(
        'link-loop',
        `${path} is a link that leads nowhere: links go in a circle`,
        'remove one of the links, or choose another path',
      );
    }
    const to = await readlink(next);
    if (ahead.length === 0 && namesFolder(to)) throw notAFile(path, 'a link to a folder', hint);
    if (isAbsolute(to)) here = parse(to).root;
    ahead.push(...partsOf(to));
  }
  return here;
}

export function notAFile(path: string, what: string, hint: string): Error {
  return localError('not-a-file', `${path} is ${what}`, hint);
}

/** The parts of a path behind its root, the last one first. */
function partsOf(path: string): string[] {
  const behind = isAbsolute(path) ? path.slice(parse(path).root.length) : path;
  return behind
    .split(separator)
    .filter((part) => part !== '' && part !== '.')
    .reverse();
}

async function factsOf(next: string, path: string, isFolder: boolean): Promise<Stats | undefined> {
  try {
    return await lstat(next);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' && !isFolder) return undefined;
    throw fileError(next, error, `the folder of ${path} can't be reached at ${next}`);
  }
}

/** A stranger's link in a sticky folder such as /tmp could send the contacts anywhere. */
async function checkOwner(link: string, { uid }: Stats, folder: string): Promise<void> {
  const us = process.geteuid?.();
  if (us === undefined || uid === us) return;
  const { mode, uid: owner } = await stat(folder);
  if ((mode & 0o1000) === 0 || (mode & 0o022) === 0 || uid === owner) return;
  throw localError(
    'foreign-link',
    `${link} is a link of another user, in a folder that others may write`,
    'choose another path, or remove the link',
  );
}

import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

// What Linux tells of a process, of which `folder` is the one in /proc; '' or undefined elsewhere.

const shells = /^(?:ba|da|z|k|mk|lk|a|fi)?sh$|^busybox$/;

export interface FoundProcess {
  readonly group: string | undefined;
  /** A bit for each ignored signal. */
  readonly ignored: number;
}

export function processAt(folder: string): FoundProcess {
  // Fields 5 and 33 of 52; the second, the name in brackets, may hold blanks.
  const fields = read(`${folder}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return { group: fields[2], ignored: Number(fields[30] ?? 0) };
}

/** What a descriptor leads to: a path, or a word of the system's for what has none. */
export function openAt(folder: string, fd: number): string {
  return linkOr(`${folder}/fd/${fd}`);
}

/** How a descriptor was opened. */
export function accessOf(folder: string, fd: number): 'read' | 'write' | 'both' | undefined {
  const [, digit] = /^flags:\s*[0-7]*([0-7])$/m.exec(read(`${folder}/fdinfo/${fd}`)) ?? [];
  if (digit === undefined) return undefined;
  return (['read', 'write', 'both'] as const)[Number(digit) & 3];
}

export function isShell(folder: string): boolean {
  return shells.test(basename(linkOr(`${folder}/exe`)));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function linkOr(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

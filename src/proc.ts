import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

// What Linux tells of a process, of which `folder` is the one in /proc; '' or undefined elsewhere.

const shells = /^(?:ba|da|z|k|mk|lk|a|fi)?sh$|^busybox$/;

export interface FoundProcess {
  /** A letter for what it does, Z where it has ended; undefined where it can't be seen. */
  readonly state: string | undefined;
  readonly group: string | undefined;
  /** When it started: ticks since boot. */
  readonly started: string | undefined;
  /** A bit for each ignored signal. */
  readonly ignored: number;
}

export function processAt(folder: string): FoundProcess {
  // Fields 3, 5, 22 and 33 of 52; the second, the name in brackets, may hold blanks.
  const [, stat = ''] = /^.*\) (.*)$/s.exec(textOr(`${folder}/stat`)) ?? [];
  const { 0: state, 2: group, 19: started, 30: ignored } = stat.split(' ');
  return { state: state || undefined, group, started, ignored: Number(ignored ?? 0) };
}

/** What a descriptor leads to: a path, or a word of the system's for what has none. */
export function openAt(folder: string, fd: number): string {
  return linkOr(`${folder}/fd/${fd}`);
}

/** How a descriptor was opened. */
export function accessOf(folder: string, fd: number): 'read' | 'write' | 'both' | undefined {
  const [, digit] = /^flags:\s*[0-7]*([0-7])$/m.exec(textOr(`${folder}/fdinfo/${fd}`)) ?? [];
  if (digit === undefined) return undefined;
  return (['read', 'write', 'both'] as const)[Number(digit) & 3];
}

export function isShell(folder: string): boolean {
  return shells.test(basename(linkOr(`${folder}/exe`)));
}

/** The text of a file of the system's; '' where it can't be had. */
export function textOr(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/** Where a link leads; '' where that can't be seen. */
export function linkOr(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

import { readSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import type { Json } from '../table.ts';

export const logMagic = 'reekolect pages 2';

/** The first line of a log. */
export interface LogHead {
  readonly log: typeof logMagic;
  /** When the run began, RFC 3339: relative dates count from here when it goes on. */
  readonly started: string;
  /** What the pages were read for; another export has another one. */
  readonly topic: { readonly [key: string]: Json };
  /** How many bytes of the old file come first, for a run that adds to it. */
  readonly base?: number;
}

/** Where a page lies in the log, and how many records it holds. */
export interface Entry {
  /** Where its lines begin: what came later has them further on. */
  readonly at: number;
  /** Where its bytes begin: after its lines, or for a page that came again where it lay before. */
  readonly offset: number;
  readonly bytes: number;
  readonly records: number;
}

const lineFeed = 10;

/** The longest first line: a request's body may name thousands of tags. */
const longestHead = 2 ** 25;

/** Longer than the lines before a page. */
const entryBytes = 128;

/** So many entries are read before others get a turn. */
const entriesATurn = 1000;

/** The head that a first line holds; undefined where a part is missing or odd. */
export function readHead(line: string): LogHead | undefined {
  let head: Partial<LogHead> | null;
  try {
    head = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (head?.log !== logMagic) return undefined;
  const { started, topic, base = 0 } = head;
  if (typeof started !== 'string' || Number.isNaN(Date.parse(started))) return undefined;
  if (typeof topic !== 'object' || topic === null || Array.isArray(topic)) return undefined;
  return Number.isSafeInteger(base) && base >= 0 ? (head as LogHead) : undefined;
}

/** What a crash leaves of a first line: nothing, its start, or zeros where it was to be. */
export function isTornHead(fd: number): boolean {
  const start = `{"log":"${logMagic}"`;
  const buffer = Buffer.alloc(start.length);
  const length = readSync(fd, buffer, 0, buffer.length, 0);
  const text = buffer.toString('latin1', 0, length).replace(/\0+$/, '');
  return start.startsWith(text) && readLine(fd, 0) === undefined;
}

/** The line that begins at `offset`, and where the next one does; undefined where none ends. */
export function readLine(
  fd: number,
  offset: number,
): { readonly text: string; readonly next: number } | undefined {
  for (let size = 4096; size <= longestHead; size *= 8) {
    const buffer = Buffer.alloc(size);
    const length = readSync(fd, buffer, 0, size, offset);
    const end = buffer.subarray(0, length).indexOf(lineFeed);
    if (end !== -1) return { text: buffer.toString('utf8', 0, end), next: offset + end + 1 };
    if (length < size) return undefined;
  }
  return undefined;
}

/** Where each page lies, and where the last whole one ends. One read for each page. */
export async function readIndex(
  fd: number,
  start: number,
  size: number,
): Promise<{ entries: Map<string, Entry>; end: number }> {
  const entries = new Map<string, Entry>();
  const buffer = Buffer.alloc(1 + entryBytes);
  let end = start;
  let open: ReturnType<typeof parseEntry>;
  for (let count = 1; ; count += 1) {
    // The line feed that ends a page, and the lines after it.
    const at = open === undefined ? start - 1 : open.next;
    const length = readSync(fd, buffer, 0, buffer.length, at);
    if (length === 0 || buffer[0] !== lineFeed) break;
    if (open !== undefined) entries.set(open.key, open.entry);
    end = at + 1;
    open = parseEntry(buffer.subarray(1, length), end);
    if (open === undefined || open.next >= size) break;
    if (count % entriesATurn === 0) await turn();
  }
  for (const key of entries.keys()) dropVoid(entries, key);
  return { entries, end };
}

const voidPattern = /^void-(\d+)-(\d+) 0$/;

/** The entry, of no bytes, that says that those which begin in this part of the log are not to be used. */
export function voidRequest(from: number, to: number) {
  return { round: `void-${from}-${to}`, page: 0 };
}

/** Drops the entries that another one says are not to be used. */
export function dropVoid(entries: Map<string, Entry>, saying: string): void {
  const [, from, to] = voidPattern.exec(saying) ?? [];
  for (const [key, { at }] of to === undefined ? [] : entries) {
    if (at >= Number(from) && at < Number(to)) entries.delete(key);
  }
}

/** The lines before a page's bytes; `before` is where those lie of a page that came again. */
export function entryLines(
  key: string,
  { records, bytes }: { readonly records: number; readonly bytes: number },
  before?: number,
): string {
  return `${records} records\n${key} ${bytes}${before === undefined ? '' : ` at ${before}`}\n`;
}

const linesPattern = /^(\d{1,9}) records\n(\S+ \d+) (\d{1,12})(?: at (\d{1,15}))?\n/;

function parseEntry(lines: Buffer, at: number) {
  const found = linesPattern.exec(lines.toString('latin1'));
  if (found === null) return undefined;
  const [{ length }, records, key = '', size, before] = found;
  const bytes = Number(size);
  const offset = before === undefined ? at + length : Number(before);
  if (before !== undefined && offset + bytes > at) return undefined;
  const next = before === undefined ? offset + bytes : at + length;
  return { key, entry: { at, offset, bytes, records: Number(records) }, next };
}

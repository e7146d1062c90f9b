import { type FileHandle, open, rm } from 'node:fs/promises';
import type { FetchPageText } from '../api/contacts.ts';
import { errnoOf, fileError, localError } from '../errors.ts';
import { type Page, readPage, UnusableAnswer } from '../records/page.ts';
import type { Json } from '../table.ts';
import type { FetchPage, PageRequest } from './walk.ts';

/** What a log's pages were read for; another export has another one. */
export interface LogTopic {
  readonly host: string;
  readonly profile: string;
  readonly body: Json;
}

/** The first line of a log. */
export interface LogHead extends LogTopic {
  readonly log: typeof magic;
  /** When the run began, RFC 3339: relative dates count from here when it goes on. */
  readonly started: string;
  /** How many bytes of the old file come first, for a run that adds to it. */
  readonly base?: number;
}

const magic = 'reekolect pages 1';

interface Place {
  readonly offset: number;
  readonly bytes: number;
}

/**
 * Pages already fetched, on disk, so that a run can go on after a crash. The file is one line
 * of JSON and then, for each page, a line `round page bytes`, the page's text and a line feed.
 * A page that was torn by a crash is cut off when the log is opened again.
 */
export class PageLog {
  readonly head: LogHead;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #places: Map<string, Place>;
  #end: number;
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(path: string, file: FileHandle, found: Found) {
    this.#path = path;
    this.#file = file;
    this.head = found.head;
    this.#places = found.places;
    this.#end = found.end;
  }

  /** Starts a log afresh, in place of an older one. Throws exit 7 for a file that is no log. */
  static async create(path: string, head: Omit<LogHead, 'log'>): Promise<PageLog> {
    await PageLog.peek(path);
    const whole: LogHead = { log: magic, ...head };
    const line = Buffer.from(`${JSON.stringify(whole)}\n`);
    try {
      await rm(path, { force: true });
      const file = await open(path, 'wx+', 0o600);
      await file.write(line, 0, line.length, 0);
      return new PageLog(path, file, { head: whole, places: new Map(), end: line.length });
    } catch (error) {
      throw fileError(path, error);
    }
  }

  /**
   * The head of the log at `path`; undefined where there is none, or only the start of one.
   * Throws exit 7 for another file.
   */
  static async peek(path: string): Promise<LogHead | undefined> {
    const file = await openOrNone(path);
    if (file === undefined) return undefined;
    try {
      const [line] = await readLine(file, 0);
      const head = readHead(line);
      if (head === undefined && !(await isTornHead(file))) throw foreign(path);
      return head;
    } finally {
      await file.close();
    }
  }

  /** Opens a log to go on with it; its head has been peeked at. */
  static async resume(path: string): Promise<PageLog> {
    const file = await openOrNone(path);
    const found = file && (await scan(file));
    if (file === undefined || found === undefined) {
      await file?.close();
      throw foreign(path);
    }
    // What follows the last whole page was being written when the run ended.
    await file.truncate(found.end);
    return new PageLog(path, file, found);
  }

  /** How many pages the log holds. */
  get pages(): number {
    return this.#places.size;
  }

  /** Answers from the log, and writes down what has to be fetched before it is used. */
  remember(fetchPage: FetchPageText): FetchPage {
    return async (request, signal) => {
      const known = request.afresh ? undefined : await this.#read(request);
      if (known !== undefined) return known.contacts;
      const page = await fetchPage(request.page, signal);
      await this.#append(request, page.text);
      return page.contacts;
    };
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  /** Ends the log: the export is complete. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.#path, { force: true });
  }

  async #read(request: PageRequest): Promise<Page | undefined> {
    const place = this.#places.get(keyOf(request));
    if (place === undefined) return undefined;
    const buffer = Buffer.allocUnsafe(place.bytes);
    await this.#file.read(buffer, 0, place.bytes, place.offset);
    try {
      return readPage(buffer.toString('utf8'));
    } catch (error) {
      // Blocks that a power cut left empty are no JSON: the page is fetched again.
      if (error instanceof UnusableAnswer) return undefined;
      throw error;
    }
  }

  /** One entry after another, so that a crash can tear only the last. */
  async #append(request: PageRequest, text: string): Promise<void> {
    const body = Buffer.from(text);
    const key = keyOf(request);
    const line = Buffer.from(`${key} ${body.length}\n`);
    const written = this.#writing.then(async () => {
      const length = line.length + body.length + newline.length;
      const parts = [line, body, newline];
      let from = (await this.#file.writev(parts, this.#end)).bytesWritten;
      // A disk that is nearly full takes a part; the next write says why.
      while (from < length) {
        const rest = Buffer.concat(parts).subarray(from);
        from += (await this.#file.write(rest, 0, rest.length, this.#end + from)).bytesWritten;
      }
      this.#places.set(key, { offset: this.#end + line.length, bytes: body.length });
      this.#end += length;
    });
    this.#writing = written.catch(() => {});
    try {
      await written;
    } catch (error) {
      throw fileError(this.#path, error);
    }
  }
}

const newline = Buffer.from('\n');

interface Found {
  readonly head: LogHead;
  readonly places: Map<string, Place>;
  /** Where the last whole entry ends. */
  readonly end: number;
}

function keyOf({ round, page }: PageRequest): string {
  return `${round} ${page}`;
}

async function openOrNone(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw fileError(path, error);
  }
}

/** Reads the index of a log; undefined for a file that is none. */
async function scan(file: FileHandle): Promise<Found | undefined> {
  const { size } = await file.stat();
  const [line, start] = await readLine(file, 0);
  const head = readHead(line);
  if (head === undefined) return undefined;
  const places = new Map<string, Place>();
  let end = start;
  const last = Buffer.alloc(1);
  for (;;) {
    const [entry, offset] = await readLine(file, end);
    const [round, page, bytes] = entry.split(' ');
    const length = Number(bytes);
    if (!/^\d+$/.test(bytes ?? '') || offset + length + 1 > size) break;
    await file.read(last, 0, 1, offset + length);
    if (last[0] !== newline[0]) break;
    places.set(`${round} ${page}`, { offset, bytes: length });
    end = offset + length + 1;
  }
  return { head, places, end };
}

/** The line that begins at `offset`, and where the next one does; '' where none ends. */
async function readLine(file: FileHandle, offset: number): Promise<readonly [string, number]> {
  for (let size = 256; ; size *= 8) {
    const buffer = Buffer.alloc(size);
    const { bytesRead } = await file.read(buffer, 0, size, offset);
    const end = buffer.indexOf(newline);
    if (end !== -1 && end < bytesRead) {
      return [buffer.toString('utf8', 0, end), offset + end + 1];
    }
    if (bytesRead < size || size > 1_000_000) return ['', offset];
  }
}

/** What a crash leaves of a first line: nothing, its start, or zeros where it was to be. */
async function isTornHead(file: FileHandle): Promise<boolean> {
  const buffer = Buffer.alloc(65_536);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
  const text = buffer.toString('latin1', 0, bytesRead).replace(/\0+$/, '');
  const start = `{"log":"${magic}"`;
  const isStart = text.startsWith(start) || start.startsWith(text);
  return bytesRead < buffer.length && isStart && !text.includes('\n');
}

function readHead(line: string): LogHead | undefined {
  try {
    const head = JSON.parse(line) as LogHead;
    return head.log === magic && !Number.isNaN(Date.parse(head.started)) ? head : undefined;
  } catch {
    return undefined;
  }
}

function foreign(path: string) {
  return localError(
    'foreign-file',
    `${path} is in the way: it is not a page log of reekolect`,
    'move it away, or write to another file',
  );
}

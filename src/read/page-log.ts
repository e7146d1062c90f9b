import { type FileHandle, open, rm } from 'node:fs/promises';
import { fileError } from '../errors.ts';
import { removeFile } from '../files/remove-file.ts';
import { UnusableAnswer } from '../records/page.ts';
import type { Json } from '../table.ts';
import { foreign, openOrNone, readBytes, readJson, writeAll } from './log-file.ts';
import {
  dropVoid,
  type Entry,
  entryLines,
  isTornHead,
  type LogHead,
  logMagic,
  readHead,
  readIndex,
  readLine,
  voidRequest,
} from './log-index.ts';
import type { Decode, FetchPage, LogSource, PageRequest } from './page-requests.ts';
import { keyLines, knownRecords, Repeats } from './repeats.ts';

export type { LogHead } from './log-index.ts';

/**
 * Pages already fetched, on disk, so that a run can go on after a crash. The file is one line
 * of JSON and then, for each page, the lines `50 records` and `round page bytes`, the page's bytes
 * and a line feed, in the order in which the pages came. For a page that came again `at OFFSET` says
 * where its bytes are. A page that was torn by a crash is cut off when the log is opened again.
 */
export class PageLog {
  readonly head: LogHead;
  /** What the run wrote down when its file was flushed, and not yet in place. */
  readonly prepared: Json | undefined;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #entries: Map<string, Entry>;
  readonly #repeats: Repeats;
  /** What lies before is of earlier runs. */
  readonly #begin: number;
  #end: number;
  #replays = false;

  private constructor(
    path: string,
    file: FileHandle,
    head: LogHead,
    entries: Map<string, Entry>,
    end: number,
    prepared?: Json,
  ) {
    this.prepared = prepared;
    this.#path = path;
    this.#file = file;
    this.#repeats = new Repeats(file.fd);
    this.head = head;
    this.#entries = entries;
    this.#begin = end;
    this.#end = end;
  }

  /** Starts a log afresh, in place of an older one. Throws exit 7 for a file that is no log. */
  static async create(path: string, head: Omit<LogHead, 'log'>): Promise<PageLog> {
    await PageLog.peek(path);
    const whole: LogHead = { log: logMagic, ...head };
    const line = Buffer.from(`${JSON.stringify(whole)}\n`);
    let file: FileHandle | undefined;
    try {
      await rm(path, { force: true });
      file = await open(path, 'wx+', 0o600);
      writeAll(file, [line], 0);
      return new PageLog(path, file, whole, new Map(), line.length);
    } catch (error) {
      // What the disk had no room for is of no use to --resume.
      await file?.close();
      if (file !== undefined) await rm(path, { force: true }).catch(() => {});
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
      const head = readHead(readLine(file.fd, 0)?.text ?? '');
      if (head === undefined && !isTornHead(file.fd)) throw foreign(path);
      return head;
    } finally {
      await file.close();
    }
  }

  /** Removes what a run left that needs it no more. Throws exit 7 for a file that is no log. */
  static async discard(path: string): Promise<void> {
    await PageLog.peek(path);
    await removeFile(path);
  }

  /** Opens a log to go on with it; its head has been peeked at. Throws exit 7 where there is none. */
  static async resume(path: string): Promise<PageLog> {
    const file = await openOrNone(path);
    const line = file && readLine(file.fd, 0);
    const head = readHead(line?.text ?? '');
    if (file === undefined || line === undefined || head === undefined) {
      await file?.close();
      throw foreign(path);
    }
    try {
      const { size } = await file.stat();
      const { entries, end } = await readIndex(file.fd, line.next, size);
      // What follows the last whole page was being written when the run ended.
      await file.truncate(end);
      const entry = entries.get(keyOf(preparation));
      const prepared = entry && (await readJson(file, entry));
      entries.delete(keyOf(preparation));
      return new PageLog(path, file, head, entries, end, prepared);
    } catch (error) {
      await file.close();
      throw fileError(path, error);
    }
  }

  /** How many pages with records the log holds of the first reading of the account. */
  get pages(): number {
    return this.#firstReading.filter(({ records }) => records > 0).length;
  }

  /** How many records those pages hold. */
  get records(): number {
    return this.#firstReading.reduce((sum, { records }) => sum + records, 0);
  }

  /** The first page, by which accounts can be told apart; undefined where it is missing. */
  async firstPage(): Promise<Uint8Array | undefined> {
    const entry = this.#entries.get(keyOf({ round: '1', page: 1 }));
    return entry && readBytes(this.#file, this.#path, entry);
  }

  /** Answers from the log, and writes down what has to be fetched before it is used. */
  remember({ fetchPage, decode, repeats = false }: LogSource): FetchPage {
    const replays = this.#replays;
    return async (request, signal) => {
      const { page, afresh } = request;
      const entry = afresh ? { page, round: `${request.round}!` } : request;
      const known = afresh && !replays ? undefined : await this.#recall(entry, decode);
      if (known !== undefined) return known;
      let before: number | undefined;
      const read: Decode = (bytes) => {
        const found = repeats ? this.#repeats.find(page, bytes) : undefined;
        before = found?.offset;
        if (found === undefined) return decode(bytes);
        return { bytes, records: knownRecords(found.keys, () => decode(bytes).records) };
      };
      const { bytes, records } = await fetchPage(page, signal, read);
      const offset = this.append(entry, bytes, records.length, before);
      const keys = repeats && before === undefined ? keyLines(records) : undefined;
      if (keys !== undefined) {
        const beside = this.append({ page, round: `${entry.round}k` }, keys, 0);
        this.#repeats.note(
          page,
          { offset, bytes: bytes.length },
          { offset: beside, bytes: keys.length },
        );
      }
      return records;
    };
  }

  /**
   * From here on the log answers also for what had to be afresh when this run read it, so that
   * reading once more meets the same records.
   */
  replay(): void {
    this.#replays = true;
  }

  /** Writes down what the run is about to put in place; read again as `prepared`. */
  prepare(what: Json): void {
    this.append(preparation, Buffer.from(JSON.stringify(what)), 0);
  }

  /**
   * Writes a page down; not its bytes where they are in the log already, at `before`. Returns where
   * they are. A crash can tear only the last one.
   */
  append(request: PageRequest, bytes: Uint8Array, records: number, before?: number): number {
    const key = keyOf(request);
    const entry = { records, bytes: bytes.length };
    const lines = Buffer.from(entryLines(key, entry, before));
    const parts = before === undefined ? [lines, bytes, newline] : [lines, newline];
    const at = this.#end;
    try {
      this.#end += writeAll(this.#file, parts, at);
    } catch (error) {
      throw fileError(this.#path, error);
    }
    const offset = before ?? at + lines.length;
    this.#entries.set(key, { at, offset, ...entry });
    return offset;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Ends the log: the export is complete. */
  async remove(): Promise<void> {
    await this.close();
    await removeFile(this.#path);
  }

  get #firstReading(): readonly Entry[] {
    return [...this.#entries].filter(([key]) => firstRound.test(key)).map(([, entry]) => entry);
  }

  async #recall(request: PageRequest, decode: LogSource['decode']) {
    const key = keyOf(request);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const bytes = await readBytes(this.#file, this.#path, entry);
    // It may have been dropped meanwhile.
    if (this.#entries.get(key) !== entry) return undefined;
    try {
      return decode(bytes).records;
    } catch (error) {
      if (!(error instanceof UnusableAnswer)) throw error;
      // Blocks that a power cut left empty. What earlier runs fetched after it is fetched again,
      // too, now and by any later run: the log's pages must be those that came first.
      const gap = voidRequest(entry.at, this.#begin);
      this.append(gap, Buffer.alloc(0), 0);
      dropVoid(this.#entries, keyOf(gap));
      return undefined;
    }
  }
}

/** Of any reading: its word may stand in front. */
const firstRound = /^(?:\w+-)?1 /;

const newline = Buffer.from('\n');

/** The entry that is no page. */
const preparation: PageRequest = { round: 'prepared', page: 0 };

function keyOf({ round, page }: PageRequest): string {
  return `${round} ${page}`;
}

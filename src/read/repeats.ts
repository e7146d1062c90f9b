import { readSync } from 'node:fs';
import type { ServiceRecord } from '../records/record.ts';
import type { Json } from '../table.ts';

interface Span {
  readonly offset: number;
  readonly bytes: number;
}

interface KnownPage {
  readonly page: Span;
  readonly keys: Span;
}

/**
 * The pages of an account that is read more than once. Most come again byte for byte: their
 * records are known by their keys, and parsing them once more would be a quarter of all work.
 */
export class Repeats {
  readonly #fd: number;
  readonly #pages = new Map<number, KnownPage>();
  /** Used again for every page: fresh memory costs more than what is read into it. */
  #buffer = Buffer.alloc(0);

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Where a page lies in the log, and the keys of its records. */
  note(number: number, page: Span, keys: Span): void {
    this.#pages.set(number, { page, keys });
  }

  /** Where the page lies that held the same bytes when it was last read, and its keys; undefined where it held others. */
  find(number: number, bytes: Uint8Array) {
    const known = this.#pages.get(number);
    if (known === undefined || known.page.bytes !== bytes.length) return undefined;
    if (this.#read(known.page)?.equals(bytes) !== true) return undefined;
    const keys = this.#read(known.keys)?.toString().split('\n');
    return keys && { offset: known.page.offset, keys };
  }

  /** Undefined where it can't be had; good until the next call. */
  #read({ offset, bytes }: Span): Buffer | undefined {
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafeSlow(bytes);
    try {
      const length = readSync(this.#fd, this.#buffer, 0, bytes, offset);
      return length === bytes ? this.#buffer.subarray(0, bytes) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** No UTF-8 has one. */
const halfCharacter = /\p{Surrogate}/u;

/** The keys of a page's records, as they are kept; undefined where they would not tell all. */
export function keyLines(records: readonly ServiceRecord[]): Buffer | undefined {
  if (records.length === 0) return undefined;
  if (records.some(({ key, keyless }) => keyless || key.includes('\n'))) return undefined;
  const text = records.map(({ key }) => key).join('\n');
  return halfCharacter.test(text) ? undefined : Buffer.from(text);
}

/** Records known by their keys; `read` is called once, and only where somebody asks for more. */
export function knownRecords(
  keys: readonly string[],
  read: () => readonly ServiceRecord[],
): readonly ServiceRecord[] {
  let records: readonly ServiceRecord[] | undefined;
  const recordAt = (index: number) => {
    records ??= read();
    return records[index] as ServiceRecord;
  };
  return keys.map((key, index) => new KnownRecord(key, () => recordAt(index)));
}

class KnownRecord implements ServiceRecord {
  readonly key: string;
  readonly keyless = false;
  readonly #whole: () => ServiceRecord;

  constructor(key: string, whole: () => ServiceRecord) {
    this.key = key;
    this.#whole = whole;
  }

  get record(): Json {
    return this.#whole().record;
  }

  get json(): string {
    return this.#whole().json;
  }

  get jsonBytes(): Uint8Array | undefined {
    return this.#whole().jsonBytes;
  }

  get plainJson(): Uint8Array | undefined {
    return this.#whole().plainJson;
  }
}

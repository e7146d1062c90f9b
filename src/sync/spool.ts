import { fileError } from '../errors.ts';
import { openScratchFile, type ScratchFile } from '../files/scratch-file.ts';
import { parseJson } from '../records/json-text.ts';
import { jsonBytesOf, type RecordText, type ServiceRecord } from '../records/record.ts';
import type { Json } from '../table.ts';

/** As many rows as one statement takes, unless they are long. */
const rowsAtOnce = 500;
const bytesAtOnce = 4_000_000;

/** A batch in the file: a line of JSON, then the texts of its contacts without a gap. */
interface Batch {
  readonly bytes: number;
  /** Of the line. */
  readonly headBytes: number;
}

/** What the line tells of a contact. */
type Head = readonly [key: string, keyless: boolean, bytes: number];

/**
 * The contacts of a run between the walk and the database, in a file that nobody sees and that is
 * gone with the process: they are read again where a transaction has to be repeated.
 */
export class Spool {
  readonly #file: ScratchFile;
  readonly #path: string;
  readonly #batches: Batch[] = [];
  #heads: Head[] = [];
  #texts: Uint8Array[] = [];
  #bytes = 0;

  private constructor(file: ScratchFile, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** On the disk of `path`. */
  static async open(path: string): Promise<Spool> {
    const file = await openScratchFile({ path, shown: path, place: 'rename' });
    return new Spool(file, path);
  }

  async add(contacts: readonly RecordText[]): Promise<void> {
    for (const contact of contacts) {
      const bytes = jsonBytesOf(contact);
      this.#heads.push([contact.key, contact.keyless, bytes.length]);
      this.#texts.push(bytes);
      this.#bytes += bytes.length;
      if (this.#texts.length >= rowsAtOnce || this.#bytes >= bytesAtOnce) await this.flush();
    }
  }

  async flush(): Promise<void> {
    if (this.#texts.length === 0) return;
    const head = Buffer.from(`${JSON.stringify(this.#heads)}\n`);
    const bytes = Buffer.concat([head, ...this.#texts]);
    this.#heads = [];
    this.#texts = [];
    this.#bytes = 0;
    await this.#file.write(bytes);
    this.#batches.push({ bytes: bytes.length, headBytes: head.length });
  }

  /** All contacts, in their order; may be asked for again. */
  async *batches(): AsyncGenerator<readonly ServiceRecord[]> {
    let offset = 0;
    for (const { bytes, headBytes } of this.#batches) {
      const batch = await this.#read(offset, bytes);
      const heads = JSON.parse(batch.toString('utf8', 0, headBytes)) as readonly Head[];
      let at = headBytes;
      yield heads.map(([key, keyless, length]) => {
        const from = at;
        at += length;
        return new SpooledRecord(key, keyless, batch.subarray(from, at));
      });
      offset += bytes;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #read(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(length);
    try {
      await this.#file.handle.read(buffer, 0, length, offset);
      return buffer;
    } catch (error) {
      throw fileError(this.#path, error, `what was fetched for ${this.#path} can't be read`);
    }
  }
}

interface Decoded {
  readonly of: SpooledRecord;
  readonly json: string;
  record?: Json;
}

/** Decoded where it has to be written, and only until the next one is. */
class SpooledRecord implements ServiceRecord {
  static #last: Decoded | undefined;
  readonly key: string;
  readonly keyless: boolean;
  readonly jsonBytes: Buffer;

  constructor(key: string, keyless: boolean, jsonBytes: Buffer) {
    this.key = key;
    this.keyless = keyless;
    this.jsonBytes = jsonBytes;
  }

  get json(): string {
    return this.#decoded().json;
  }

  get record(): Json {
    const decoded = this.#decoded();
    decoded.record ??= parseJson(decoded.json);
    return decoded.record;
  }

  #decoded(): Decoded {
    if (SpooledRecord.#last?.of !== this) {
      SpooledRecord.#last = { of: this, json: this.jsonBytes.toString() };
    }
    return SpooledRecord.#last;
  }
}

import type { ContactRow } from '../database/values.ts';
import { fileError } from '../errors.ts';
import { openScratchFile, type ScratchFile } from '../files/scratch-file.ts';

/** As many rows as one statement takes, unless they are long. */
const rowsAtOnce = 500;
const charactersAtOnce = 4_000_000;

/**
 * The rows of a run between the walk and the database, in a file that nobody sees and that is gone
 * with the process: they are read again where a transaction has to be repeated.
 */
export class Spool {
  readonly #file: ScratchFile;
  readonly #path: string;
  /** The bytes of each batch. */
  readonly #batches: number[] = [];
  #waiting: ContactRow[] = [];
  #characters = 0;

  private constructor(file: ScratchFile, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** On the disk of `path`. */
  static async open(path: string): Promise<Spool> {
    const file = await openScratchFile({ path, shown: path, place: 'rename' });
    return new Spool(file, path);
  }

  async add(row: ContactRow): Promise<void> {
    this.#waiting.push(row);
    this.#characters += String(row.at(-1)).length;
    const isFull = this.#waiting.length >= rowsAtOnce || this.#characters >= charactersAtOnce;
    if (isFull) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const bytes = Buffer.from(JSON.stringify(this.#waiting));
    this.#waiting = [];
    this.#characters = 0;
    await this.#file.write(bytes);
    this.#batches.push(bytes.length);
  }

  /** All rows, in their order; may be asked for again. */
  async *batches(): AsyncGenerator<readonly ContactRow[]> {
    let offset = 0;
    for (const length of this.#batches) {
      yield JSON.parse((await this.#read(offset, length)).toString('utf8')) as ContactRow[];
      offset += length;
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

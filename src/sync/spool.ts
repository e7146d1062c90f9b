import { PackedRows, RowPacker, rowsAtOnce } from '../database/packed-rows.ts';
import type { ContactRow } from '../database/values.ts';
import { fileError } from '../errors.ts';
import { openScratchFile, type ScratchFile } from '../files/scratch-file.ts';

/** Long rows are fewer at once. */
const bytesAtOnce = 4_000_000;

/** How much of the file a batch takes. */
interface Batch {
  readonly length: number;
  readonly count: number;
}

/**
 * The rows of a run between the walk and the database, in a file that nobody sees and that is gone
 * with the process: they are read again where a transaction has to be repeated.
 */
export class Spool {
  readonly #file: ScratchFile;
  readonly #path: string;
  readonly #packer = new RowPacker();
  readonly #batches: Batch[] = [];

  private constructor(file: ScratchFile, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** On the disk of `path`. */
  static async open(path: string): Promise<Spool> {
    const file = await openScratchFile({ path, shown: path, place: 'rename' });
    return new Spool(file, path);
  }

  async add(rows: Iterable<ContactRow>): Promise<void> {
    for (const row of rows) {
      this.#packer.add(row);
      const { rows, bytes } = this.#packer;
      if (rows >= rowsAtOnce || bytes >= bytesAtOnce) await this.flush();
    }
  }

  async flush(): Promise<void> {
    const { bytes, count } = this.#packer.take();
    if (count === 0) return;
    await this.#file.write(bytes);
    this.#batches.push({ length: bytes.length, count });
  }

  /** All rows, in their order; may be asked for again. */
  async *batches(): AsyncGenerator<PackedRows> {
    let offset = 0;
    for (const { length, count } of this.#batches) {
      yield new PackedRows(await this.#read(offset, length), count);
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

import { contactTable, type TableColumn } from './schema.ts';
import type { ContactRow, Value } from './values.ts';

/** As many rows as one statement of a server has parameters for. */
export const rowsAtOnce = 500;

const absent = -1;

/**
 * Contacts' rows as bytes, as they are kept between the walk and the database: of each value the
 * length of its text in four bytes, -1 where there is none, and the text in UTF-8.
 */
export class PackedRows implements Iterable<ContactRow> {
  readonly bytes: Buffer;
  readonly count: number;

  constructor(bytes: Buffer, count: number) {
    this.bytes = bytes;
    this.count = count;
  }

  *[Symbol.iterator](): Generator<ContactRow> {
    const { bytes } = this;
    for (let at = 0; at < bytes.length; ) {
      yield contactTable.map((column) => {
        const length = bytes.readInt32BE(at);
        const from = at + 4;
        at = from + Math.max(length, 0);
        return length === absent ? null : parsed(column, bytes.subarray(from, at));
      });
    }
  }
}

function parsed({ name, type }: TableColumn, text: Buffer): Value {
  if (name === 'raw') return text;
  const value = text.toString();
  if (type === 'number') return Number(value);
  return type === 'boolean' ? value === 'true' : value;
}

/** One text, packed. */
export function packed(text: string): Buffer {
  const packer = new RowPacker();
  packer.add([text]);
  return packer.take().bytes;
}

/** Short texts are not measured before they are written. */
const shortText = 1000;

/** Packs rows, one after the other. */
export class RowPacker {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024);
  #used = 0;
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  get bytes(): number {
    return this.#used;
  }

  add(row: readonly Value[]): void {
    for (const value of row) this.#add(value);
    this.#rows += 1;
  }

  /** What was packed since it was last taken; good until the next row is added. */
  take(): PackedRows {
    const packed = new PackedRows(this.#bytes.subarray(0, this.#used), this.#rows);
    this.#used = 0;
    this.#rows = 0;
    return packed;
  }

  #add(value: Value): void {
    if (value === null) {
      this.#reserve(4);
      this.#used = this.#bytes.writeInt32BE(absent, this.#used);
    } else if (value instanceof Uint8Array) {
      this.#reserve(4 + value.length);
      this.#used = this.#bytes.writeInt32BE(value.length, this.#used);
      this.#bytes.set(value, this.#used);
      this.#used += value.length;
    } else this.#addText(typeof value === 'string' ? value : String(value));
  }

  #addText(text: string): void {
    const most = text.length > shortText ? Buffer.byteLength(text) : 3 * text.length;
    this.#reserve(4 + most);
    const length = this.#bytes.write(text, this.#used + 4);
    this.#bytes.writeInt32BE(length, this.#used);
    this.#used += 4 + length;
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return;
    const size = Math.max(2 * this.#bytes.length, this.#used + bytes);
    const larger = Buffer.allocUnsafeSlow(size);
    this.#bytes.copy(larger, 0, 0, this.#used);
    this.#bytes = larger;
  }
}

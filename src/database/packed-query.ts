import type { Submittable, Connection as Wire } from 'pg';

/** What a statement is to be done with. */
export interface PackedQueryParts {
  readonly text: string;
  /** The server keeps it under a name, or none. */
  readonly name: string;
  /** Whether the server has it already. */
  readonly isParsed: boolean;
  /** How many values there are. */
  readonly count: number;
  /** The values: of each its length in four bytes, -1 for NULL, and its text in UTF-8. */
  readonly values: readonly Uint8Array[];
}

interface Outcome {
  resolve(changed: number): void;
  reject(error: unknown): void;
}

/**
 * A statement whose values are bytes already: pg's own queries would make an object of each. The
 * messages are those of PostgreSQL's extended query protocol; pg calls `handle…` with the answers.
 */
export class PackedQuery implements Submittable {
  readonly #parts: PackedQueryParts;
  readonly #outcome: Outcome;
  #changed = 0;

  constructor(parts: PackedQueryParts, outcome: Outcome) {
    this.#parts = parts;
    this.#outcome = outcome;
  }

  readonly submit = (wire: Wire): void => {
    const { text, name, isParsed } = this.#parts;
    const { stream } = wire;
    stream.cork();
    if (!isParsed) wire.parse({ text, name, types: [] }, true);
    for (const part of this.#bind()) stream.write(part);
    wire.execute({}, true);
    wire.sync();
    stream.uncork();
  };

  handleCommandComplete({ text }: { readonly text: string }): void {
    // INSERT, an object's id that is always 0, and how many rows.
    this.#changed = Number(text.split(' ').at(-1));
  }

  handleReadyForQuery(): void {
    this.#outcome.resolve(this.#changed);
  }

  handleError(error: unknown): void {
    this.#outcome.reject(error);
  }

  /** The message Bind: an unnamed portal, all values as text, and no result. */
  #bind(): readonly Uint8Array[] {
    const { name, count, values } = this.#parts;
    const names = Buffer.from(`\0${name}\0`);
    const formats = Buffer.alloc(4);
    formats.writeUInt16BE(count, 2);
    const results = Buffer.alloc(2);
    const body = [names, formats, ...values, results];
    const head = Buffer.from('B\0\0\0\0');
    head.writeInt32BE(
      body.reduce((sum, { length }) => sum + length, 4),
      1,
    );
    return [head, ...body];
  }
}

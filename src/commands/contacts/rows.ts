import type { RecordColumn } from '../../records/contacts/columns.ts';
import type { Misfit } from '../../records/contacts/matches.ts';
import type { ServiceRecord } from '../../records/record.ts';
import type { Cell, Row } from '../../table.ts';
import type { Log } from '../../terminal/log.ts';

/** How many contacts were left out, and by which flags' proof. */
export class LeftOut {
  cut = 0;
  readonly broken = new Map<string, number>();

  get total(): number {
    return this.cut + this.#broken;
  }

  get #broken(): number {
    return [...this.broken.values()].reduce((sum, count) => sum + count, 0);
  }

  add(misfit: Misfit): void {
    if (misfit.kind === 'cut') this.cut += 1;
    else this.broken.set(misfit.flag, (this.broken.get(misfit.flag) ?? 0) + 1);
  }

  /** One warning for all filters that the service did not apply; nothing when it did. */
  warn(log: Log): void {
    if (this.broken.size === 0) return;
    const flags = [...this.broken].map(([flag, count]) => `${flag} (${count})`).join(', ');
    const contacts = this.#broken === 1 ? '1 contact' : `${this.#broken} contacts`;
    log.warn(`${contacts} left out: the service did not apply ${flags}; --trust-server keeps them`);
  }
}

/** The contacts that stay, a page at a time. */
export async function* keptOf(
  pages: AsyncIterable<readonly ServiceRecord[]>,
  check: ((contact: ServiceRecord) => Misfit | undefined) | undefined,
  leftOut: LeftOut,
): AsyncGenerator<readonly ServiceRecord[]> {
  for await (const page of pages) {
    yield check === undefined
      ? page
      : page.filter((contact) => {
          const misfit = check(contact);
          if (misfit !== undefined) leftOut.add(misfit);
          return misfit === undefined;
        });
  }
}

/** Contacts as rows of a table. */
export async function* rowsOf(
  pages: AsyncIterable<readonly ServiceRecord[]>,
  columns: readonly RecordColumn[],
): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) {
    if (page.length > 0) yield page.map((contact) => new ContactRow(contact, columns));
  }
}

/** Reads no more of the contact than the format asks for. */
class ContactRow implements Row {
  readonly #contact: ServiceRecord;
  readonly #columns: readonly RecordColumn[];

  constructor(contact: ServiceRecord, columns: readonly RecordColumn[]) {
    this.#contact = contact;
    this.#columns = columns;
  }

  get cells(): readonly Cell[] {
    return this.#columns.map((column) => column.read(this.#contact));
  }

  get json(): string {
    return this.#contact.json;
  }
}

/** The first `limit` items of all pages; tells whether anything was or may be left behind. */
export async function* firstOf<T>(
  pages: AsyncIterable<readonly T[]>,
  limit: number,
  onCut: () => void,
): AsyncGenerator<readonly T[]> {
  let left = limit;
  for await (const page of pages) {
    yield page.slice(0, left);
    left -= page.length;
    if (left <= 0) return onCut();
  }
}

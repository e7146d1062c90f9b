import type { ServiceRecord } from '../records/record.ts';
import { repeatingService } from './loop-detector.ts';

/** Where the pages end. */
export interface End {
  /** Pages that hold contacts. */
  readonly pages: number;
  /** All contacts, if all pages before the last are as long as those that were looked at. */
  readonly contacts: number;
  /** Whether those were all equally long, so that the number can be believed. */
  readonly even: boolean;
}

type Look = (page: number) => Promise<readonly ServiceRecord[]>;

/** No account is believed to hold more pages than this. */
const mostPages = 2 ** 26;

/**
 * Finds the end without reading everything: page numbers are doubled until a page is empty, and
 * then halved in between; some two dozen requests for a million contacts.
 */
export async function findEnd(look: Look): Promise<End> {
  const lengths = new Map<number, number>();
  const seen = new Set<string>();
  const lengthOf = async (page: number) => {
    const contacts = await look(page);
    if (contacts.length > 0) {
      const keys = contacts.map(({ key }) => key).join(' ');
      if (seen.has(keys) || page > mostPages) throw repeatingService(page);
      seen.add(keys);
      lengths.set(page, contacts.length);
    }
    return contacts.length;
  };
  let full = 0;
  let empty = 1;
  while ((await lengthOf(empty)) > 0) {
    full = empty;
    empty *= 2;
  }
  while (empty - full > 1) {
    const middle = Math.floor((full + empty) / 2);
    if ((await lengthOf(middle)) > 0) full = middle;
    else empty = middle;
  }
  return summary(lengths, full);
}

/** Looks at a few pages more, evenly spread, to see whether all are equally long. */
export async function probeEvenness(look: Look, { pages, contacts, even }: End): Promise<boolean> {
  if (!even || pages < 3) return even;
  const last = (await look(pages)).length;
  const size = (contacts - last) / (pages - 1);
  const step = pages / 9;
  for (let page = step; page < pages - 1; page += step) {
    if ((await look(Math.ceil(page))).length !== size) return false;
  }
  return true;
}

function summary(lengths: ReadonlyMap<number, number>, pages: number): End {
  const size = lengths.get(1) ?? 0;
  const last = lengths.get(pages) ?? 0;
  const before = [...lengths].filter(([page]) => page < pages).map(([, length]) => length);
  const even = before.every((length) => length === size) && last <= size;
  return { pages, contacts: Math.max(0, pages - 1) * size + last, even };
}

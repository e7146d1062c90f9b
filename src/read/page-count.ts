import type { ServiceRecord } from '../records/record.ts';
import { believeEnd, isStillEmpty, missingPage, type Wait } from './end-of-pages.ts';
import { repeatingService } from './loop-detector.ts';

/** Where the pages end. */
export interface End {
  /** Pages that hold contacts. */
  readonly pages: number;
  /** All records, if all pages before the last are as long as those that were looked at. */
  readonly records: number;
  /** Whether those were all equally long, so that the number can be believed. */
  readonly even: boolean;
}

type Look = (page: number) => Promise<readonly ServiceRecord[]>;

/** No account is believed to hold more pages than this. */
const mostPages = 2 ** 26;

/** An end that turns out to be none is looked for again so often. */
const mostSearches = 10;

/**
 * Finds the end without reading everything: page numbers are doubled until a page is empty, and
 * then halved in between; some two dozen requests for a million contacts. The end that is found
 * is asked for again before it is believed. Throws exit 5 or 8 where the service contradicts itself.
 */
export async function findEnd(look: Look, wait: Wait): Promise<End> {
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
  for (let count = 0; count < mostSearches; count += 1) {
    full = await searchFrom(full, lengthOf);
    if (await isEnd(full + 1, full > 0, look, wait)) return summary(lengths, full);
  }
  throw missingPage(full + 1, full + 2);
}

/** The last page that holds contacts, as it seems; of page `known` that is sure. */
async function searchFrom(
  known: number,
  lengthOf: (page: number) => Promise<number>,
): Promise<number> {
  let full = known;
  let empty = Math.max(1, 2 * known);
  while ((await lengthOf(empty)) > 0) {
    full = empty;
    empty *= 2;
  }
  while (empty - full > 1) {
    const middle = Math.floor((full + empty) / 2);
    if ((await lengthOf(middle)) > 0) full = middle;
    else empty = middle;
  }
  return full;
}

async function isEnd(page: number, hasFront: boolean, look: Look, wait: Wait): Promise<boolean> {
  if (!(await isStillEmpty(() => look(page), wait))) return false;
  if (!hasFront) return true;
  const ending = await believeEnd({ page: () => look(page), front: () => look(1), wait });
  return ending.page.length === 0;
}

/** Looks at a few pages more, evenly spread, to see whether all are equally long. */
export async function probeEvenness(look: Look, { pages, records, even }: End): Promise<boolean> {
  if (!even || pages < 3) return even;
  const last = (await look(pages)).length;
  const size = (records - last) / (pages - 1);
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
  return { pages, records: Math.max(0, pages - 1) * size + last, even };
}

/** How far a walk has come. */
export interface Reached {
  /** The page that holds something. */
  readonly page: number;
  /** How many records a page holds. */
  readonly size: number;
}

interface Looks {
  /** How many records a page holds. */
  readonly lengthOf: (page: number) => Promise<number>;
  /** How many pages may be looked at at once; asked anew each time. */
  readonly width: () => number;
}

/** The end is known well enough within such a share of all pages. */
const precision = 0.02;

/** Each look where no end is known yet goes so many times further. */
const stride = 4;

/** No account is believed to hold more pages than this. */
const mostPages = 2 ** 26;

/**
 * About how many records there are, or a few more; undefined where the pages never end. Some 16
 * looks for a thousand pages, four at once, and not more than 30 for a million. This is for a person
 * who waits, not for a decision: nothing is looked at twice.
 */
export async function estimateRecords(
  { page, size }: Reached,
  { lengthOf, width }: Looks,
): Promise<number | undefined> {
  let full = page;
  let empty = Number.POSITIVE_INFINITY;
  let longest = size;
  while (empty - full > Math.max(1, precision * full)) {
    if (full > mostPages) return undefined;
    const pages = pagesBetween(full, empty, Math.max(1, width()));
    const lengths = await Promise.all(pages.map(lengthOf));
    const end = lengths.indexOf(0);
    longest = Math.max(longest, ...lengths);
    full = pages[(end === -1 ? pages.length : end) - 1] ?? full;
    empty = pages[end] ?? empty;
  }
  return (empty - 1) * longest;
}

/** Up to `count` pages that cut the stretch in equal parts, or further and further out where it has no end. */
function pagesBetween(full: number, empty: number, count: number): readonly number[] {
  const parts = Array.from({ length: count }, (_, index) => index + 1);
  if (empty === Number.POSITIVE_INFINITY) return parts.map((part) => full * stride ** part);
  const step = (empty - full) / (count + 1);
  const pages = new Set(parts.map((part) => Math.round(full + step * part)));
  return [...pages].filter((page) => page > full && page < empty);
}

/** Where the pages seem to end. */
export interface EndEstimate {
  readonly pages: number;
  /** Whether it may be far off. */
  readonly rough: boolean;
}

export interface Looks {
  /** What tells the records of a page from others; empty beyond the end, undefined where it can't be had. */
  readonly look: (page: number) => Promise<readonly string[] | undefined>;
  /** The page that the walk has reached. */
  readonly reached: () => number;
  /** How many may be looked at at once now, after so many; resolves when there is at least one. */
  readonly turn: (made: number) => Promise<number>;
}

/** The end is known well enough within such a share of all pages. */
const precision = 0.03;

/** Each look where no end is known yet goes so many times further; the first to this page. */
const stride = 4;
const firstPage = 16;

/** No account is believed to hold more pages than this, and so many looks must do. */
const mostPages = 2 ** 26;
const mostLooks = 40;

/**
 * Where the pages end: roughly after the first looks, which go far out all at once, then better and
 * better; some 13 looks for a thousand pages. Nothing where the pages never end. This is for a person
 * who waits, not for a decision: what can't be had is not asked for again.
 */
export async function* estimateEnd({ look, reached, turn }: Looks): AsyncGenerator<EndEstimate> {
  let full = 0;
  let farthest = firstPage / stride;
  let empty = Number.POSITIVE_INFINITY;
  for (let made = 0; made < mostLooks && farthest < mostPages; ) {
    full = Math.max(full, reached());
    // What seemed to be the end was none.
    if (full >= empty) empty = Number.POSITIVE_INFINITY;
    const count = await turn(made);
    const out = empty === Number.POSITIVE_INFINITY;
    const pages = out
      ? pagesBeyond(Math.max(full, farthest), count)
      : pagesBetween(full, empty, count);
    const answers = await Promise.all(pages.map(look));
    made += pages.length;
    farthest = Math.max(farthest, ...pages);
    if (repeats(answers)) return;
    const end = answers.findIndex((keys) => keys?.length === 0);
    const before = end === -1 ? pages : pages.slice(0, end);
    full = before.findLast((_, index) => answers[index] !== undefined) ?? full;
    empty = pages[end] ?? empty;
    if (empty === Number.POSITIVE_INFINITY) continue;
    const rough = empty - full > Math.max(1, precision * full);
    yield { pages: rough ? Math.sqrt(Math.max(1, full) * empty) : empty - 1, rough };
    if (!rough) return;
  }
}

function pagesBeyond(farthest: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => farthest * stride ** (index + 1));
}

/** Up to `count` pages that cut the stretch in equal parts. */
function pagesBetween(full: number, empty: number, count: number): readonly number[] {
  const step = (empty - full) / (count + 1);
  const parts = Array.from({ length: count }, (_, index) => Math.round(full + step * (index + 1)));
  return [...new Set(parts)].filter((page) => page > full && page < empty);
}

/** Whether pages far apart hold the same: the service gives its last page for each beyond. */
function repeats(answers: readonly (readonly string[] | undefined)[]): boolean {
  const texts = answers.flatMap((keys) => (keys?.length ? [keys.join(' ')] : []));
  return new Set(texts).size < texts.length;
}

/** How many pages are looked at at once. */
const atOnce = { first: 3, later: 2 };

export interface LooksMade {
  readonly made: number;
  /** How many pages the walk has read. */
  readonly pages: number;
  /** How many requests may be under way at once, and whether they are spaced out. */
  readonly width: number;
  readonly spaced: boolean;
}

/**
 * How many more looks the walk can bear now. Where it has room they go beside it; where requests
 * follow one another each takes the place of a page, so there is one for eight of those.
 */
export function looksAllowed({ made, pages, width, spaced }: LooksMade): number {
  if (spaced || width < 2) return made < Math.floor(pages / 8) ? 1 : 0;
  const budget = atOnce.first + Math.floor(pages / 4) - made;
  return Math.max(0, Math.min(budget, made === 0 ? atOnce.first : atOnce.later, width - 1));
}

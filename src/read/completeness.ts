/** What one walk over all pages, and the reading of front and end after it, showed. */
export interface WalkFacts {
  /** Distinct contacts met. */
  readonly met: number;
  /** Of those, how many the walk before met as well. */
  readonly metAgain: number;
  /** Contacts that no walk before had met. */
  readonly found: number;
  /** Found, although they surely existed when the run began. */
  readonly missed: number;
  /** Whether it met everything that was known when its last page came. */
  readonly metAllKnown: boolean;
  /** Whether all pages but the last were equally long. */
  readonly even: boolean;
  /** Stands for the lengths of all its pages. */
  readonly profile: number;
  /** Stands for all that it met, in its order, page by page. */
  readonly sequence: string;
  /** Whether page 1 had another length after the walk than in it. */
  readonly resized: boolean;
  /** Whether it met none twice, and none that may have come while it read. */
  readonly calm: boolean;
  /**
   * Whether pages were no parts of one list: contacts that were created at once were sorted anew for
   * each, or one came in place of another. Some may be on none.
   */
  readonly shuffled: boolean;
  /** Whether the account held, at an instant after it, no more contacts than were met. */
  readonly counted: boolean;
  /** Whether each page was asked for after the one in front of it had come. */
  readonly inOrder: boolean;
}

/**
 * Whether every contact is known, in an account where none is deleted. Any one of these proves it:
 * all that were met still exist, so that they are everybody when the account holds no more;
 * rows only move towards later pages, so that a walk that asks in order meets each;
 * where pages differ in length, they do so as in the walk before, and nobody came and none was met
 * twice, so that no row moved;
 * the walk before it met the very same rows on the same pages, so that none moved in between.
 * All but the first take pages for parts of one list: of a list that is sorted anew for each page,
 * where many were created at once, some stand on two pages and others on none.
 */
export function isComplete(walk: WalkFacts, before?: WalkFacts): boolean {
  if (walk.counted) return true;
  if (walk.shuffled || !walk.metAllKnown || walk.resized) return false;
  if (walk.sequence === before?.sequence) return true;
  if (walk.even) return walk.inOrder;
  return walk.found === 0 && walk.calm && walk.profile === before?.profile;
}

/**
 * Whether `before` met every contact that existed throughout, in an account where some may be
 * deleted. The walk after it met the same again: so they all existed when the account was found
 * to hold no more than these. Where pages differ in length nothing can be counted, and it must
 * have met none twice and none that was new, on pages like those of the walk after it.
 */
export function isStable(before: WalkFacts, after: WalkFacts): boolean {
  if (after.metAgain < before.met || after.missed > 0) return false;
  return before.counted || (!before.even && isQuiet(before) && before.profile === after.profile);
}

function isQuiet({ calm, resized }: WalkFacts): boolean {
  return calm && !resized;
}

/** Contacts can take 15 minutes to be listed. */
const lateArrivalMs = 3_600_000;

/** Whether a contact was surely listed when a run began; both in milliseconds since 1970, NaN where unknown. */
export function wasListed(createdAt: number, began: number): boolean {
  return !(createdAt > began - lateArrivalMs);
}

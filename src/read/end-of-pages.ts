import { ExplainedError, exitCodes } from '../errors.ts';

export type Wait = (ms: number) => Promise<void>;

/** An empty page is asked for again this long after it came, at the soonest. */
export const secondLookMs = 100;

/** Milliseconds before a service is asked again that hides what it had. */
const backoff = [250, 500, 1000, 2000];

/** How to ask a service again for what it just said. */
export interface EndQuestions<T> {
  /** The page that was empty twice, once more. */
  readonly page: () => Promise<readonly T[]>;
  readonly front: () => Promise<readonly T[]>;
  readonly wait: Wait;
}

/** Where the pages end the front has rows; where they do not, the page has. */
export interface Ending<T> {
  readonly page: readonly T[];
  readonly front: readonly T[];
}

/**
 * Whether the pages end at one that was empty twice, although there were contacts: only if page 1
 * still has some. If not, the service hides them all for the moment, which is waited for.
 * Throws exit 5 when that goes on.
 */
export async function believeEnd<T>({ page, front, wait }: EndQuestions<T>): Promise<Ending<T>> {
  for (const ms of backoff) {
    const first = await front();
    if (first.length > 0) return { page: [], front: first };
    await wait(ms);
    const contacts = await page();
    if (contacts.length > 0) return { page: contacts, front: [] };
  }
  throw new ExplainedError({
    exit: exitCodes.badAnswer,
    code: 'contacts-vanished',
    message: 'the service answers that there are no contacts, although it sent some before',
    hint: 'it seems to have a problem, or all were deleted: try again later',
  });
}

/** Whether a page that was just empty is still so after a while: a hiccup of the service is over by then. */
export async function isStillEmpty<T>(
  ask: () => Promise<readonly T[]>,
  wait: Wait,
): Promise<boolean> {
  await wait(secondLookMs);
  return (await ask()).length === 0;
}

/** Exit 8: a page can't be had. `later` is one that holds contacts. */
export function missingPage(page: number, later: number): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.incomplete,
    code: 'missing-page',
    message: `page ${page} comes back empty although page ${later} holds contacts`,
    hint: 'try again later: the service is not consistent at the moment',
  });
}

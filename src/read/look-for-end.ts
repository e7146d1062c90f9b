import type { Throttle } from '../api/throttle.ts';
import { ExplainedError } from '../errors.ts';
import { abortableWait } from './abortable.ts';
import { type EndEstimate, estimateEnd, looksAllowed } from './end-estimate.ts';
import type { FetchServicePage } from './source.ts';

export interface LookOptions {
  /** Asks but once. */
  readonly fetchPage: FetchServicePage;
  readonly throttle: Throttle;
  /** How many pages the walk has read. */
  readonly reached: () => number;
  readonly signal: AbortSignal;
}

/** What ends sooner needs no share of the whole. */
const afterMs = 400;

const pollMs = 50;

/** Answers that mean the same as an empty page. */
const beyondEnd: readonly unknown[] = [400, 404, 416, 422];

/** Looks for the end beside a walk, once that had its first answer, and as far as it is not held up. */
export async function* lookForEnd(options: LookOptions): AsyncGenerator<EndEstimate> {
  const { fetchPage, throttle, reached, signal } = options;
  const wait = abortableWait(signal);
  await wait(afterMs);
  await throttle.answered;
  yield* estimateEnd({
    reached,
    async look(page) {
      try {
        return (await fetchPage(page, signal)).records.map(({ key }) => key);
      } catch (error) {
        signal.throwIfAborted();
        return error instanceof ExplainedError && beyondEnd.includes(error.status) ? [] : undefined;
      }
    },
    async turn(made) {
      for (;;) {
        const { width, spaced } = throttle;
        const allowed = looksAllowed({ made, pages: reached(), width, spaced });
        if (allowed > 0) return allowed;
        await wait(pollMs);
      }
    },
  });
}

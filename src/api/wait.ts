import { setTimeout as sleep } from 'node:timers/promises';

/** The longest that a timer of Node's can wait: beyond, it fires at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** Waits `ms`, or some 25 days if that is less. Rejects with the signal's reason when it is aborted. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(Math.min(ms, longestTimerMs), undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { isBusy } from './sqlite-errors.ts';

/** How long another program's transaction is waited for. */
const patienceMs = 5000;

/** Waits for other programs that use an SQLite file, without holding up this one. */
export async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
    }
    await sleep(20, undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  }
}

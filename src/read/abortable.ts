import { setTimeout as sleep } from 'node:timers/promises';

/** The same work, but rejected with the signal's reason as soon as that is aborted. */
export function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const ended = () => signal.removeEventListener('abort', stop);
    work.then(resolve, reject).then(ended);
  });
}

/** Waits that end at once, with the signal's reason, when that is aborted. */
export function abortableWait(signal: AbortSignal): (ms: number) => Promise<void> {
  return (ms) => abortable(sleep(ms, undefined, { signal }), signal);
}

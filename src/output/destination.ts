import type { Output } from '../context.ts';
import { ReaderGone } from '../context.ts';
import { errnoOf, localError } from '../errors.ts';
import { sanitizeLines } from '../terminal/sanitize.ts';

/** Where chunks land. */
export interface Destination {
  write(chunk: string | Uint8Array): Promise<void>;
  /** Makes what was written the result; until then a file target is untouched. */
  commit(): Promise<void>;
  /** Leaves no trace of what was written; harmless after commit. */
  abandon(): Promise<void>;
}

/**
 * Writes every chunk, compressed if asked, then commits; abandons when anything fails on the way.
 * `ready` is called before the commit and may call it off.
 */
export async function deliver(
  chunks: AsyncIterable<string | Uint8Array>,
  { gzip }: { readonly gzip: boolean },
  destination: Destination,
  ready: () => Promise<boolean> = async () => true,
): Promise<void> {
  try {
    const packed = gzip ? (await import('./gzip.ts')).gzipped(chunks) : chunks;
    for await (const chunk of packed) await destination.write(chunk);
    if (await ready()) await destination.commit();
  } finally {
    await destination.abandon();
  }
}

/**
 * Standard output. `styled` text carries our own colours; any other text that goes to a terminal
 * is cleaned of control characters. Throws ReaderGone when the reader closes the pipe.
 */
export function toStdout(stdout: Output, styled: boolean, signal?: AbortSignal): Destination {
  let failure: Error | undefined;
  const fail = (error?: Error) => {
    failure = error;
  };
  stdout.once('error', fail);
  const check = () => {
    if (failure === undefined) return;
    throw errnoOf(failure) === 'EPIPE'
      ? new ReaderGone()
      : localError('stdout', `standard output can't be written (${errnoOf(failure)})`);
  };
  return {
    async write(chunk) {
      check();
      const clean = stdout.isTTY === true && !styled && typeof chunk === 'string';
      const full = !stdout.write(clean ? sanitizeLines(chunk) : chunk);
      if (full) await drained(stdout, signal);
      check();
    },
    async commit() {
      await new Promise<void>((resolve) => {
        stdout.write('', () => resolve());
      });
      check();
    },
    async abandon() {
      stdout.off('error', fail);
    },
  };
}

/** Waits for the reader to take what is there, to leave, or for the run to be stopped. */
async function drained(stdout: Output, signal?: AbortSignal): Promise<void> {
  const events = ['drain', 'error', 'close'] as const;
  await new Promise<void>((resolve) => {
    const done = () => {
      for (const event of events) stdout.off(event, done);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    for (const event of events) stdout.once(event, done);
    signal?.addEventListener('abort', done);
  });
  signal?.throwIfAborted();
}

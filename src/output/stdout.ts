import { fstatSync, write as writeFd } from 'node:fs';
import { promisify } from 'node:util';
import { type Output, ReaderGone } from '../context.ts';
import { errnoOf, localError } from '../errors.ts';
import { reasonOf } from '../reasons.ts';
import { sanitizeLines } from '../terminal/sanitize.ts';
import type { Destination } from './destination.ts';

/**
 * Standard output. `styled` text carries our own colours; any other text that goes to a terminal
 * is sanitized. Throws ReaderGone when the reader closes the pipe, exit 7 when writing fails, and
 * the signal's reason when it aborts while a reader is waited for.
 */
export function toStdout(stdout: Output, styled: boolean, signal?: AbortSignal): Destination {
  const fd = fileOf(stdout);
  if (fd !== undefined) return toOpenFile(fd, signal);
  let failure: Error | undefined;
  const fail = (error?: Error | null) => {
    failure ??= error ?? undefined;
  };
  stdout.once('error', fail);
  const check = () => {
    if (failure !== undefined) throw stdoutError(failure);
  };
  const sanitize = stdout.isTTY === true && !styled;
  return {
    async write(chunk) {
      signal?.throwIfAborted();
      check();
      const data = sanitize ? sanitizeLines(textOf(chunk)) : chunk;
      if (!stdout.write(data, fail)) await drained(stdout, signal);
      check();
    },
    async commit() {
      await taken(stdout, fail, signal);
      check();
    },
    async abandon() {
      stdout.off('error', fail);
    },
  };
}

function textOf(chunk: string | Uint8Array): string {
  return typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
}

/** What a failed write means to the user. */
export function stdoutError(error: unknown): Error {
  const errno = errnoOf(error);
  // A socket's reader that leaves with data unread resets it.
  if (errno === 'EPIPE' || errno === 'ECONNRESET') return new ReaderGone();
  if (errno === 'EBADF') return closedError();
  const hint = 'send it elsewhere: > FILE, or -o FILE';
  return localError('stdout', `standard output can't be written: ${reasonOf(error)}`, hint);
}

function closedError(): Error {
  const hint = 'name a file: -o FILE, or redirect it: > FILE';
  return localError('stdout', 'standard output is closed: nothing can be written to it', hint);
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

/** Waits until all that was written before has been taken, or for the run to be stopped. */
async function taken(
  stdout: Output,
  fail: (error?: Error | null) => void,
  signal?: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (error?: Error | null) => {
      fail(error);
      signal?.removeEventListener('abort', stop);
      resolve();
    };
    const stop = () => resolve();
    signal?.addEventListener('abort', stop, { once: true });
    stdout.write('', done);
  });
  signal?.throwIfAborted();
}

/** The descriptor of a stream that leads to a file: Node writes those without looking twice. */
function fileOf(stdout: Output & { readonly fd?: unknown }): number | undefined {
  const { fd } = stdout;
  if (typeof fd !== 'number' || stdout.isTTY === true) return undefined;
  try {
    return fstatSync(fd).isFile() ? fd : undefined;
  } catch (error) {
    throw stdoutError(error);
  }
}

/** A redirect's file. A full disk takes a part of a chunk without an error: the rest is written again. */
function toOpenFile(fd: number, signal?: AbortSignal): Destination {
  return {
    async write(chunk) {
      const data = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      for (let from = 0; from < data.length; ) {
        signal?.throwIfAborted();
        try {
          from += (await writeTo(fd, data, from)).bytesWritten;
        } catch (error) {
          throw stdoutError(error);
        }
      }
    },
    async commit() {},
    async abandon() {},
  };
}

const writeTo = promisify(writeFd);

/** Throws exit 7 where the process was started without standard output. */
export function checkStdoutOpen({ wasClosed }: Output): void {
  if (wasClosed) throw closedError();
}

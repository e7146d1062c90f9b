import { setMaxListeners } from 'node:events';
import type { Writable } from 'node:stream';
import { closedStream, wasStdoutClosed } from './closed-stdout.ts';
import { type Context, interruption } from './context.ts';
import { main, report } from './main.ts';
import {
  type EndingSignal,
  endingSignals,
  exitAfter,
  exitNow,
  exitSoon,
  ignoredAtStart,
} from './signals.ts';

/** Runs the real process: its streams, environment and signals. */
export async function start(): Promise<void> {
  const stop = new AbortController();
  // Each request under way listens to it.
  setMaxListeners(0, stop.signal);
  const closed = wasStdoutClosed(process.ppid) ? closedStream() : undefined;
  const context: Context = {
    args: process.argv.slice(2),
    // Opening a stream takes time: each is opened when it is first used.
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return guarded(closed ?? process.stdout);
    },
    get stderr() {
      return guarded(process.stderr);
    },
    env: process.env,
    signal: stop.signal,
    now: () => new Date(),
  };
  let ended = false;
  catchSignals((signal) => {
    const exit = exitAfter(signal);
    if (ended || stop.signal.aborted) exitNow(exit);
    else stop.abort(interruption(exit));
  });
  process.on('uncaughtException', (error) => process.exit(report(error, context)));
  process.once('beforeExit', () => {
    const unfinished = new Error('nothing is left to do, and the run has not ended');
    if (!ended) process.exitCode = report(unfinished, context);
  });
  process.exitCode = await main(context);
  ended = true;
  if (!stop.signal.aborted) await Promise.all([flushed(context.stdout), flushed(context.stderr)]);
  // Connections that are still open hold nothing up, and what is left is not tidied up first.
  await exitSoon(process.exitCode);
}

function catchSignals(caught: (signal: EndingSignal) => void): void {
  const ignored = ignoredAtStart(process.env, process.ppid);
  for (const signal of Object.keys(endingSignals) as EndingSignal[]) {
    process.on(signal, ignored.has(signal) ? ignore : caught);
  }
}

/** Main reports the first failed write; without a listener any later one would end the process. */
function guarded<T extends Writable & { columns?: number }>(stream: T): T {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  // A terminal without a size says 0: wrapping to that would never end.
  if (stream.columns === 0) stream.columns = 80;
  return stream;
}

async function flushed(stream: Context['stdout']): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}

function ignore(): void {}

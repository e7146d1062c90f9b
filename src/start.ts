import { interruption } from './context.ts';
import { main } from './main.ts';

/** Runs the real process: its streams, environment and signals. */
export async function start(): Promise<void> {
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort(interruption(130)));
  process.on('SIGTERM', () => stop.abort(interruption(143)));
  process.exitCode = await main({
    args: process.argv.slice(2),
    // Opening a stream takes time: each is opened by the first who uses it.
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return guarded(process.stdout);
    },
    get stderr() {
      return guarded(process.stderr);
    },
    env: process.env,
    signal: stop.signal,
    now: () => new Date(),
  });
}

/** Every failed write is an event: main looks at the first, and nobody may crash for the others. */
function guarded(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore);
  return stream;
}

function ignore(): void {}

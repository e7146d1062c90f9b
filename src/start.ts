import { setMaxListeners } from 'node:events';
import { interruption } from './context.ts';
import { main } from './main.ts';

/** Runs the real process: its streams, environment and signals. */
export async function start(): Promise<void> {
  const stop = new AbortController();
  // Each request under way listens to it.
  setMaxListeners(0, stop.signal);
  process.on('SIGINT', () => stop.abort(interruption(130)));
  for (const signal of ['SIGTERM', 'SIGHUP']) {
    process.on(signal, () => stop.abort(interruption(143)));
  }
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
  // A terminal that was never given a size says 0, and lines would be wrapped at nothing for ever.
  if (stream.columns === 0) stream.columns = 80;
  return stream;
}

function ignore(): void {}

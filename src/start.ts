import { interruption } from './context.ts';
import { main } from './main.ts';

/** Runs the real process: its streams, environment and signals. */
export async function start(): Promise<void> {
  const stop = new AbortController();
  process.on('SIGINT', () => stop.abort(interruption(130)));
  process.on('SIGTERM', () => stop.abort(interruption(143)));
  // Every failed write is an event, and main looks at the first.
  process.stdout.on('error', () => {});
  // Whoever reads our warnings may go away; the data goes on.
  process.stderr.on('error', () => {});
  process.exitCode = await main({
    args: process.argv.slice(2),
    // Opening it takes time, and few commands read it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    signal: stop.signal,
    now: () => new Date(),
  });
}

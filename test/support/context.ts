import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Context, Env, Output } from '../../src/context.ts';
import { main } from '../../src/main.ts';

/** A stream that keeps what is written to it, and may pass for a terminal. */
export class FakeOutput implements Output {
  readonly isTTY: boolean;
  readonly columns?: number;
  text = '';

  constructor(isTTY = false, columns?: number) {
    this.isTTY = isTTY;
    if (columns !== undefined) this.columns = columns;
  }

  write(chunk: string | Uint8Array, done?: (error?: Error | null) => void): boolean {
    this.text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
    if (done) queueMicrotask(() => done());
    return true;
  }

  once(): this {
    return this;
  }

  off(): this {
    return this;
  }
}

/** Time that passes only where it is waited for. */
export class SimulatedClock {
  ms: number;

  constructor(start: string) {
    this.ms = Date.parse(start);
  }

  now(): Date {
    return new Date(this.ms);
  }

  readonly wait = async (ms: number): Promise<void> => {
    this.ms += ms;
    await new Promise((resolve) => setImmediate(resolve));
  };
}

export interface World {
  /** The service that is asked: a sandbox, or anything with its address. */
  readonly service?: { readonly url: string; readonly token: string };
  readonly env?: Env;
  /** Whether standard output is a terminal, and how wide. */
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Whether standard error is one. */
  readonly stderrIsTTY?: boolean;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  readonly now?: Date;
  /** Time of the test's own: waits end at once, and it moves on by them. */
  readonly clock?: SimulatedClock;
}

export interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, as `reekolect …args` would. */
export async function runMain(args: readonly string[], world: World = {}): Promise<Outcome> {
  const { service, env = {}, isTTY = false, columns, now } = world;
  const stdin = new PassThrough();
  stdin.end(world.stdin ?? '');
  const stdout = new FakeOutput(isTTY, columns);
  const stderr = new FakeOutput(world.stderrIsTTY, columns);
  const context: Context = {
    args,
    stdin: stdin as unknown as NodeJS.ReadStream,
    stdout,
    stderr,
    env: {
      REEKOLECT_CONFIG_DIR: mkdtempSync(join(tmpdir(), 'reekolect-')),
      LANG: 'C.UTF-8',
      ...(service && { REEKOLECT_API_URL: service.url, REEKOLECT_TOKEN: service.token }),
      ...env,
    },
    signal: world.signal ?? new AbortController().signal,
    now: () => world.clock?.now() ?? now ?? new Date(),
    ...(world.clock && { wait: world.clock.wait }),
  };
  const exit = await main(context);
  return { exit, stdout: stdout.text, stderr: stderr.text };
}

import { ExplainedError, exitCodes } from './errors.ts';

/** A stream that text is written to; a terminal, a pipe or a file. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** Whether there was none when the process was started. */
  readonly wasClosed?: boolean;
  write(chunk: string | Uint8Array, done?: (error?: Error | null) => void): boolean;
  once(event: 'drain' | 'error' | 'close', listener: (error?: Error) => void): unknown;
  off(event: 'drain' | 'error' | 'close', listener: (error?: Error) => void): unknown;
}

export type Env = Readonly<Record<string, string | undefined>>;

/** All that the world outside gives to a command; tests hand in their own. */
export interface Context {
  /** The words of the command line. */
  readonly args: readonly string[];
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Env;
  /** Aborted, with an interruption as its reason, by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** How time is waited for, in milliseconds; the real clock unless a test has another. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** Somebody stopped the run, by Ctrl-C or SIGTERM: exit 130 or 143. */
export function interruption(exit: 130 | 143): ExplainedError {
  const word = exit === exitCodes.interrupted ? 'interrupted' : 'terminated';
  return new ExplainedError({ exit, code: word, message: word });
}

/** The reader of our output has had enough, as in `| head`: exit 0, in silence. */
export class ReaderGone extends Error {}

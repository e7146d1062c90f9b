import { reasonOf } from './reasons.ts';

/** The exit codes that scripts may rely on; the README's table is checked against this one. */
export const exitCodes = {
  done: 0,
  bug: 1,
  usage: 2,
  unauthorized: 4,
  badAnswer: 5,
  unreachable: 6,
  local: 7,
  incomplete: 8,
  nothing: 9,
  locked: 75,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What each exit code means, for the help and the README. */
export const exitMeanings: { readonly [name in keyof typeof exitCodes]: string } = {
  done: 'done; also when the reader closes the pipe, as head does',
  bug: 'a bug of reekolect; the only one that prints a stack trace',
  usage: 'a mistake on the command line: a flag, a date, a column, an id',
  unauthorized: 'there is no token, or the service refuses it',
  badAnswer: 'the service answered with an error, or with something unusable',
  unreachable: 'the service could not be reached',
  local: 'a problem on this machine: a file, a folder, a port, a database',
  incomplete: 'incomplete: some contacts may be missing',
  nothing: 'nothing matched: for get, and with --fail-on-empty',
  locked: 'another run holds the lock: of the same file, or of the same job',
  interrupted: 'interrupted, by Ctrl-C',
  terminated: 'terminated, by SIGTERM',
};

export interface Explanation {
  readonly exit: ExitCode;
  /** A stable word for scripts, e.g. `token-refused`. */
  readonly code: string;
  /** What happened, without a full stop. */
  readonly message: string;
  /** One line on what to do about it. */
  readonly hint?: string | undefined;
  /** The HTTP status of the service's answer, where there was one. */
  readonly status?: number | undefined;
  /** How long the service wants to be left alone. */
  readonly retryAfterMs?: number | undefined;
}

/** A failure that we can explain to the user; anything else that reaches main is a bug of ours. */
export class ExplainedError extends Error {
  readonly exit: ExitCode;
  readonly code: string;
  readonly hint: string | undefined;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor({ exit, code, message, hint, status, retryAfterMs }: Explanation) {
    super(message);
    this.name = 'ExplainedError';
    this.exit = exit;
    this.code = code;
    this.hint = hint;
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A mistake in what the user typed: exit 2. */
export function usageError(message: string, hint: string, code = 'usage'): ExplainedError {
  return new ExplainedError({ exit: exitCodes.usage, code, message, hint });
}

/** Something wrong on this machine, a file most often: exit 7. */
export function localError(code: string, message: string, hint: string): ExplainedError {
  return new ExplainedError({ exit: exitCodes.local, code, message, hint });
}

/** The system's short word for a failed call, e.g. `ENOENT`; undefined for other errors. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Says what a failed call on a file means: exit 7. `message` replaces the usual words. */
export function fileError(path: string, error: unknown, message?: string): ExplainedError {
  const errno = errnoOf(error) ?? String(error);
  const [said, hint] = fileWords[errno] ?? [
    "can't be written",
    'check the path and its permissions',
  ];
  const why = fileWords[errno] ? '' : `: ${reasonOf(error)}`;
  return localError(
    'file',
    message ? `${message}: ${reasonOf(error)}` : `${path} ${said}${why}`,
    hint,
  );
}

const nothingChanged = 'free some space; the old file is unchanged';

const fileWords: { readonly [errno: string]: readonly [string, string] | undefined } = {
  ENOSPC: ['does not fit: the disk is full', nothingChanged],
  EDQUOT: ['does not fit: your quota is used up', nothingChanged],
  EFBIG: [
    'is larger than the limit for files',
    'raise the limit (ulimit -f); the old file is unchanged',
  ],
  ENOENT: ["can't be found", 'check the path; folders are not made'],
  EROFS: ["can't be written: the disk is read-only", 'choose another folder'],
};

/** Exit 9, where --fail-on-empty asks for it. `doubts`: what may be misspelt. */
export function nothingMatched(one: string, doubts: readonly string[]): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.nothing,
    code: 'nothing-matched',
    message: `no ${one} matches`,
    hint: doubts.length > 0 ? doubts.join('; ') : 'widen the filters, or leave --fail-on-empty out',
  });
}

import { ExplainedError, errnoOf, exitCodes, fileError, localError } from '../errors.ts';

/** SQLite's primary result codes that are told apart. */
const codes = {
  busy: 5,
  locked: 6,
  readonly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notADatabase: 26,
} as const;

/** The engine in WebAssembly gives SQLite's words alone. */
const words: { readonly [message: string]: number } = {
  'database is locked': codes.busy,
  'database table is locked': codes.locked,
  'attempt to write a readonly database': codes.readonly,
  'disk I/O error': codes.io,
  'database disk image is malformed': codes.corrupt,
  'database or disk is full': codes.full,
  'unable to open database file': codes.cantOpen,
  'file is not a database': codes.notADatabase,
};

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('errcode' in error) return Number(error.errcode) & 0xff;
  return error.name === 'SQLite3Error' ? (words[error.message] ?? 1) : undefined;
}

/** Whether another program holds the file for now. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code === codes.busy || code === codes.locked;
}

/** Says what a failure of SQLite means; what is none of its own is given back. */
export function sqliteError(shown: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) {
    const known = error instanceof ExplainedError || errnoOf(error) === undefined;
    return known ? error : fileError(shown, error);
  }
  switch (code) {
    case codes.busy:
    case codes.locked:
      return new ExplainedError({
        exit: exitCodes.locked,
        code: 'locked',
        message: `another program writes ${shown}, or reads it in a long transaction`,
        hint: 'wait for it to end that, then run it again',
      });
    case codes.full:
      return localError(
        'file',
        `${shown} does not fit: the disk is full`,
        'free some space; the database is unchanged',
      );
    case codes.io:
      return localError(
        'file',
        `${shown} can't be written: the disk is full or fails, or its folder is read-only`,
        'free some space, or look at the disk and the folder; the database is unchanged',
      );
    case codes.readonly:
      return localError('file', `${shown} can't be written`, 'check its permissions');
    case codes.notADatabase:
      return localError(
        'not-a-database',
        `${shown} is not an SQLite database`,
        'use another file; it was not touched',
      );
    case codes.corrupt:
      return localError(
        'corrupt-database',
        `${shown} is damaged: SQLite can't read it`,
        `move it away, and the next run makes a new one; sqlite3 ${shown} .recover may save the rest`,
      );
    default:
      return localError(
        'database',
        `${shown}: ${(error as Error).message}`,
        'check the path, its permissions and the disk; the database is unchanged',
      );
  }
}

export function appeared(shown: string): ExplainedError {
  return localError(
    'file-disturbed',
    `another program made ${shown} while the contacts were read for a new one`,
    'look whose it is; what was read is kept for the next run',
  );
}

export function disturbed(shown: string): ExplainedError {
  return localError(
    'file-disturbed',
    `other programs keep changing ${shown} while it is written`,
    'run it again when they have ended, or with Node 22.13 or newer',
  );
}

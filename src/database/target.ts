import { type ExplainedError, usageError } from '../errors.ts';

/** A file, or a database on a server. */
export type DatabaseTarget = SqliteTarget;

export interface SqliteTarget {
  readonly kind: 'sqlite';
  /** The file, as it was typed. */
  readonly file: string;
}

const targetHint =
  'name a file that ends in .db .sqlite or .sqlite3, or sqlite:PATH for any other name';

/** Understands TARGET. Throws a usage error for what names no database; a password is never repeated. */
export function parseTarget(typed: string): DatabaseTarget {
  const text = typed.trim();
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]+):/i.exec(text) ?? [];
  if (/^sqlite$/i.test(scheme)) {
    const file = text.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
    return fileTarget(file, 'sqlite: is followed by nothing');
  }
  if (/^\w+:\/\//.test(text)) throw noDatabase(`reekolect keeps contacts in no ${scheme} database`);
  if (!/\.(?:db|sqlite|sqlite3)$/i.test(text)) throw noDatabase(`${text} names no database`);
  return fileTarget(text, 'TARGET is empty');
}

function fileTarget(file: string, whyEmpty: string): SqliteTarget {
  if (file === '') throw noDatabase(whyEmpty);
  if (/^:memory:$/i.test(file)) throw noDatabase('a database in memory is gone when the run ends');
  return { kind: 'sqlite', file };
}

function noDatabase(message: string): ExplainedError {
  return usageError(message, targetHint, 'bad-target');
}

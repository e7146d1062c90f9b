import { readFileSync, statSync } from 'node:fs';
import type { PostgresTarget } from './target.ts';

/** Where a server's socket lies unless told; such a file calls it localhost, any other by its folder. */
const usualSockets = ['/var/run/postgresql', '/run/postgresql', '/tmp'];

export interface PasswordFile {
  readonly password: string | undefined;
  /** Why the file counts for nothing, in words. */
  readonly problem: string | undefined;
}

/** The password that a file such as ~/.pgpass has for a database, as libpq reads it. */
export function readPassword(
  path: string,
  { host, port, database, user }: PostgresTarget,
): PasswordFile {
  let text: string;
  try {
    const { mode } = statSync(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      return { password: undefined, problem: `${path} can be read by others: chmod 600 ${path}` };
    }
    text = readFileSync(path, 'utf8');
  } catch {
    return { password: undefined, problem: undefined };
  }
  const named = usualSockets.includes(host) ? 'localhost' : host;
  const wanted = [named, String(port), database, user];
  for (const line of text.split(/\r?\n/)) {
    if (line === '' || line.startsWith('#')) continue;
    const fields = fieldsOf(line);
    const fits = wanted.every((value, at) => fields[at] === '*' || fields[at] === value);
    if (fits && fields[4] !== undefined) return { password: fields[4], problem: undefined };
  }
  return { password: undefined, problem: undefined };
}

/** Fields are split at `:`; a backslash keeps what follows. */
function fieldsOf(line: string): readonly string[] {
  return (line.match(/(?:\\.|[^:\\])*(?::|$)/gs) ?? []).map((field) =>
    field.replace(/:$/, '').replace(/\\(.)/gs, '$1'),
  );
}

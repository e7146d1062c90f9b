import type { DirectoryRow } from '../database/store.ts';
import { cleanText, idIn } from '../database/values.ts';
import type { DirectoryKind } from '../records/columns.ts';
import { at, textOf } from '../records/record.ts';
import type { Session } from '../session.ts';

/** The names of an account; undefined where the service refused the list. */
export interface Directories {
  readonly segments: readonly DirectoryRow[] | undefined;
  readonly agents: readonly DirectoryRow[] | undefined;
}

/** Names of segments and agents; a list that is refused stays as it is in the database. */
export async function askDirectories(session: Session): Promise<Directories> {
  const refused: string[] = [];
  const list = async (kind: DirectoryKind) => {
    try {
      return await session.names.list(kind);
    } catch (error) {
      session.context.signal.throwIfAborted();
      refused.push(`${kind}s (${error instanceof Error ? error.message : error})`);
      return undefined;
    }
  };
  const [segments, agents] = await Promise.all([list('segment'), list('agent')]);
  if (refused.length > 0) {
    session.log.warn(
      `the names of ${refused.join(' and of ')} can't be had: they stay as they were`,
    );
  }
  const idOf = (key: string) => idIn({ key: cleanText(key), keyless: false });
  const text = (value: string | undefined) => (value ? cleanText(value) : null);
  return {
    segments: segments?.map(({ id, name }): DirectoryRow => [idOf(id), text(name)]),
    agents: agents?.map(({ id, name, record }): DirectoryRow => {
      return [idOf(id), text(name), text(textOf(at(record, 'contact', 'email')))];
    }),
  };
}

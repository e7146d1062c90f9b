import type { DirectoryKind, NamesById } from '../records/columns.ts';
import type { Client } from './client.ts';
import type { Listed } from './directory.ts';

interface Asker {
  readonly connect: () => Promise<{ readonly client: Client }>;
  readonly signal: AbortSignal;
  readonly warn: (line: string) => void;
}

/** What the account's segments and agents are called: each list is asked for once, when needed. */
export class Names {
  readonly #asker: Asker;
  readonly #lists = new Map<DirectoryKind, Promise<readonly Listed[]>>();
  readonly #refused = new Set<DirectoryKind>();

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  /** All that a directory holds. Throws where it is refused. */
  list(kind: DirectoryKind): Promise<readonly Listed[]> {
    const known = this.#lists.get(kind);
    if (known !== undefined) return known;
    const list = this.#ask(kind);
    this.#lists.set(kind, list);
    return list;
  }

  /** Names by id, where nothing goes without them. Throws where the directory is refused. */
  async required(kind: DirectoryKind): Promise<NamesById> {
    return namesIn(await this.list(kind));
  }

  /** Names by id; none, and one warning, where a directory is refused. */
  async byId(kinds: readonly DirectoryKind[]): Promise<ReadonlyMap<DirectoryKind, NamesById>> {
    const names = new Map<DirectoryKind, NamesById>();
    const refused = new Map<DirectoryKind, string>();
    await Promise.all(
      kinds.map(async (kind) => {
        try {
          names.set(kind, namesIn(await this.list(kind)));
        } catch (error) {
          this.#asker.signal.throwIfAborted();
          if (!this.#refused.has(kind)) refused.set(kind, messageOf(error));
          this.#refused.add(kind);
        }
      }),
    );
    if (refused.size > 0) {
      const lists = [...refused.keys()].map((kind) => `${kind}s`).join(' and ');
      const [why] = refused.values();
      this.#asker.warn(`the names of ${lists} can't be had, their ids are shown: ${why}`);
    }
    return names;
  }

  async #ask(kind: DirectoryKind): Promise<readonly Listed[]> {
    const { listAgents, listSegments } = await import('./directory.ts');
    const { connect, signal } = this.#asker;
    const { client } = await connect();
    return (kind === 'segment' ? listSegments : listAgents)(client, signal);
  }
}

function namesIn(list: readonly Listed[]): NamesById {
  return new Map(list.flatMap(({ id, name }) => (name?.trim() ? [[id, name] as const] : [])));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { Tally } from '../../src/read/tally.ts';
import { type FetchPage, type PageRequest, Walk, type WalkOptions } from '../../src/read/walk.ts';
import { FakeClock } from './fake-clock.ts';
import { contactOf, objectId } from './model-account.ts';

/** What happens to the account, or to the one who reads it, just before a request is answered. */
export interface Event {
  readonly request: number;
  readonly kind:
    | 'insert'
    | 'late arrival'
    | 'delete'
    | 'move'
    | 'resize'
    | 'fail'
    | 'kill'
    | 'empty answer'
    | 'short answer';
  /** Which contact, size or page row it is about. */
  readonly row: number;
}

export interface Story {
  readonly contacts: number;
  readonly pageSize: number;
  readonly width: number;
  readonly events: readonly Event[];
  /** How long each request is under way, and each answer; in turns, again from the start when used up. */
  readonly delays: readonly number[];
  /** How many contacts the reader wants at most. */
  readonly limit?: number;
}

interface Row {
  readonly id: string;
  /** Whether it was surely listed when the run began. */
  readonly old: boolean;
}

export class Killed extends Error {
  /** How many of the last pages in the log do not outlive it. */
  readonly torn: number;

  constructor(torn: number) {
    super('killed');
    this.torn = torn;
  }
}

/** The service of a story: what it holds changes between the answers. */
export class StoryService {
  readonly ever: Set<string>;
  /** Held from the first request on, and never away. */
  readonly throughout: Set<string>;
  readonly fresh = new Set<string>();
  requests = 0;
  readonly clock = new FakeClock();
  readonly #story: Story;
  #rows: Row[];
  #size: number;
  #kills = 0;
  #torn = 0;

  constructor(story: Story) {
    this.#story = story;
    this.#size = story.pageSize;
    this.#rows = Array.from({ length: story.contacts }, (_, index) => ({
      id: objectId(story.contacts - index),
      old: true,
    }));
    this.ever = new Set(this.#rows.map(({ id }) => id));
    this.throughout = new Set(this.ever);
  }

  /** The ids on a page. Throws Killed when the reader dies meanwhile. */
  async ask(page: number): Promise<readonly string[]> {
    const { delays, events } = this.#story;
    const kills = this.#kills;
    for (;;) {
      this.requests += 1;
      const request = this.requests;
      await this.clock.wait(delays[(2 * request) % delays.length] ?? 0);
      const now = events.filter((each) => each.request === request);
      for (const each of now) this.#happen(each);
      const happens = (kind: Event['kind']) => now.find((each) => each.kind === kind);
      // The client asks again by itself.
      const failed = happens('fail');
      if (failed) {
        await this.clock.wait(failed.row % 20);
        continue;
      }
      let ids = this.#rows.slice((page - 1) * this.#size, page * this.#size).map(({ id }) => id);
      if (happens('empty answer')) ids = [];
      const short = happens('short answer');
      if (short && ids.length > 1) ids = ids.slice(0, 1 + (short.row % (ids.length - 1)));
      await this.clock.wait(delays[(2 * request + 1) % delays.length] ?? 0);
      if (this.#kills > kills) throw new Killed(this.#torn);
      return ids;
    }
  }

  #happen({ kind, row }: Event): void {
    if (kind === 'kill') {
      this.#kills += 1;
      this.#torn = row % 3;
    }
    if (kind === 'resize') this.#size = 1 + (row % 6);
    if (kind === 'insert' || kind === 'late arrival') {
      const id = objectId(1000 + this.ever.size);
      this.ever.add(id);
      this.fresh.add(id);
      const at = kind === 'insert' ? 0 : row % (this.#rows.length + 1);
      this.#rows.splice(at, 0, { id, old: false });
    }
    if (this.#rows.length === 0 || (kind !== 'delete' && kind !== 'move')) return;
    const taken = this.#rows.splice(row % this.#rows.length, 1);
    if (kind === 'move') this.#rows.unshift(...taken);
    else for (const { id } of taken) this.throughout.delete(id);
  }
}

/** What a log has to do for a story. */
export interface StoryLog {
  read(request: PageRequest): Promise<readonly string[] | undefined>;
  write(request: PageRequest, ids: readonly string[]): Promise<void>;
  /** The run was killed, which may tear the last pages off; the next one begins. */
  reopen(torn: number): Promise<void>;
  /** The story is told. */
  remove(): Promise<void>;
}

/** What has no log begins anew when it was killed. */
export class NoLog implements StoryLog {
  async read() {
    return undefined;
  }

  async write() {}

  async reopen() {}

  async remove() {}
}

/** A log that keeps pages in the order in which they came. */
export class MemoryLog implements StoryLog {
  #pages = new Map<string, readonly string[]>();

  async read({ round, page }: PageRequest) {
    return this.#pages.get(`${round} ${page}`);
  }

  async write({ round, page }: PageRequest, ids: readonly string[]) {
    this.#pages.set(`${round} ${page}`, ids);
  }

  async reopen(torn: number) {
    const pages = [...this.#pages];
    this.#pages = new Map(pages.slice(0, Math.max(0, pages.length - torn)));
  }

  async remove() {
    this.#pages.clear();
  }
}

export interface Ending {
  readonly keys: readonly string[];
  readonly tally: Tally;
  readonly service: StoryService;
  /** Pages that were asked for although the log holds them. */
  readonly askedAgain: readonly string[];
  readonly error: unknown;
}

/** One export, killed and resumed as the story goes, as its last run delivers it. */
export async function tell(
  story: Story,
  care: WalkOptions['care'],
  log: StoryLog = new MemoryLog(),
  maxWalks = 5,
): Promise<Ending> {
  const service = new StoryService(story);
  const { clock } = service;
  const { limit = Number.POSITIVE_INFINITY } = story;
  const logged = new Set<string>();
  const askedAgain: string[] = [];
  const file = async <T>(work: Promise<T>): Promise<T> => {
    clock.busy += 1;
    return work.finally(() => {
      clock.busy -= 1;
    });
  };
  const fetchPage: FetchPage = async (request) => {
    const name = `${request.round} ${request.page}`;
    const known = request.afresh ? undefined : await file(log.read(request));
    if (known !== undefined) return known.map(contactOf);
    if (!request.afresh && logged.has(name)) askedAgain.push(name);
    const ids = await service.ask(request.page);
    if (!request.afresh) {
      logged.add(name);
      await file(log.write(request, ids));
    }
    return ids.map(contactOf);
  };
  for (;;) {
    const keys: string[] = [];
    const walk = new Walk({
      fetchPage,
      width: () => story.width,
      signal: new AbortController().signal,
      care,
      existedBefore: ({ key }) => !service.fresh.has(key),
      // All at once, so that nothing is told apart by it.
      createdAt: () => 0,
      maxWalks,
      wait: clock.wait,
      isEnough: (page) => keys.length + page.length >= limit,
      ...(log instanceof NoLog && { limit: () => limit }),
    });
    const read = async () => {
      for await (const page of walk.pages()) {
        keys.push(...page.map(({ key }) => key).slice(0, limit - keys.length));
        if (keys.length === limit) return;
      }
    };
    const { tally } = walk;
    try {
      await clock.run(read());
      return { keys, tally, service, askedAgain, error: undefined };
    } catch (error) {
      if (!(error instanceof Killed)) return { keys, tally, service, askedAgain, error };
      await log.reopen(error.torn);
      if (error.torn > 0 || log instanceof NoLog) logged.clear();
    }
  }
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimulatedClock } from '../support/context.ts';
import type { Answer, Call } from '../support/http.ts';
import type { Item } from '../support/service.ts';
import { person, Synced } from '../support/synced.ts';

/** What happens to the account, or to an answer, when so many pages were asked for. */
interface Event {
  readonly request: number;
  readonly kind: 'insert' | 'remove' | 'move' | 'fail' | 'empty' | 'cut';
  readonly row: number;
}

interface Run {
  readonly events: readonly Event[];
  /** Who is on another page whenever one is read. */
  readonly shy: number | undefined;
  readonly flags: string;
  readonly limit: string;
  /** A colleague's sees every second contact. */
  readonly token: string;
}

const run = fc.record<Run>({
  events: fc.array(
    fc.record<Event>({
      request: fc.integer({ min: 1, max: 12 }),
      kind: fc.constantFrom('insert', 'insert', 'remove', 'remove', 'move', 'fail', 'empty', 'cut'),
      row: fc.nat({ max: 1000 }),
    }),
    { maxLength: 5 },
  ),
  shy: fc.option(fc.nat({ max: 1000 }), { nil: undefined, freq: 2 }),
  flags: fc.constantFrom('', '', '--quick', '--quick', '--no-delete', '--resume'),
  limit: fc.constantFrom('', '--max-deletions 100%'),
  token: fc.constantFrom('own', 'own', 'own', 'of-a-colleague'),
});

const story = fc.record({
  contacts: fc.integer({ min: 6, max: 14 }),
  pageSize: fc.integer({ min: 2, max: 5 }),
  runs: fc.array(run, { minLength: 1, maxLength: 3 }),
});

const answers: { readonly [kind in Event['kind']]?: Answer } = {
  fail: { status: 500, body: '{}' },
  empty: { body: '{"success":true,"message":"","data":[],"code":200}' },
  cut: { destroy: 'midway' },
};

/** Everybody who was ever there, and who was all the time of a run. */
class Account {
  readonly world: Synced;
  readonly clock = new SimulatedClock(new Date().toISOString());
  readonly #ids: Set<string>;
  #stayed = new Set<string>();
  #newest = 1000;

  constructor(world: Synced) {
    this.world = world;
    this.#ids = new Set(this.present);
  }

  get present(): readonly string[] {
    return this.world.service.contacts.map((it) => (it as { readonly _id: string })._id);
  }

  get everGone(): readonly string[] {
    const present = new Set(this.present);
    return [...this.#ids].filter((id) => !present.has(id));
  }

  get marked(): ReadonlySet<unknown> {
    return new Set(this.world.column('SELECT id FROM contacts_all WHERE deleted_at IS NOT NULL'));
  }

  /** One run with what happens meanwhile; gives who was there throughout. */
  async live({ events, shy, flags, limit, token }: Run) {
    const { service } = this.world;
    const isOwn = token === 'own';
    this.#stayed = new Set(this.present);
    service.script.contacts = ({ body: { lastSeenAt = {} } }: Call) =>
      (service.contacts as { readonly lastSeenAt: string }[])
        .filter((_, at) => isOwn || at % 2 === 0)
        .filter((it) => !(it.lastSeenAt < lastSeenAt.startAt));
    const hidden = shy === undefined ? undefined : this.present[shy % this.present.length];
    let request = 0;
    service.script.answer = ({ path, page }: Call) => {
      if (path !== '/inbox/users') return undefined;
      request += 1;
      const now = events.filter((event) => event.request === request);
      for (const event of now) this.#happen(event);
      if (hidden !== undefined) this.#hideFrom(page, hidden);
      return now.map(({ kind }) => answers[kind]).find((answer) => answer !== undefined);
    };
    // With a limit of their own people vouch for the token.
    const words = flags === '--no-delete' || !isOwn ? flags : `${flags} ${limit}`;
    const env = isOwn ? {} : { REEKOLECT_TOKEN: token };
    const outcome = await this.world.run(`--max-attempts 2 ${words}`.trim().replace(/ +/g, ' '), {
      env,
      clock: this.clock,
    });
    return { ...outcome, stayed: this.#stayed };
  }

  #happen({ kind, row }: Event): void {
    const { service } = this.world;
    if (kind === 'insert') {
      this.#newest += 1;
      const createdAt = this.clock.now().toISOString();
      const contact = person(this.#newest, { createdAt, lastSeenAt: createdAt });
      this.#ids.add(contact._id);
      service.insert(contact);
    }
    const id = this.present[row % service.contacts.length] as string;
    if (kind === 'move') service.move(id);
    if (kind === 'remove' && service.contacts.length > 2) {
      service.remove(id);
      this.#stayed.delete(id);
    }
  }

  /** A contact on this page changes places with one on the page beside. */
  #hideFrom(page: number, id: string): void {
    const { contacts, script } = this.world.service;
    const { pageSize = 1 } = script;
    const from = this.present.indexOf(id);
    if (from === -1 || Math.floor(from / pageSize) !== page - 1) return;
    const to = from + pageSize < contacts.length ? from + pageSize : from - pageSize;
    const other = contacts[to];
    if (other === undefined) return;
    contacts[to] = contacts[from] as Item;
    contacts[from] = other;
  }
}

test('nobody who was there throughout is marked, and in the end all are who went', async () => {
  const stories = fc.sample(story, { numRuns: 12, seed: Number(process.env['SYNC_SEED'] ?? 1) });
  await Promise.all(
    stories.map(async ({ contacts, pageSize, runs }) => {
      const account = new Account(await Synced.with(contacts, { pageSize, window: true }));
      const { world, clock } = account;
      await world.sync('', { clock });
      for (const run of runs) {
        const before = account.marked;
        const { exit, stderr, stayed } = await account.live(run);
        const when = JSON.stringify({ contacts, pageSize, runs, run, exit, stderr });
        expect([0, 5, 6, 8], when).toContain(exit);
        const wrong = [...account.marked].filter((id) => stayed.has(`${id}`) && !before.has(id));
        expect(wrong, when).toEqual([]);
      }
      delete world.service.script.answer;
      delete world.service.script.contacts;
      await world.sync('--max-deletions 100%', { clock });
      const live = world.column('SELECT id FROM contacts ORDER BY id');
      expect(live).toEqual([...account.present].sort());
      const gone = new Set(account.everGone);
      for (const id of account.marked) expect(gone).toContain(id);
    }),
  );
}, 120_000);

import { setImmediate as turn } from 'node:timers/promises';
import { contactRows } from '../database/contact-rows.ts';
import type { Database } from '../database/database.ts';
import { failureText } from '../database/runs.ts';
import type { Pause, Store } from '../database/store.ts';
import type { State } from '../database/tables.ts';
import type { ContactRow } from '../database/values.ts';
import { ExplainedError, exitCodes } from '../errors.ts';
import type { Session } from '../session.ts';
import { findMissing, mostDeletions, reasonAgainst, tooMany } from './deletions.ts';
import type { Directories } from './directories.ts';
import type { Gathered, Take } from './gather.ts';
import type { SyncPlan } from './plan.ts';
import type { Account } from './scope.ts';
import { Spool } from './spool.ts';

/** What a run is to do. */
export interface Work {
  readonly plan: SyncPlan;
  readonly run: string;
  readonly kind: 'full' | 'quick';
  /** What the database held when the run looked. */
  readonly before: State | undefined;
  readonly account: Account;
  /** What its files lie beside. */
  readonly path: string;
}

/** Reads the account, its contacts into other hands. */
export type Read = (take: Take) => Promise<Found>;

type Found = Gathered & Directories;

/** Reads it, its contacts as rows; others than those are as the database holds them. */
interface Rows {
  readonly read: (take: (rows: Iterable<ContactRow>) => Promise<void>) => Promise<Found>;
  readonly areAll: boolean;
}

/** What became of it. */
export interface Outcome {
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly purged: number;
  readonly walks: number;
  readonly stable: boolean | undefined;
  /** When the run began, by the service's clock. */
  readonly began: Date;
  /** Exit 8: why nobody was marked as deleted, or that some may be missing. */
  readonly failure: ExplainedError | undefined;
}

/** Brings the database up to date, whole or not at all. */
export async function applyRun(
  work: Work,
  read: Read,
  database: Database,
  session: Session,
): Promise<Outcome> {
  const { plan, run, path } = work;
  const options = { history: plan.options.history, run };
  const fill = (rows: Rows) => (store: Store) =>
    applyTo(store, rows, work, database.shown, session);
  const make = await database.asNew();
  if (make !== undefined) return make(fill(asRead(read, database)), options);
  // Whoever uses the database is not held up while the service is asked.
  const spool = await Spool.open(path);
  try {
    const rows = await spooled(read, spool, database);
    return await database.apply(fill(rows), options);
  } finally {
    await spool.close();
  }
}

function asRead(read: Read, { dialect }: Database): Rows {
  return {
    read: (take) => read((contacts) => take(contactRows(contacts, dialect))),
    areAll: true,
  };
}

/** Reads the account, and keeps the rows that may have to be written; they can be taken several times. */
async function spooled(read: Read, spool: Spool, database: Database): Promise<Rows> {
  const comparison = await database.comparison();
  try {
    const found = await read(async (contacts) => {
      const wanted = comparison ? await comparison.changedAmong(contacts) : contacts;
      await spool.add(contactRows(wanted, database.dialect));
    });
    await spool.flush();
    const again: Rows['read'] = async (take) => {
      for await (const rows of spool.batches()) await take(rows);
      return found;
    };
    return { read: again, areAll: comparison === undefined };
  } finally {
    comparison?.close();
  }
}

async function applyTo(
  store: Store,
  rows: Rows,
  work: Work,
  shown: string,
  { context }: Session,
): Promise<Outcome> {
  const { plan, run, kind, before, account } = work;
  const pause = async () => {
    await turn();
    context.signal.throwIfAborted();
  };
  const state = await store.state();
  if (state?.get('last_run') !== before?.get('last_run')) throw overtaken(shown);
  const everyone = await store.prepare();
  // Somebody has changed the tables since they were looked at.
  if (everyone && !rows.areAll) throw overtaken(shown);
  const at = laterThan(state?.get('last_at'), context.now());
  const old = await store.counts();

  let written = 0;
  let inFlight = Promise.resolve(0);
  const take = async (some: Iterable<ContactRow>) => {
    written += await inFlight;
    await pause();
    inFlight = store.upsert(some, { run, at, everyone });
    // Its failure is met where it is awaited.
    inFlight.catch(() => {});
  };
  // Where reading fails, nothing may still be written when the connection is closed.
  const found = await rows.read(take).finally(() => Promise.allSettled([inFlight]));
  written += await inFlight;
  const { all } = await store.counts();
  const created = all - old.all;

  const marked = await markMissing(store, { work, found, live: old.live, at, shown, pause });
  const purged = plan.purgeBefore ? await store.purge(plan.purgeBefore.toISOString(), pause) : 0;
  if (found.segments) await store.setDirectory('segments', found.segments);
  if (found.agents) await store.setDirectory('agents', found.agents);

  const { live } = await store.counts();
  const changed = written - created;
  const complete = isComplete(found);
  const trusted = isTrusted(work);
  const began = found.began.toISOString();
  await store.addRun({
    id: run,
    started_at: plan.query.now.toISOString(),
    finished_at: context.now().toISOString(),
    kind,
    walks: found.walks,
    stable: found.stable ?? null,
    seen: found.seen.size,
    created,
    updated: changed,
    deleted: marked.deleted,
  });
  const failure = found.failure ?? marked.failure;
  const settled = kind === 'full' && complete && marked.failure === undefined;
  await store.setState({
    host: plan.scope.host,
    filters: plan.scope.filters,
    customer: found.customer,
    last_run: run,
    last_at: at,
    last_failure: failureText(failure),
    ...(complete && trusted && { cursor: began }),
    ...(settled && { last_full: began }),
    ...(settled && trusted && { token: account.token }),
  });
  const unchanged = live - created - changed;
  const { deleted } = marked;
  const { walks, stable } = found;
  const counts = { created, changed, deleted, unchanged, purged };
  return { ...counts, walks, stable, began: found.began, failure };
}

interface Marked {
  readonly deleted: number;
  readonly failure?: ExplainedError;
}

interface Marking {
  readonly work: Work;
  readonly found: Found;
  /** How many contacts were not marked before. */
  readonly live: number;
  readonly at: string;
  readonly shown: string;
  readonly pause: Pause;
}

/** Marks those who are gone, where that is proven. */
async function markMissing(
  store: Store,
  { work, found, live, at, shown, pause }: Marking,
): Promise<Marked> {
  const { plan, kind, run } = work;
  if (kind !== 'full' || !plan.options.delete || !isComplete(found)) return { deleted: 0 };
  if (live === 0) return { deleted: 0 };
  const { seen } = found;
  const reason = reasonAgainst({ seen: seen.size, live, trusted: isTrusted(work) }, shown);
  if (reason !== undefined) return { deleted: 0, failure: reason };
  const most = mostDeletions(plan.limit, live);
  const { count, ids } = await findMissing(store, (id) => seen.has(id), most, pause);
  if (count > most) return { deleted: 0, failure: tooMany(count, live, most) };
  await store.markDeleted(ids, { run, at }, pause);
  return { deleted: count };
}

function isComplete({ stable, keylessTwice }: Gathered): boolean {
  return stable !== false && !keylessTwice;
}

/** Whether the token sees what the last full run's did. */
function isTrusted({ account, plan }: Work): boolean {
  return account.sameToken || plan.options.maxDeletions !== undefined;
}

/** No two runs write the same time, so that it tells what came with each. */
function laterThan(last: string | undefined, now: Date): string {
  const least = last === undefined ? 0 : Date.parse(last) + 1;
  return new Date(Math.max(now.getTime(), least)).toISOString();
}

function overtaken(shown: string): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.locked,
    code: 'locked',
    message: `${shown} is no longer what it was when this run began: another run has written it, or it was replaced`,
    hint: 'run it again',
  });
}

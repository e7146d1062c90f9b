import { setImmediate as turn } from 'node:timers/promises';
import type { Database } from '../database/database.ts';
import { failureText } from '../database/runs.ts';
import type { DirectoryRow, Pause, Store } from '../database/store.ts';
import type { State } from '../database/tables.ts';
import { ExplainedError, exitCodes } from '../errors.ts';
import type { Session } from '../session.ts';
import { findMissing, mostDeletions, reasonAgainst, tooMany } from './deletions.ts';
import type { Gathered } from './gather.ts';
import type { SyncPlan } from './plan.ts';
import type { Account } from './scope.ts';
import type { Spool } from './spool.ts';

/** All that one transaction puts into the database. */
export interface Work {
  readonly plan: SyncPlan;
  readonly run: string;
  readonly kind: 'full' | 'quick';
  /** What the database held when the run looked. */
  readonly before: State | undefined;
  readonly account: Account;
  readonly gathered: Gathered;
  readonly spool: Spool;
  /** Undefined where the service refused the list. */
  readonly segments: readonly DirectoryRow[] | undefined;
  readonly agents: readonly DirectoryRow[] | undefined;
}

/** What became of it. */
export interface Outcome {
  readonly created: number;
  readonly changed: number;
  readonly deleted: number;
  readonly unchanged: number;
  readonly purged: number;
  /** Exit 8: why nobody was marked as deleted, or that some may be missing. */
  readonly failure: ExplainedError | undefined;
}

/** Brings the database up to date, whole or not at all. */
export async function applyRun(work: Work, database: Database, session: Session): Promise<Outcome> {
  const { plan, run } = work;
  return database.apply((store) => applyTo(store, work, database.shown, session), {
    history: plan.options.history,
    run,
    erases: plan.purgeBefore !== undefined,
  });
}

async function applyTo(
  store: Store,
  work: Work,
  shown: string,
  { context }: Session,
): Promise<Outcome> {
  const { plan, run, kind, before, account, gathered, spool } = work;
  const pause = async () => {
    await turn();
    context.signal.throwIfAborted();
  };
  const state = await store.state();
  if (state?.get('last_run') !== before?.get('last_run')) throw overtaken(shown);
  const everyone = await store.prepare();
  const at = laterThan(state?.get('last_at'), context.now());
  const old = await store.counts();

  let written = 0;
  let inFlight = Promise.resolve(0);
  for await (const contacts of spool.batches()) {
    written += await inFlight;
    await pause();
    const wanted = everyone ? contacts : await store.changedAmong(contacts);
    inFlight = store.upsert(wanted, { run, at, everyone });
    // Its failure is met where it is awaited, also when reading on fails first.
    inFlight.catch(() => {});
  }
  written += await inFlight;
  const { all } = await store.counts();
  const created = all - old.all;

  const marked = await markMissing(store, work, old.live, at, shown, pause);
  const purged = plan.purgeBefore ? await store.purge(plan.purgeBefore.toISOString(), pause) : 0;
  if (work.segments) await store.setDirectory('segments', work.segments);
  if (work.agents) await store.setDirectory('agents', work.agents);

  const { live } = await store.counts();
  const changed = written - created;
  const complete = isComplete(gathered);
  const trusted = isTrusted(work);
  const began = gathered.began.toISOString();
  await store.addRun({
    id: run,
    started_at: plan.query.now.toISOString(),
    finished_at: context.now().toISOString(),
    kind,
    walks: gathered.walks,
    stable: gathered.stable ?? null,
    seen: gathered.seen.size,
    created,
    updated: changed,
    deleted: marked.deleted,
  });
  const failure = gathered.failure ?? marked.failure;
  const settled = kind === 'full' && complete && marked.failure === undefined;
  await store.setState({
    host: plan.scope.host,
    filters: plan.scope.filters,
    customer: gathered.customer,
    last_run: run,
    last_at: at,
    last_failure: failureText(failure),
    ...(complete && trusted && { cursor: began }),
    ...(settled && { last_full: began }),
    ...(settled && trusted && { token: account.token }),
  });
  const unchanged = live - created - changed;
  return { created, changed, deleted: marked.deleted, unchanged, purged, failure };
}

interface Marked {
  readonly deleted: number;
  readonly failure?: ExplainedError;
}

/** Marks those who are gone, where that is proven. */
async function markMissing(
  store: Store,
  work: Work,
  live: number,
  at: string,
  shown: string,
  pause: Pause,
): Promise<Marked> {
  const { plan, kind, run, gathered } = work;
  if (kind !== 'full' || !plan.options.delete || !isComplete(gathered)) return { deleted: 0 };
  const { seen } = gathered;
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

import { randomUUID } from 'node:crypto';
import type { Env } from '../context.ts';
import type { Database } from '../database/database.ts';
import type { DoneRun } from '../database/runs.ts';
import type { State } from '../database/tables.ts';
import type { DatabaseTarget } from '../database/target.ts';
import { ExplainedError, exitCodes } from '../errors.ts';
import { recoverTarget } from '../files/atomic-file.ts';
import { homeOf } from '../files/home.ts';
import { takeLock } from '../files/lock.ts';
import { type HeldTarget, holdTarget } from '../output/write.ts';
import type { PageLog } from '../read/page-log.ts';
import { unstable } from '../read/source.ts';
import { hashToken } from '../resume/account.ts';
import { openLogAbout, sayAge, type Topic, withResume } from '../resume/log.ts';
import type { Session } from '../session.ts';
import { timeFor } from '../terminal/local-time.ts';
import { applyRun } from './apply.ts';
import { askDirectories } from './directories.ts';
import { gather, type Take } from './gather.ts';
import { isForgotten, jobNameOf, noteRun } from './job.ts';
import { fileHint, logPath, pathOf, type SyncOptions, type SyncPlan } from './plan.ts';
import { checkAccount, checkCustomer, checkScope } from './scope.ts';
import { type Summary, summaryJson, summaryText } from './summary.ts';

/** Brings a database up to date with the account, in one transaction. */
export async function runSync(plan: SyncPlan, session: Session): Promise<void> {
  const { database, path, lock } = await hold(plan, session);
  try {
    await syncInto({ plan, database, path }, session);
  } finally {
    await database.close();
    await lock.release();
  }
}

/** The database, locked against other runs; nothing of it is asked yet. */
async function hold({ target }: SyncPlan, { context }: Session) {
  const { env, signal } = context;
  const { target: file, lock } = await holdFiles(target, env);
  try {
    await recoverTarget(file, lock);
    const { path } = file;
    if (target.kind === 'postgres') {
      const { openPostgres } = await import('../database/postgres.ts');
      return { path, lock, database: openPostgres(target, { env, home: homeOf(env), signal }) };
    }
    const { openSqlite } = await import('../database/sqlite.ts');
    return { path, lock, database: await openSqlite(file, lock, signal) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** What the files of a run lie beside: the database itself, or for a server a name in the state folder. */
async function holdFiles(target: DatabaseTarget, env: Env): Promise<HeldTarget> {
  if (target.kind === 'sqlite') return holdTarget(target.file, fileHint);
  const path = await pathOf(target, env);
  const { shown } = target;
  const lock = await takeLock(`${path}.lock`, shown);
  return { target: { path, shown, place: 'rename' }, lock };
}

interface Place {
  readonly plan: SyncPlan;
  readonly database: Database;
  /** The name of the run's log is made from it. */
  readonly path: string;
}

async function syncInto({ plan, database, path }: Place, session: Session): Promise<void> {
  const before = await database.look(plan.options);
  checkScope(before, plan.scope, database.shown);
  const job = jobNameOf(path, plan.target.kind === 'sqlite' ? path : plan.target.database);
  const kind = (await isForgotten(job, session)) ? 'full' : kindOf(plan, before);
  const since = kind === 'quick' ? before?.get('cursor') : undefined;
  const account = await checkAccount(before, plan.query, database.shown, session);
  const { log, run, finished } = await openLog(plan, database, { path, kind, since }, session);
  let done = finished !== undefined;
  try {
    if (finished !== undefined) {
      await database.finish();
      const failure = failureOf(finished, plan.query.resource.many);
      if (failure === undefined) {
        session.log.info(
          `${database.shown} is up to date already: the run that was cut short had ended it`,
        );
      }
      await noteRun({ job, database: database.shown, began: plan.query.now }, session);
      tell(plan, database.shown, { before, ...finished, purged: 0 }, session);
      if (failure !== undefined) throw failure;
      return;
    }
    const from = since === undefined ? undefined : new Date(since);
    const asked = { query: plan.query, trustServer: plan.options.trustServer };
    const read = async (take: Take) => {
      const gathered = await gather(asked, from, log, take, session);
      checkCustomer(before, gathered.customer, database.shown);
      const directories = await askDirectories(session);
      session.spinner.show(() => `writing ${gathered.seen.size} contacts into ${database.shown}`);
      return { ...gathered, ...directories };
    };
    const outcome = await applyRun(
      { plan, run, kind, before, account, path },
      read,
      database,
      session,
    );
    done = true;
    await noteRun({ job, database: database.shown, began: outcome.began }, session);
    tell(plan, database.shown, { ...outcome, before, kind }, session);
    if (outcome.failure !== undefined) throw outcome.failure;
  } catch (error) {
    // What is another account's is of no use to the next run.
    done ||= error instanceof ExplainedError && error.exit === exitCodes.usage;
    throw done || log.pages === 0 ? error : withResume(error, resumeWords(plan, session), session);
  } finally {
    session.spinner.end();
    await (done || log.pages === 0 ? log.remove() : log.close());
  }
}

/** A quick run needs a cursor, and a full run that is not too long ago. */
function kindOf({ options, fullSince }: SyncPlan, before: State | undefined): 'full' | 'quick' {
  const lastFull = Date.parse(before?.get('last_full') ?? '');
  const isQuick = options.quick && before?.has('cursor') && lastFull >= fullSince.getTime();
  return isQuick ? 'quick' : 'full';
}

interface LogFacts {
  readonly path: string;
  readonly kind: 'full' | 'quick';
  readonly since: string | undefined;
}

interface OpenedLog {
  readonly log: PageLog;
  /** The run's id. */
  readonly run: string;
  /** What a run that was cut short when it was through has done. */
  readonly finished: DoneRun | undefined;
}

async function openLog(
  { options, query, scope }: SyncPlan,
  database: Database,
  { path, kind, since = '' }: LogFacts,
  session: Session,
): Promise<OpenedLog> {
  const { token } = await session.connect();
  const { resource, filter } = query;
  const run = randomUUID();
  const topic: Topic = {
    resource: resource.many,
    host: session.host,
    profile: session.profile,
    token: hashToken(token),
    body: resource.requests(filter)(1).body ?? null,
    sync: database.shown,
    filters: scope.filters,
    kind,
    since,
    asked: askedFor(options),
    run,
  };
  const request = {
    path: logPath(path),
    topic,
    same: ['body', 'sync', 'filters'],
    resource,
    resume: options.resume,
    started: query.now.toISOString(),
    other: 'run',
  };
  const { log, found } = await openLogAbout(request, session, async (old) => {
    const theirs = old.head.topic as { readonly [part: string]: unknown };
    const theirRun = String(theirs['run']);
    const finished = await database.doneBy(theirRun);
    if (finished !== undefined) {
      // Who asks for more, a purge say, is not told that all is done.
      return theirs['asked'] === topic['asked'] ? { run: theirRun, finished } : undefined;
    }
    if (theirs['kind'] !== kind || theirs['since'] !== since) return undefined;
    sayAge(old, session);
    return { run: theirRun, finished };
  });
  return { log, run, finished: undefined, ...found };
}

/** What a run is to do with the records that it reads. */
function askedFor({ quick, fullEvery, maxDeletions, delete: marks, history, purge }: SyncOptions) {
  return JSON.stringify({ quick, fullEvery, maxDeletions, marks, history, purge });
}

function failureOf({ failure, stable, walks }: DoneRun, many: string) {
  return failure ?? (stable === false ? unstable(walks, many) : undefined);
}

function resumeWords({ options }: SyncPlan, { context }: Session): readonly string[] {
  return ['reekolect', ...context.args, ...(options.resume ? [] : ['--resume'])];
}

type Told = Summary & { readonly before: State | undefined; readonly kind: 'full' | 'quick' };

/** Says what became of it. */
function tell(plan: SyncPlan, shown: string, told: Told, session: Session): void {
  const { before, kind } = told;
  session.spinner.end();
  const { format, tz } = plan.options;
  const isFiltered = plan.scope.filters !== '{}';
  const { stdout, stderr } = session.context;
  const full = kind === 'quick' ? before?.get('last_full') : undefined;
  const lastFull =
    full && timeFor(format === 'text' ? stdout : stderr, new Date(full), session.zone(tz));
  const line = summaryText(told, { shown, isFiltered, lastFull });
  if (format === 'json') stdout.write(`${summaryJson(told)}\n`);
  else if (format === 'text') stdout.write(`${line}\n`);
  else session.log.status(line);
}

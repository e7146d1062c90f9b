import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Env } from '../context.ts';
import type { DatabaseTarget } from '../database/target.ts';
import { type ExplainedError, usageError } from '../errors.ts';
import { makeFolder } from '../files/folder.ts';
import { checkTarget } from '../files/target.ts';
import { type Query, settleQuery } from '../query.ts';
import { PageLog } from '../read/page-log.ts';
import type { FilterOptions } from '../records/filter-field.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';
import { configFolder } from '../state/folders.ts';
import { agoOf } from './ages.ts';
import { type DeletionLimit, parseLimit, usualLimit } from './deletions.ts';
import { type Scope, scopeOf } from './scope.ts';
import { settleTarget } from './settle-target.ts';

/** What the flags of a sync say. */
export interface SyncOptions {
  readonly tz: string | undefined;
  readonly trustServer: boolean;
  readonly dryRun: boolean;
  readonly quick: boolean;
  readonly fullEvery: string | undefined;
  readonly maxDeletions: string | undefined;
  readonly delete: boolean;
  readonly history: boolean;
  readonly purge: string | undefined;
  readonly schema: string | undefined;
  readonly resume: boolean;
  readonly format: 'text' | 'json' | undefined;
}

/** A sync settled: every mistake in it has surfaced, and nothing was asked or touched. */
export interface SyncPlan {
  readonly options: SyncOptions;
  readonly target: DatabaseTarget;
  readonly query: Query;
  readonly scope: Scope;
  readonly limit: DeletionLimit;
  /** With --quick: a last full run before this instant is too old. */
  readonly fullSince: Date;
  /** What was marked as deleted before this instant is erased. */
  readonly purgeBefore: Date | undefined;
}

const usualFullEvery = '1d';

/** Throws a usage error for flags that make no sense, alone or together. */
export async function planSync(
  resource: Resource,
  typedTarget: string | undefined,
  filters: FilterOptions,
  options: SyncOptions,
  session: Session,
): Promise<SyncPlan> {
  checkTogether(options);
  const { context } = session;
  const zone = session.zone(options.tz);
  const target = await settleTarget(typedTarget, { schema: options.schema, zone }, session);
  if (target === undefined) throw noTarget();
  const { fullEvery = usualFullEvery, purge, maxDeletions } = options;
  const limit = maxDeletions === undefined ? usualLimit : parseLimit(maxDeletions);
  const ago = (flag: string, age: string) => agoOf(flag, age, zone(), context.now());
  const fullSince = await ago('--full-every', fullEvery);
  const purgeBefore = purge === undefined ? undefined : await ago('--purge', purge);
  const now = await beganAt(target, options, session);
  const query = await settleQuery(resource, filters, options, session, now);
  const scope = scopeOf(query, options.trustServer, session);
  return { options, target, query, scope, limit, fullSince, purgeBefore };
}

function noTarget(): ExplainedError {
  return usageError(
    'no database is named',
    'name a file: reekolect contacts sync contacts.db; or set REEKOLECT_DATABASE_URL',
    'no-target',
  );
}

/** One that goes on began when it first did. */
async function beganAt(target: DatabaseTarget, options: SyncOptions, session: Session) {
  const now = session.context.now();
  if (!options.resume || options.dryRun) return now;
  const head = await PageLog.peek(logPath(await pathOf(target, session.context.env)));
  return head === undefined ? now : new Date(head.started);
}

export const fileHint = 'give as TARGET the name of a file, such as contacts.db';

/** By which the files of a run are called: the database itself, or for a server a name in the state folder. */
export async function pathOf(target: DatabaseTarget, env: Env): Promise<string> {
  if (target.kind === 'sqlite') return (await checkTarget(target.file, fileHint)).path;
  const folder = join(configFolder(env), 'sync');
  makeFolder(folder, 0o700);
  const { host, port, database, schema } = target;
  const name = JSON.stringify([host, port, database, schema]);
  return join(folder, createHash('sha256').update(name).digest('hex').slice(0, 16));
}

/** Where the pages of a run are kept until it is through. */
export function logPath(path: string): string {
  return `${path}.part`;
}

function checkTogether({ quick, fullEvery, maxDeletions, ...options }: SyncOptions): void {
  if (fullEvery !== undefined && !quick) {
    throw usageError(
      '--full-every says how often a --quick run is a full one',
      'add --quick, or leave it out: without --quick every run is full',
    );
  }
  if (maxDeletions !== undefined && !options.delete) {
    throw usageError(
      '--no-delete and --max-deletions contradict each other',
      'leave one of them out',
    );
  }
}

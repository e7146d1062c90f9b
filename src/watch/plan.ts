import { usageError } from '../errors.ts';
import { type Query, settleQuery } from '../query.ts';
import type { FilterOptions } from '../records/filter-field.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';

/** What the flags of a watch say; times in milliseconds. */
export interface WatchOptions {
  readonly tz: string | undefined;
  readonly trustServer: boolean;
  readonly dryRun: boolean;
  readonly every: number | undefined;
  readonly job: string | undefined;
  readonly once: boolean;
  readonly for: number | undefined;
  readonly exec: readonly string[] | undefined;
  readonly execTimeout: number | undefined;
}

/** How often is looked where nobody says. */
export const defaultEveryMs = 60_000;

/** A watch settled: every mistake in it has surfaced, and nothing was asked. */
export interface WatchPlan {
  readonly query: Query;
  readonly options: WatchOptions;
}

export async function planWatch(
  resource: Resource,
  filters: FilterOptions,
  options: WatchOptions,
  session: Session,
): Promise<WatchPlan> {
  if (options.once && options.for !== undefined) {
    throw usageError('--once and --for contradict each other', 'leave one of them out');
  }
  const query = await settleQuery(resource, filters, options, session);
  const { job, once, every = defaultEveryMs, for: lasting = Number.POSITIVE_INFINITY } = options;
  if (job === undefined && (once || lasting <= every)) {
    const [flag, instead] = once ? ['--once', ''] : ['--for', ', or a longer --for'];
    session.log.warn(
      `${flag} without --job ends before anybody is new, and shows nothing: add --job NAME${instead}`,
    );
  }
  return { query, options };
}

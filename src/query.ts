import { headersFor } from './api/headers.ts';
import { type ExplainedError, nothingMatched } from './errors.ts';
import type { EndEstimate } from './read/end-estimate.ts';
import { lookForEnd } from './read/look-for-end.ts';
import { Pace } from './read/pace.ts';
import { type Progress, progressText } from './read/progress.ts';
import { partsOf, Source, type SourceOptions, servicePages } from './read/source.ts';
import type { Tally } from './read/tally.ts';
import { type DirectoryKind, nameColumns, type RecordColumn } from './records/columns.ts';
import {
  type Filter,
  type FilterOptions,
  settleFilters,
  typedFilters,
} from './records/filter-field.ts';
import type { Resource } from './records/resource.ts';
import type { Session } from './session.ts';
import { sandboxProfile } from './state/account.ts';
import { maskToken } from './state/token.ts';
import { safeJson } from './terminal/safe-json.ts';
import { sanitizeText } from './terminal/sanitize.ts';
import { version } from './version.ts';

/** What is asked for: settled before the first request, names of segments and agents aside. */
export interface Query {
  readonly resource: Resource;
  readonly typed: FilterOptions;
  readonly filter: Filter;
  /** The IANA zone for dates; finding the system's takes some 15 ms, so it is asked for when needed. */
  readonly zone: () => string;
  /** The instant that relative dates count from. */
  readonly now: Date;
}

export interface QueryOptions {
  readonly tz?: string | undefined;
  readonly dryRun?: boolean;
}

/** Understands the filters; every mistake in them surfaces here. */
export async function settleQuery(
  resource: Resource,
  options: FilterOptions,
  { tz, dryRun = false }: QueryOptions,
  session: Session,
  now: Date = session.context.now(),
): Promise<Query> {
  const zone = session.zone(tz);
  const typed = typedFilters(resource.filters, options);
  resource.checkFilters?.(typed);
  const filter = await settleFilters(resource.filters, typed, {
    zone,
    now,
    columns: resource.columns,
    names: async (kinds) =>
      dryRun
        ? new Map()
        : new Map(
            await Promise.all(
              kinds.map(async (kind) => [kind, await session.names.required(kind)] as const),
            ),
          ),
    async find(directory, names) {
      if (dryRun) return names.map((name) => ({ id: `(the id of ${directory} "${name}")`, name }));
      const { findNamed } = await import('./api/directory.ts');
      const kind = directory as DirectoryKind;
      return findNamed(kind, names, await session.names.list(kind));
    },
  });
  for (const { flag, told, local } of filter) {
    for (const text of told) session.log.debug(`${flag}${local ? ' ' : ': '}${text}`);
  }
  return { resource, typed, filter, zone, now };
}

/** The records that a query asks for; the way to the service is opened. */
export async function openSource(
  { resource, filter }: Query,
  session: Session,
  options: Omit<SourceOptions, 'client' | 'throttle' | 'signal'> &
    Partial<Pick<SourceOptions, 'throttle'>>,
): Promise<Source> {
  const { client, throttle } = await session.connect(resource.credential);
  const { signal, wait } = session.context;
  return new Source(resource, filter, { client, throttle, signal, wait, ...options });
}

/** Our clock, corrected where the service's differs by more than its Date header's precision. */
export function serviceTime(ours: Date, skewMs: number): Date {
  return Math.abs(skewMs) > 2000 ? new Date(ours.getTime() + skewMs) : ours;
}

/** Exit 9, with what to doubt. */
export function nothingFound({ resource, filter }: Query): ExplainedError {
  return nothingMatched(
    resource.one,
    filter.flatMap(({ doubt }) => doubt ?? []),
  );
}

/** The columns with names in place of ids, where they are to have them: looked up once a run. */
export function columnsByName(
  columns: readonly RecordColumn[],
  session: Session,
): Promise<readonly RecordColumn[]> {
  return nameColumns(columns, (kinds) => session.names.byId(kinds));
}

/** What would be sent, as text; nothing is. */
export async function describeRequest(
  { resource, filter }: Query,
  session: Session,
): Promise<string> {
  const { credential } = resource;
  const token = session.sandboxed ? undefined : (await session.token(credential))?.token;
  const shown = session.sandboxed ? '(of the sandbox)' : token ? maskToken(token) : '(none)';
  const headers = Object.entries(headersFor(credential, shown, `reekolect-cli/${version}`));
  const requests = partsOf(resource, filter).map((part) => {
    const { method, path, body } = resource.requests(part)(1);
    const url =
      session.profile === sandboxProfile ? `http://127.0.0.1/${path}` : new URL(path, session.url);
    return [
      `${method} ${url}`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
      ...localTests(part),
      '',
      ...(body === undefined ? [] : [safeJson(JSON.stringify(body, null, 2)), '']),
    ].join('\n');
  });
  return requests.join('\n');
}

/** What no request shows. */
function localTests(filter: Filter): readonly string[] {
  return filter
    .filter(({ local }) => local)
    .flatMap(({ flag, told }) => told.map((text) => `${flag} ${text}`))
    .map((test) => sanitizeText(`(not sent, decided by the tool: ${test})`));
}

export interface ProgressFacts {
  readonly tally: () => Tally;
  /** How many of those that were read passed every filter. */
  readonly kept?: () => number;
  /** How many of the records an earlier run had fetched. */
  readonly earlier?: () => number;
  /** The work ends with so many. */
  readonly limit?: number | undefined;
}

/**
 * Does the work, showing how far it has come where a person looks. How many there are is found
 * out beside it, so that the share done and the time left can be told; not where a limit tells.
 */
export async function withProgress<T>(
  { resource, filter }: Query,
  session: Session,
  { tally, kept, earlier = () => 0, limit }: ProgressFacts,
  work: () => Promise<T>,
): Promise<T> {
  if (!session.spinner.interactive) return work();
  const { client, throttle } = await session.connect(resource.credential);
  const stop = new AbortController();
  let end: EndEstimate | undefined;
  const estimate = async () => {
    const estimates = lookForEnd({
      fetchPage: servicePages(client, resource, filter, { once: true }),
      throttle,
      reached: () => tally().pages,
      signal: AbortSignal.any([session.context.signal, stop.signal]),
    });
    for await (const estimated of estimates) end = estimated;
  };
  // Whatever keeps the end from being found is the work's to report.
  if (limit === undefined && partsOf(resource, filter).length === 1)
    void estimate().catch(() => {});
  const start = performance.now();
  const pace = new Pace();
  session.spinner.show((space) => {
    const read = tally();
    const passed = kept?.() ?? read.unique;
    return progressText({
      tally: read,
      things: resource.many,
      matching: filter.some(({ local }) => local) ? passed : undefined,
      total: totalOf(read, passed, limit, end),
      rate: pace.at(performance.now() - start, read.unique - earlier()),
      pauseMs: throttle.pauseLeft,
      ...space,
    });
  });
  try {
    return await work();
  } finally {
    stop.abort(new Error('the work is done'));
    session.spinner.end();
  }
}

/** How many will have been read in the end, if pages and matches go on as they did. */
function totalOf(
  { unique, pages }: Tally,
  passed: number,
  limit: number | undefined,
  end: EndEstimate | undefined,
): Progress['total'] {
  if (limit !== undefined)
    return passed > 0 ? { count: (limit * unique) / passed, rough: false } : undefined;
  return end && pages > 0 ? { count: (end.pages * unique) / pages, rough: end.rough } : undefined;
}

import { contactPages } from '../api/contacts.ts';
import type { Query } from '../commands/contacts/query.ts';
import type { Context } from '../context.ts';
import type { Log } from '../terminal/log.ts';
import { findEnd } from './page-count.ts';
import type { Tally } from './walk.ts';

export interface Progress {
  readonly tally: Tally;
  /** All contacts there are to read, once that is known. */
  readonly total: number | undefined;
  readonly elapsedMs: number;
  /** How long the service wants to be left alone. */
  readonly pauseMs: number;
}

/** One line for the person who waits: contacts so far, rate, share and time left. */
export function progressText({ tally, total, elapsedMs, pauseMs }: Progress): string {
  const { unique, walks } = tally;
  const parts = [`${unique.toLocaleString('en')} contacts`];
  const rate = (unique / Math.max(1, elapsedMs)) * 1000;
  if (walks > 1) parts.push(`walk ${walks}, checking that none is missing`);
  else if (unique > 0 && elapsedMs > 500) parts.push(`${Math.round(rate).toLocaleString('en')}/s`);
  if (walks === 1 && total !== undefined && unique > 0 && total >= unique) {
    parts.push(`${Math.floor((unique / total) * 100)} %`, `${clock((total - unique) / rate)} left`);
  }
  if (pauseMs > 1000) parts.push(`the service asks to wait ${clock(pauseMs / 1000)}`);
  return parts.join(' · ');
}

/** Seconds as minutes and seconds, with hours where there are some. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  const rest = String(whole % 60).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}

/** What ends sooner needs no share of the whole. */
const searchAfterMs = 1000;

/** With fewer requests under way, one for the search would hold up the work. */
const roomy = 4;

/**
 * Does the work, showing how far it has come where a person looks. The end is looked for beside
 * it, so that the share done and the time left can be told.
 */
export async function withProgress<T>(
  query: Query,
  { signal }: Context,
  log: Log,
  tally: () => Tally,
  work: () => Promise<T>,
): Promise<T> {
  if (!log.watched) return work();
  const { client, throttle } = await query.connection();
  const start = performance.now();
  const stop = new AbortController();
  let total: number | undefined;
  const search = async () => {
    const fetchPage = contactPages(client, query.body);
    const either = AbortSignal.any([signal, stop.signal]);
    total = (await findEnd(async (page) => (await fetchPage(page, either)).contacts)).contacts;
  };
  // Whatever keeps the end from being found is the work's to report.
  const timer = setInterval(() => {
    if (throttle.width < roomy) return;
    clearInterval(timer);
    void search().catch(() => {});
  }, searchAfterMs);
  log.progress(() =>
    progressText({
      tally: tally(),
      total,
      elapsedMs: performance.now() - start,
      pauseMs: throttle.pauseLeft,
    }),
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
    stop.abort(new Error('the work is done'));
    log.hush();
  }
}

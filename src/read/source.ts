import { contactPages, type FetchPageText } from '../api/contacts.ts';
import type { Query } from '../commands/contacts/query.ts';
import { keptOf, LeftOut } from '../commands/contacts/rows.ts';
import type { Context } from '../context.ts';
import { misfitCheck } from '../records/contacts/matches.ts';
import type { ServiceRecord } from '../records/record.ts';
import { Walk, type WalkOptions } from './walk.ts';

export interface Reading {
  /** The contacts that match, each once, a page at a time. */
  readonly contacts: AsyncIterable<readonly ServiceRecord[]>;
  readonly walk: Walk;
  readonly leftOut: LeftOut;
}

export interface ReadingOptions {
  readonly trustServer: boolean;
  readonly care: WalkOptions['care'];
  readonly existedBefore?: WalkOptions['existedBefore'];
  /** Stands between the walk and the service, e.g. to remember pages. */
  readonly remember?: (fetchPage: FetchPageText) => WalkOptions['fetchPage'];
}

/** Reads what a query asks for: the service's pages, walked, and checked against the filter. */
export async function openReading(
  query: Query,
  context: Context,
  options: ReadingOptions,
): Promise<Reading> {
  const { client, throttle } = await query.connection();
  const fetchPage = contactPages(client, query.body);
  const walk = new Walk({
    fetchPage: options.remember
      ? options.remember(fetchPage)
      : async ({ page }, signal) => (await fetchPage(page, signal)).contacts,
    width: () => throttle.width,
    signal: context.signal,
    care: options.care,
    ...(options.existedBefore && { existedBefore: options.existedBefore }),
  });
  const leftOut = new LeftOut();
  const check = options.trustServer ? undefined : misfitCheck(query.filter);
  return { contacts: keptOf(walk.pages(), check, leftOut), walk, leftOut };
}

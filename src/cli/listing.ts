import type { Client } from '../api/client.ts';
import type { Listed } from '../api/directory.ts';
import { type ItemColumn, itemTable, pickColumns } from '../output/item-table.ts';
import { type OutputPlan, planOutput, writeTable } from '../output/write.ts';
import type { Session } from '../session.ts';
import type { ListingOptions } from './listing-flags.ts';

/** A list ready to be written: every mistake in the flags has surfaced. */
export interface Listing<Item> {
  readonly plan: OutputPlan;
  readonly columns: readonly ItemColumn<Item>[];
}

export function planListing<Item>(
  all: readonly ItemColumn<Item>[],
  options: Omit<ListingOptions, 'truncate'> & { readonly truncate?: boolean },
  session: Session,
): Listing<Item> {
  const { context } = session;
  const plan = planOutput(options, {
    otherwise: context.stdout.isTTY === true ? 'table' : 'tsv',
    ...session.outputFacts(options.tz),
  });
  return { plan, columns: pickColumns(all, options.columns, plan.format) };
}

/** Writes the items; `json` where a whole item is more than its columns. */
export async function writeListing<Item>(
  listing: Listing<Item>,
  pages: AsyncIterable<readonly Item[]>,
  session: Session,
  json?: (item: Item) => string,
): Promise<void> {
  const table = itemTable(listing.columns, pages, json);
  await writeTable(table, listing.plan, session.context, session.spinner);
  sayWritten(listing, session);
}

/** Tells people where a file went, whose name may have been filled in. */
export function sayWritten({ plan }: { readonly plan: OutputPlan }, { log }: Session): void {
  if (plan.file !== undefined) log.status(`written to ${plan.file}`);
}

/** Lists what is at hand already. */
export async function listItems<Item>(
  all: readonly ItemColumn<Item>[],
  items: readonly Item[],
  options: ListingOptions,
  session: Session,
  json?: (item: Item) => string,
): Promise<void> {
  const whole = options.columns === undefined ? json : undefined;
  await writeListing(planListing(all, options, session), onePage(items), session, whole);
}

async function* onePage<Item>(items: readonly Item[]): AsyncGenerator<readonly Item[]> {
  yield items;
}

/** Lists what the service knows by id and name. */
export async function listDirectory(
  things: string,
  columns: readonly ItemColumn<Listed>[],
  fetch: (client: Client, signal: AbortSignal) => Promise<readonly Listed[]>,
  options: ListingOptions,
  session: Session,
): Promise<void> {
  const listing = planListing(columns, options, session);
  let found = 0;
  async function* pages() {
    session.spinner.show(() => `${things} …`);
    const { client } = await session.connect();
    const items = await fetch(client, session.context.signal);
    found = items.length;
    yield items;
  }
  await writeListing(listing, pages(), session);
  if (found === 0) session.log.status(`the account has no ${things}`);
  else if (listing.plan.format === 'table')
    session.log.status(`${found} ${found === 1 ? things.slice(0, -1) : things}`);
}

import { contactPages } from '../../api/contacts.ts';
import type { Context } from '../../context.ts';
import { findEnd, probeEvenness } from '../../read/page-count.ts';
import { withProgress } from '../../read/progress.ts';
import { openReading } from '../../read/source.ts';
import { misfitCheck } from '../../records/contacts/matches.ts';
import { Log } from '../../terminal/log.ts';
import { nothingMatched } from './empty.ts';
import { describeRequest, openQuery, type Query, type QueryOptions } from './query.ts';

export interface CountOptions extends QueryOptions {
  readonly format: 'text' | 'json';
  readonly failOnEmpty: boolean;
}

/** Accounts of so few pages are read: that is as fast, and needs no belief in equal pages. */
const fewPages = 128;

/** Prints how many contacts match. */
export async function run(options: CountOptions, context: Context): Promise<void> {
  const log = new Log(context, options);
  const query = await openQuery(options, context, log);
  try {
    if (options.dryRun) {
      context.stdout.write(await describeRequest(query, options, context));
      return;
    }
    const count =
      (await countByEnd(query, options, context, log)) ??
      (await countByReading(query, options, context, log));
    log.hush();
    context.stdout.write(
      options.format === 'json' ? `${JSON.stringify({ count })}\n` : `${count}\n`,
    );
    if (count === 0 && options.failOnEmpty) throw nothingMatched();
  } finally {
    log.hush();
    await query.close();
  }
}

/** The count from where the pages end; undefined where the contacts have to be looked at. */
async function countByEnd(
  query: Query,
  { trustServer }: CountOptions,
  { signal }: Context,
  log: Log,
): Promise<number | undefined> {
  if (!trustServer && misfitCheck(query.filter) !== undefined) return undefined;
  const { client } = await query.connection();
  const fetchPage = contactPages(client, query.body);
  const look = async (page: number) => (await fetchPage(page, signal)).contacts;
  let looks = 0;
  log.progress(() => `looking for the end · ${looks} pages`);
  const end = await findEnd(async (page) => {
    looks += 1;
    return look(page);
  });
  if (end.pages <= fewPages || !(await probeEvenness(look, end))) return undefined;
  log.debug(`the last of ${end.pages} equally long pages was found by ${client.requests} requests`);
  return end.contacts;
}

async function countByReading(
  query: Query,
  { trustServer }: CountOptions,
  context: Context,
  log: Log,
): Promise<number> {
  const reading = await openReading(query, context, { trustServer, care: 'front' });
  log.hush();
  const count = await withProgress(
    query,
    context,
    log,
    () => reading.walk.tally,
    async () => {
      let sum = 0;
      for await (const page of reading.contacts) sum += page.length;
      return sum;
    },
  );
  reading.leftOut.warn(log);
  return count;
}

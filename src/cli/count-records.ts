import type { Query } from '../query.ts';
import type { FilterOptions } from '../records/filter-field.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';
import { type OptionsOf, valueFlag } from './flag.ts';
import { failOnEmptyFlag, requestFlags } from './request-flags.ts';

/** The flags of a command that counts records, its filters aside. */
export const countFlags = {
  ...requestFlags,
  format: valueFlag<'text' | 'json'>('-f, --format <name>', 'text, or json as {"count":240}', {
    choices: ['text', 'json'],
    otherwise: 'text',
  }),
  failOnEmpty: failOnEmptyFlag,
};

/** Accounts of so few pages are read: that is as fast, and needs no belief in equal pages. */
const fewPages = 128;

/** Prints how many records match. */
export async function countRecords(
  resource: Resource,
  filters: FilterOptions,
  options: OptionsOf<typeof countFlags>,
  session: Session,
): Promise<void> {
  const { stdout } = session.context;
  const { settleQuery, describeRequest, nothingFound } = await import('../query.ts');
  const query = await settleQuery(resource, filters, options, session);
  if (options.dryRun) {
    stdout.write(await describeRequest(query, session));
    return;
  }
  const { trustServer } = options;
  const found =
    (await countByEnd(query, trustServer, session)) ??
    (await countByReading(query, trustServer, session));
  session.spinner.end();
  stdout.write(options.format === 'json' ? `${JSON.stringify({ count: found })}\n` : `${found}\n`);
  if (found === 0 && options.failOnEmpty) throw nothingFound(query);
}

/** The count from where the pages end; undefined where the contacts have to be looked at. */
async function countByEnd(
  { resource, filter }: Query,
  trustServer: boolean,
  session: Session,
): Promise<number | undefined> {
  const [{ isChecked, partsOf, servicePages }, { findEnd, probeEvenness }, { abortableWait }] =
    await Promise.all([
      import('../read/source.ts'),
      import('../read/page-count.ts'),
      import('../read/abortable.ts'),
    ]);
  if (isChecked(filter, trustServer) || partsOf(resource, filter).length > 1) return undefined;
  const { client } = await session.connect(resource.credential);
  const fetchPage = servicePages(client, resource, filter);
  let looks = 0;
  const look = async (page: number) => {
    looks += 1;
    return (await fetchPage(page, session.context.signal)).records;
  };
  session.spinner.show(() => `looking for the end · ${looks} pages`);
  const end = await findEnd(look, abortableWait(session.context.signal));
  if (end.pages <= fewPages || !(await probeEvenness(look, end))) return undefined;
  session.log.debug(
    `the last of ${end.pages} equally long pages was found by ${client.requests} requests`,
  );
  return end.records;
}

async function countByReading(
  query: Query,
  trustServer: boolean,
  session: Session,
): Promise<number> {
  const { openSource, withProgress } = await import('../query.ts');
  const source = await openSource(query, session, { trustServer, care: 'front' });
  session.spinner.end();
  const found = await withProgress(
    query,
    session,
    { tally: () => source.walk.tally, kept: () => source.kept },
    async () => {
      let sum = 0;
      for await (const page of source.records()) sum += page.length;
      return sum;
    },
  );
  for (const warning of source.warnings) session.log.warn(warning);
  source.checkComplete();
  return found;
}

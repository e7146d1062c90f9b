import { filterFlags, filtersOf } from '../../cli/filter-flags.ts';
import { type OptionsOf, switchFlag, valueFlag } from '../../cli/flag.ts';
import { requestFlags } from '../../cli/request-flags.ts';
import { verb } from '../../cli/verb.ts';
import { nothingMatched } from '../../errors.ts';
import type { Query } from '../../query.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import { contacts } from '../../records/contacts/resource.ts';
import type { Session } from '../../session.ts';

const flags = {
  ...filterFlags(contactFilters),
  ...requestFlags,
  format: valueFlag<'text' | 'json'>('-f, --format <name>', 'text, or json as {"count":240}', {
    choices: ['text', 'json'],
    otherwise: 'text',
  }),
  failOnEmpty: switchFlag('--fail-on-empty', 'exit 9 when nothing matches'),
};

/** Accounts of so few pages are read: that is as fast, and needs no belief in equal pages. */
const fewPages = 128;

export const count = verb({
  name: 'count',
  summary: 'count the contacts that match',
  flags,
  common: ['search', 'tag', 'status', 'createdAfter', 'format', 'failOnEmpty'],
  examples: [
    'reekolect contacts count --tag vip --created-after 30d',
    'reekolect contacts count --created-after today --format json',
    'test "$(reekolect contacts count --status OPEN)" -lt 100 || echo busy',
  ],
  more: `Large accounts are not read: the end is found by some two dozen requests.
Filters that are checked contact by contact (dates, yes and no, tags, status,
segments) need --trust-server for that.`,
  run,
});

async function run(options: OptionsOf<typeof flags>, session: Session): Promise<void> {
  const { stdout } = session.context;
  const { settleQuery, describeRequest } = await import('../../query.ts');
  const filters = await filtersOf(contacts.filters, options, session);
  const query = await settleQuery(contacts, filters, options, session);
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
  if (found === 0 && options.failOnEmpty) throw nothingMatched(contacts.one);
}

/** The count from where the pages end; undefined where the contacts have to be looked at. */
async function countByEnd(
  { resource, filter }: Query,
  trustServer: boolean,
  session: Session,
): Promise<number | undefined> {
  const [{ isChecked, servicePages }, { findEnd, probeEvenness }, { abortableWait }] =
    await Promise.all([
      import('../../read/source.ts'),
      import('../../read/page-count.ts'),
      import('../../read/abortable.ts'),
    ]);
  if (isChecked(filter, trustServer)) return undefined;
  const { client } = await session.connect();
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
  const { openSource, withProgress } = await import('../../query.ts');
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

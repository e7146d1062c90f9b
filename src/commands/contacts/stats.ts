import { filterFlags, filtersOf } from '../../cli/filter-flags.ts';
import { type OptionsOf, switchFlag, valueFlag } from '../../cli/flag.ts';
import { outputFlags, ownColumnsFlag } from '../../cli/output-flags.ts';
import { requestFlags } from '../../cli/request-flags.ts';
import { list } from '../../cli/values.ts';
import { verb } from '../../cli/verb.ts';
import { usageError } from '../../errors.ts';
import type { Format } from '../../output/format.ts';
import type { ItemColumn } from '../../output/item-table.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import {
  type Counter,
  counterOf,
  groupings,
  namedGroupings,
  parseGroupings,
} from '../../records/contacts/group-by.ts';
import { contacts } from '../../records/contacts/resource.ts';
import type { ServiceRecord } from '../../records/record.ts';
import type { Session } from '../../session.ts';

interface Counted {
  readonly by: string;
  readonly value: string;
  readonly count: number;
  /** Of all contacts counted, from 0 to 1. */
  readonly share: number;
}

const columns: readonly ItemColumn<Counted>[] = [
  { name: 'by', kind: 'text', read: ({ by }) => by },
  { name: 'value', kind: 'text', read: ({ value }) => value },
  { name: 'count', kind: 'number', read: ({ count }) => count },
  { name: 'share', kind: 'number', read: ({ share }) => share },
];

const flags = {
  by: valueFlag('--by <what>', `${groupings.join(', ')} (default: status,platform)`, {
    parse: list,
  }),
  all: switchFlag('--all', 'draw every bar of a long chart'),
  ...filterFlags(contactFilters),
  columns: ownColumnsFlag(columns.map(({ name }) => name)),
  ...outputFlags(),
  ...requestFlags,
};

type Options = OptionsOf<typeof flags>;

export const stats = verb({
  name: 'stats',
  summary: 'count contacts by status, tag, agent, segment, time and more',
  flags,
  common: ['by', 'tag', 'status', 'createdAfter', 'createdBefore', 'output', 'format'],
  examples: [
    'reekolect contacts stats --created-after 30d --by created:day',
    'reekolect contacts stats --by tag,country --tag vip',
    'reekolect contacts stats --by created:month --format csv -o growth.csv',
    'reekolect contacts stats --by created:week,status,tag -o report.html',
  ],
  more: 'Bars on a terminal, tab-separated values in a pipe. A share is one of all contacts counted.\n-o FILE.html is a page of charts and tables, -o FILE.svg the charts alone. By cron,\nevery Monday: 0 7 * * 1 reekolect contacts stats -o "report-{date}.html"',
  run,
});

/** Bars for people, a table for programs. */
async function run(options: Options, session: Session): Promise<void> {
  const { context, log, spinner } = session;
  const [queries, { planListing, sayWritten, writeListing }] = await Promise.all([
    import('../../query.ts'),
    import('../../cli/listing.ts'),
  ]);
  const wanted = parseGroupings(options.by ?? ['status', 'platform']);
  const form = pictureForm(options);
  // A picture is text like another; what is in it is drawn below.
  const shape = form === undefined ? options : { ...options, format: 'json' };
  const listing = planListing(columns, shape, session);
  const filters = await filtersOf(contacts.filters, options, session);
  const query = await queries.settleQuery(contacts, filters, options, session);
  if (options.dryRun) {
    context.stdout.write(await queries.describeRequest(query, session));
    return;
  }
  const counters = wanted.map((by) => counterOf(by, query.zone, query.now));
  const { trustServer } = options;
  const source = await queries.openSource(query, session, { trustServer, care: 'front' });
  spinner.show(() => `${source.walk.tally.unique.toLocaleString('en')} contacts …`);
  const count = () => countRecords(source.records(), counters);
  if (drawsBars(options, session)) {
    const directories = namedGroupings.filter((by) => wanted.includes(by));
    const asked = session.names.byId(directories);
    const total = await count();
    spinner.end();
    const { drawStats } = await import('./stats-charts.ts');
    const { terminal } = listing.plan.options;
    const names = await asked;
    context.stdout.write(await drawStats(counters, { total, all: options.all, terminal, names }));
  } else if (form !== undefined) {
    const directories = namedGroupings.filter((by) => wanted.includes(by));
    const asked = session.names.byId(directories);
    const [{ writeTable }, { pictureStats }, { filterLine }] = await Promise.all([
      import('../../output/write.ts'),
      import('./stats-charts.ts'),
      import('../../cli/filter-line.ts'),
    ]);
    const draw: Format = async function* () {
      const total = await count();
      const facts = [
        ['filters', filterLine(contacts.filters, query.typed) || 'none'],
        ['account', session.host],
        ['time', context.now().toISOString().replace(/\.\d+/, '')],
        ['zone', query.zone()],
      ] as const;
      yield await pictureStats(counters, {
        total,
        all: options.all,
        names: await asked,
        form,
        facts,
      });
    };
    const table = { columns: [], whole: false, pages: (async function* () {})() };
    await writeTable(table, listing.plan, context, spinner, draw);
  } else {
    await writeListing(listing, countPages(counters, count), session);
  }
  for (const warning of source.warnings) log.warn(warning);
  source.checkComplete();
  if (form !== undefined) sayWritten(listing, session);
}

/** What the name of the file asks for, where it is the name of a picture. */
function pictureForm({ output, format, columns: names }: Options): 'svg' | 'html' | undefined {
  if (format !== undefined && /^(svg|html?)$/i.test(format)) {
    throw usageError(`--format ${format} is a picture`, `its file says so: -o FILE.${format}`);
  }
  const other = /\.(png|jpe?g|gif|webp|pdf|svgz|(?:svg|html?)\.gz)$/i.exec(output ?? '');
  if (format === undefined && other !== null) {
    throw usageError(`pictures are not drawn as .${other[1]}`, 'write -o FILE.svg or -o FILE.html');
  }
  const found = /\.(?:(svg)|(html?))$/i.exec(output ?? '');
  if (found === null || format !== undefined) return undefined;
  if (names !== undefined) {
    throw usageError('a picture has no --columns', 'leave --columns out, or name a .csv');
  }
  return found[1] === undefined ? 'html' : 'svg';
}

function drawsBars({ format, output, columns: names }: Options, { context }: Session): boolean {
  if (format !== undefined || names !== undefined) return false;
  return (output === undefined || output === '-') && context.stdout.isTTY === true;
}

async function countRecords(
  pages: AsyncIterable<readonly ServiceRecord[]>,
  counters: readonly Counter[],
): Promise<number> {
  let total = 0;
  for await (const page of pages) {
    total += page.length;
    for (const record of page) for (const counter of counters) counter.add(record);
  }
  return total;
}

const pageSize = 1000;

/** Every count, once `count` has counted and told the total. */
async function* countPages(
  counters: readonly Counter[],
  count: () => Promise<number>,
): AsyncGenerator<readonly Counted[]> {
  const total = await count();
  for (const { by, counts } of counters.map((counter) => ({
    by: counter.by,
    counts: counter.counts(),
  }))) {
    let page: Counted[] = [];
    for (const { value, count: held } of counts) {
      page.push({ by, value, count: held, share: Number((held / total).toFixed(6)) });
      if (page.length < pageSize) continue;
      yield page;
      page = [];
    }
    yield page;
  }
}

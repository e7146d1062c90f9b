import { usageError } from '../errors.ts';
import { type ColumnSet, chooseColumns, type RecordColumn } from '../records/columns.ts';
import type { FilterOptions } from '../records/filter-field.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';
import type { Row } from '../table.ts';
import { type OptionsOf, switchFlag, valueFlag } from './flag.ts';
import { jqFlag, outputFlags, recordColumnsFlag, truncateFlag } from './output-flags.ts';
import { requestFlags } from './request-flags.ts';
import { wholeNumber } from './values.ts';

/** The flags of a command that shows the first records, its filters aside. */
export function listFlags(set: ColumnSet) {
  return {
    columns: recordColumnsFlag(set),
    ...outputFlags(),
    ...jqFlag,
    truncate: truncateFlag,
    ...requestFlags,
    limit: valueFlag('-n, --limit <n>', 'show this many (default: 50)', {
      group: 'Output',
      parse: wholeNumber(1),
      stored: { yieldsTo: ['all'], inForce: () => String(defaultLimit) },
    }),
    all: switchFlag('--all', 'show every match', { group: 'Output', conflicts: ['limit'] }),
    sort: valueFlag('--sort <column>', 'order by it; -column from high to low', {
      group: 'Output',
    }),
  };
}

export type ListOptions = OptionsOf<ReturnType<typeof listFlags>>;

const defaultLimit = 50;

/** A table for people, tab-separated values for pipes. */
export async function listRecords(
  resource: Resource,
  filters: FilterOptions,
  options: ListOptions,
  session: Session,
): Promise<void> {
  const { context, log, spinner } = session;
  const [{ planOutput, writeTable }, { formatFacts }, queries, rows] = await Promise.all([
    import('../output/write.ts'),
    import('../output/formats.ts'),
    import('../query.ts'),
    import('../read/rows.ts'),
  ]);
  const plan = planOutput(options, {
    otherwise: context.stdout.isTTY === true ? 'table' : 'tsv',
    ...session.outputFacts(options.tz),
  });
  const possible = formatFacts(plan.format).columns;
  const choice = chooseColumns(resource.columns, options.columns, {
    toFile: false,
    possible,
    forPeople: plan.format === 'table',
  });
  const sorting = options.sort === undefined ? undefined : sortingBy(options.sort, choice.columns);
  const query = await queries.settleQuery(resource, filters, options, session);
  await plan.jq?.check();
  if (options.dryRun) {
    context.stdout.write(await queries.describeRequest(query, session));
    return;
  }
  const limit = options.all ? Number.POSITIVE_INFINITY : (options.limit ?? defaultLimit);
  const source = await queries.openSource(query, session, {
    trustServer: options.trustServer,
    care: options.all ? 'front' : 'once',
    enough: limit,
    columns: choice.columns,
  });
  spinner.show(() => `${source.walk.tally.unique} ${resource.many} …`);
  let cut = false;
  const first = rows.firstOf(source.records(), limit, () => {
    cut = true;
  });
  const columns = await queries.columnsByName(choice.columns, session);
  const shown = rows.rowsOf(first, columns);
  const pages = sorting === undefined ? shown : sorted(shown, sorting, rows.sortRows);
  await writeTable({ ...choice, columns, pages }, plan, context, spinner);
  for (const warning of source.warnings) log.warn(warning);
  if (!cut) return source.checkComplete();
  const line = `first ${limit}, there may be more: --all`;
  // Who chose the limit knows of it; in a script only the default one is news.
  if (options.limit === undefined && context.stdout.isTTY !== true) log.warn(line);
  else log.status(line);
}

interface Sorting {
  readonly index: number;
  readonly descending: boolean;
}

/** Where the column to sort by stands. Throws a usage error when it is not shown. */
function sortingBy(sort: string, columns: readonly RecordColumn[]): Sorting {
  const name = sort.replace(/^-/, '');
  const index = columns.findIndex((column) => column.field === name);
  if (index >= 0) return { index, descending: sort.startsWith('-') };
  throw usageError(
    `--sort ${name}: no such column is shown`,
    `shown are: ${columns.map((column) => column.field).join(', ')}`,
    'unknown-column',
  );
}

async function* sorted(
  rows: AsyncIterable<readonly Row[]>,
  { index, descending }: Sorting,
  sort: (rows: readonly Row[], index: number, descending: boolean) => readonly Row[],
): AsyncGenerator<readonly Row[]> {
  const all: Row[] = [];
  for await (const page of rows) all.push(...page);
  yield sort(all, index, descending);
}

import type { Sorting } from '../read/sort.ts';
import { type ColumnSet, chooseColumns, parseColumn } from '../records/columns.ts';
import type { FilterOptions } from '../records/filter-field.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';
import { type OptionsOf, switchFlag, valueFlag } from './flag.ts';
import { sayNothing } from './nothing-found.ts';
import { jqFlag, outputFlags, recordColumnsFlags, truncateFlag } from './output-flags.ts';
import { failOnEmptyFlag, requestFlags } from './request-flags.ts';
import { wholeNumber } from './values.ts';

/** The flags of a command that shows the first records, its filters aside. */
export function listFlags(set: ColumnSet) {
  return {
    ...recordColumnsFlags(set),
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
    sort: valueFlag('--sort <column>', 'of all that match; -column from high to low', {
      group: 'Output',
    }),
    failOnEmpty: failOnEmptyFlag,
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
  const [{ planOutput, writeTable }, { formatFacts }, queries, rows, { sortedRecords }] =
    await Promise.all([
      import('../output/write.ts'),
      import('../output/formats.ts'),
      import('../query.ts'),
      import('../read/rows.ts'),
      import('../read/sort.ts'),
    ]);
  const plan = planOutput(options, {
    otherwise: context.stdout.isTTY === true ? 'table' : 'tsv',
    ...session.outputFacts(options.tz),
  });
  const possible = formatFacts(plan.format).columns;
  const choice = chooseColumns(resource.columns, options.columns, {
    toFile: false,
    possible,
    typed: options.columnsTyped === true,
    forPeople: plan.format === 'table',
  });
  const order = options.sort === undefined ? undefined : orderBy(options.sort, resource.columns);
  const query = await queries.settleQuery(resource, filters, options, session);
  await plan.jq?.check();
  if (options.dryRun) {
    context.stdout.write(await queries.describeRequest(query, session));
    return;
  }
  const limit = options.all ? Number.POSITIVE_INFINITY : (options.limit ?? defaultLimit);
  const whole = options.all || order !== undefined;
  const source = await queries.openSource(query, session, {
    trustServer: options.trustServer,
    care: whole ? 'front' : 'once',
    enough: whole ? Number.POSITIVE_INFINITY : limit,
    columns: choice.columns,
  });
  const columns = await queries.columnsByName(choice.columns, session);
  let cut: string | undefined;
  const onCut = (all?: number) => {
    const rest = all === undefined ? ', there may be more' : ` of ${all.toLocaleString('en')}`;
    cut = `first ${limit}${rest}: --all`;
  };
  const first =
    order === undefined
      ? rows.firstOf(source.records(), limit, onCut)
      : sortedRecords(source.records(), await byName(order, session), limit, onCut);
  const conclude = () => {
    for (const warning of source.warnings) log.warn(warning);
    if (source.kept === 0) {
      // Else the failure says so.
      if (!options.failOnEmpty) sayNothing(query, session);
    }
    // Who chose the limit knows of it; in a script only the default one is news.
    else if (options.limit === undefined && context.stdout.isTTY !== true && cut) log.warn(cut);
    else if (cut) log.status(cut);
    else if (plan.file !== undefined || (plan.onTerminal && plan.format === 'table')) {
      const { one, many } = resource;
      const where = plan.file === undefined ? '' : ` in ${plan.file}`;
      log.status(`${source.kept.toLocaleString('en')} ${source.kept === 1 ? one : many}${where}`);
    }
    if (whole || cut === undefined) source.checkComplete();
    if (source.kept === 0 && options.failOnEmpty) throw queries.nothingFound(query);
  };
  // A run that fails leaves the file as it was.
  const pages = endedBy(rows.rowsOf(first, columns), () => {
    if (source.kept === 0 && options.failOnEmpty && plan.file !== undefined) conclude();
  });
  const facts = {
    tally: () => source.walk.tally,
    kept: () => source.kept,
    limit: whole ? undefined : limit,
  };
  await queries.withProgress(query, session, facts, () =>
    writeTable({ ...choice, columns, pages }, plan, context, spinner),
  );
  conclude();
}

async function* endedBy<T>(pages: AsyncIterable<T>, end: () => void): AsyncGenerator<T> {
  yield* pages;
  end();
}

/** The column to sort by, shown or not. Throws a usage error for one that is unknown. */
function orderBy(sort: string, set: ColumnSet): Sorting {
  const descending = sort.startsWith('-');
  return { column: parseColumn(set, descending ? sort.slice(1) : sort), descending };
}

async function byName({ column, descending }: Sorting, session: Session): Promise<Sorting> {
  const { columnsByName } = await import('../query.ts');
  const [named = column] = await columnsByName([column], session);
  return { column: named, descending };
}

import type { OutputOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { deliver } from '../../output/destination.ts';
import { formatFacts, loadFormat } from '../../output/formats.ts';
import { openReading } from '../../read/source.ts';
import type { RecordColumn } from '../../records/contacts/columns.ts';
import type { Row } from '../../table.ts';
import { Log } from '../../terminal/log.ts';
import { formatOptions, openDestination, planOutput } from '../output.ts';
import { describeRequest, openQuery, type Query, type QueryOptions } from './query.ts';
import { firstOf, rowsOf } from './rows.ts';
import { type ColumnChoice, chooseColumns, sortColumn, sortRows } from './table.ts';

export interface ListOptions extends QueryOptions, OutputOptions {
  readonly limit?: number;
  readonly all: boolean;
  readonly sort?: string;
  readonly truncate: boolean;
}

const defaultLimit = 50;

/** Shows the first contacts: a table for people, tab-separated values for pipes. */
export async function run(options: ListOptions, context: Context): Promise<void> {
  const log = new Log(context, options);
  const { format } = planOutput(options, 'table');
  const choice = chooseColumns(options.columns, false, formatFacts(format).columns);
  if (options.sort !== undefined) sortColumn(choice.columns, options.sort);
  const query = await openQuery(options, context, log);
  try {
    if (options.dryRun) {
      context.stdout.write(await describeRequest(query, options, context));
    } else {
      await show(query, choice, options, context, log);
    }
  } finally {
    log.hush();
    await query.close();
  }
}

async function show(
  query: Query,
  { columns, whole }: ColumnChoice,
  options: ListOptions,
  context: Context,
  log: Log,
): Promise<void> {
  const plan = planOutput(options, context.stdout.isTTY === true ? 'table' : 'tsv');
  const format = await loadFormat(plan.format);
  const reading = await openReading(query, context, {
    trustServer: options.trustServer,
    care: options.all ? 'front' : 'once',
  });
  const destination = await openDestination(plan, context);
  log.progress(() => `${reading.walk.tally.unique} contacts …`);
  const limit = options.all ? Number.POSITIVE_INFINITY : (options.limit ?? defaultLimit);
  let cut = false;
  const first = firstOf(reading.contacts, limit, () => {
    cut = true;
  });
  const rows = rowsOf(first, columns);
  const pages = options.sort === undefined ? rows : sorted(rows, columns, options.sort);
  const chunks = format({ columns, whole, pages }, formatOptions(options, context, query.zone));
  await deliver(hushing(chunks, log), plan, destination);
  reading.leftOut.warn(log);
  if (!cut) return;
  const line = `first ${limit}; more with --limit N or --all`;
  // Who chose the limit knows of it; in a script only the default one is news.
  if (options.limit === undefined && context.stdout.isTTY !== true) log.warn(line);
  else log.status(line);
}

async function* sorted(
  rows: AsyncIterable<readonly Row[]>,
  columns: readonly RecordColumn[],
  sort: string,
): AsyncGenerator<readonly Row[]> {
  const all: Row[] = [];
  for await (const page of rows) all.push(...page);
  yield sortRows(all, columns, sort);
}

/** The progress must be gone before the first line of the table is drawn. */
async function* hushing<T>(chunks: AsyncIterable<T>, log: Log): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    log.hush();
    yield chunk;
  }
}

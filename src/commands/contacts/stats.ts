import type { OutputOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { deliver, toStdout } from '../../output/destination.ts';
import { openReading } from '../../read/source.ts';
import {
  type CountedBy,
  type Counter,
  counterOf,
  parseCountedBy,
} from '../../records/contacts/group-by.ts';
import { Log } from '../../terminal/log.ts';
import { fillIn, formatOptions, planOutput } from '../output.ts';
import { type Picked, pickColumns, tableOf } from '../pick-columns.ts';
import { alone, writeTable } from '../write-table.ts';
import { describeRequest, openQuery, type Query, type QueryOptions } from './query.ts';
import { countPages, statColumns } from './stats-rows.ts';

export interface StatsOptions extends QueryOptions, OutputOptions {
  readonly by?: readonly string[];
  readonly all: boolean;
}

/** Counts the contacts by what they have in common: bars for people, a table for programs. */
export async function run(options: StatsOptions, context: Context): Promise<void> {
  const log = new Log(context, options);
  const wanted = parseCountedBy(options.by ?? ['status', 'platform']);
  const picked = pickColumns(statColumns, options);
  const query = await openQuery(options, context, log);
  try {
    if (options.dryRun) {
      context.stdout.write(await describeRequest(query, options, context));
    } else {
      await show(wanted, picked, query, options, context, log);
    }
  } finally {
    log.hush();
    await query.close();
  }
}

async function show(
  wanted: readonly CountedBy[],
  picked: Picked,
  query: Query,
  options: StatsOptions,
  context: Context,
  log: Log,
): Promise<void> {
  const counters = wanted.map((by) => counterOf(by, query.zone, query.now));
  const { trustServer } = options;
  const reading = await openReading(query, context, { trustServer, care: 'front' });
  log.progress(() => `${reading.walk.tally.unique.toLocaleString('en')} contacts …`);
  const count = () => countContacts(reading.contacts, counters);
  if (isForPeople(options, context)) {
    const names = wanted.includes('agent') ? findAgentNames(query, context) : undefined;
    const total = await count();
    log.hush();
    const { drawStats } = await import('./stats-charts.ts');
    const { look } = formatOptions(options, context, query.zone);
    const { all } = options;
    const text = await drawStats(counters, { total, all, look, agents: await names });
    await deliver(alone(text), { gzip: false }, toStdout(context.stdout, true));
  } else {
    const otherwise = context.stdout.isTTY === true ? 'table' : 'tsv';
    const plan = fillIn(planOutput(options, otherwise), options, context);
    const table = tableOf(picked, countPages(counters, count));
    await writeTable(table, { plan, options, context, log, zone: query.zone });
  }
  reading.leftOut.warn(log);
}

function isForPeople({ format, output, columns }: StatsOptions, { stdout }: Context): boolean {
  if (format !== undefined || columns !== undefined) return false;
  return (output === undefined || output === '-') && stdout.isTTY === true;
}

async function countContacts(
  pages: Awaited<ReturnType<typeof openReading>>['contacts'],
  counters: readonly Counter[],
): Promise<number> {
  let total = 0;
  for await (const page of pages) {
    total += page.length;
    for (const contact of page) for (const counter of counters) counter.add(contact);
  }
  return total;
}

/** Asked for while the contacts are counted; without an answer the ids must do. */
async function findAgentNames(
  query: Query,
  { signal }: Context,
): Promise<ReadonlyMap<string, string>> {
  const { listAgents } = await import('../../api/directory.ts');
  const { client } = await query.connection();
  const agents = await listAgents(client, signal).catch(() => []);
  return new Map(agents.flatMap(({ id, name }) => (name ? [[id, name] as const] : [])));
}

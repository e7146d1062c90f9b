import type { GlobalOptions, OutputOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { drawCard } from '../../output/card.ts';
import { deliver, toStdout } from '../../output/destination.ts';
import { loneJson } from '../../output/formats/lone-json.ts';
import {
  attributeColumns,
  attributeKeys,
  type RecordColumn,
} from '../../records/contacts/columns.ts';
import {
  chosenSection,
  type NamesById,
  namedIdsOf,
  sectionsOf,
} from '../../records/contacts/detail-sections.ts';
import { isId } from '../../records/contacts/filters.ts';
import type { ServiceRecord } from '../../records/record.ts';
import type { Log } from '../../terminal/log.ts';
import { formatOptions, type OutputPlan } from '../output.ts';
import { alone, writeTable } from '../write-table.ts';
import type { Query } from './query.ts';
import { rowsOf } from './rows.ts';
import type { ColumnChoice } from './table.ts';

interface Showing {
  readonly plan: OutputPlan;
  readonly query: Query;
  readonly options: GlobalOptions & OutputOptions;
  readonly context: Context;
  readonly log: Log;
}

/** One contact laid out for reading, or in the format that was asked for. */
export async function showContact(
  contact: ServiceRecord,
  choice: ColumnChoice,
  { plan, query, options, context, log }: Showing,
): Promise<void> {
  const columns = columnsFor(contact, choice);
  const { zone } = query;
  const isWatched = context.stdout.isTTY === true;
  if (options.format !== undefined || plan.file !== undefined) {
    const pages = rowsOf(alone([contact]), columns);
    const table = { columns, whole: options.columns === undefined, pages };
    const json = loneJson(plan.file === undefined && isWatched);
    const format = plan.format === 'json' ? { format: json } : {};
    return writeTable(table, { plan, options, context, log, zone, ...format });
  }
  const sections =
    options.columns === undefined
      ? sectionsOf(contact, await findNames(contact, query, context))
      : [chosenSection(contact, columns)];
  const { look } = formatOptions({ ...options, truncate: isWatched }, context, zone);
  const card = await drawCard(sections, { look, forPeople: isWatched });
  await deliver(alone(card), plan, toStdout(context.stdout, true));
}

function columnsFor(
  contact: ServiceRecord,
  { columns, attributes }: ColumnChoice,
): readonly RecordColumn[] {
  if (!attributes) return columns;
  const names = new Set(columns.map(({ name }) => name));
  const all = attributeColumns(attributeKeys(contact));
  return [...columns, ...all.filter(({ name }) => !names.has(name))];
}

/** What the contact's segments and agent are called; without an answer their ids must do. */
async function findNames(
  contact: ServiceRecord,
  query: Query,
  context: Context,
): Promise<NamesById> {
  if (!namedIdsOf(contact).some(isId)) return new Map();
  const { listAgents, listSegments } = await import('../../api/directory.ts');
  const { client } = await query.connection();
  const lists = await Promise.all(
    [listSegments, listAgents].map((list) => list(client, context.signal).catch(() => [])),
  );
  return new Map(lists.flat().flatMap(({ id, name }) => (name ? [[id, name] as const] : [])));
}

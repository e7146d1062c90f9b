import { attributeColumns, attributeKeys, type ContactColumn } from '../../contacts/columns.ts';
import type { Contact } from '../../contacts/contact.ts';
import { isId } from '../../contacts/filter.ts';
import { chosenSection, type NamesById, namedIdsOf, sectionsOf } from '../../contacts/sections.ts';
import type { Context } from '../../context.ts';
import { drawCard } from '../../output/card.ts';
import { deliver, toStdout } from '../../output/destination.ts';
import { loneJson } from '../../output/formats/lone-json.ts';
import type { Voice } from '../../terminal/voice.ts';
import type { GlobalOptions, OutputOptions } from '../flags.ts';
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
  readonly voice: Voice;
}

/** One contact laid out for reading, or in the format that was asked for. */
export async function showContact(
  contact: Contact,
  choice: ColumnChoice,
  { plan, query, options, context, voice }: Showing,
): Promise<void> {
  const columns = columnsFor(contact, choice);
  const { zone } = query;
  const isWatched = context.stdout.isTTY === true;
  if (options.format !== undefined || plan.file !== undefined) {
    const pages = rowsOf(alone([contact]), columns);
    const table = { columns, whole: options.columns === undefined, pages };
    const json = loneJson(plan.file === undefined && isWatched);
    const format = plan.format === 'json' ? { format: json } : {};
    return writeTable(table, { plan, options, context, voice, zone, ...format });
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
  contact: Contact,
  { columns, attributes }: ColumnChoice,
): readonly ContactColumn[] {
  if (!attributes) return columns;
  const names = new Set(columns.map(({ name }) => name));
  const all = attributeColumns(attributeKeys(contact));
  return [...columns, ...all.filter(({ name }) => !names.has(name))];
}

/** What the contact's segments and agent are called; without an answer their ids must do. */
async function findNames(contact: Contact, query: Query, context: Context): Promise<NamesById> {
  if (!namedIdsOf(contact).some(isId)) return new Map();
  const { listAgents, listSegments } = await import('../../api/names.ts');
  const { client } = await query.connection();
  const lists = await Promise.all(
    [listSegments, listAgents].map((list) => list(client, context.signal).catch(() => [])),
  );
  return new Map(lists.flat().flatMap(({ id, name }) => (name ? [[id, name] as const] : [])));
}

import { sayWritten } from '../../cli/listing.ts';
import { type ExplainedError, usageError } from '../../errors.ts';
import { drawCard } from '../../output/card.ts';
import { loneJson } from '../../output/formats/lone-json.ts';
import { table } from '../../output/formats/table.ts';
import { formatFacts } from '../../output/formats.ts';
import { toStdout } from '../../output/stdout.ts';
import { type HeldTarget, type OutputPlan, writeChunks, writeTable } from '../../output/write.ts';
import { columnsByName } from '../../query.ts';
import { rowsOf } from '../../read/rows.ts';
import {
  attributeColumns,
  type ColumnChoice,
  type NamesById,
  parseColumns,
  type RecordColumn,
} from '../../records/columns.ts';
import { contactColumns } from '../../records/contacts/columns.ts';
import {
  chosenSection,
  directoriesOf,
  sectionsOf,
} from '../../records/contacts/detail-sections.ts';
import { attributesOf } from '../../records/contacts/parts.ts';
import type { ServiceRecord } from '../../records/record.ts';
import type { Session } from '../../session.ts';
import { capabilitiesOf } from '../../terminal/capabilities.ts';

export interface DetailPlan {
  readonly choice: ColumnChoice;
  /** Whether the user chose the columns. */
  readonly chosen: boolean;
  readonly plan: OutputPlan;
  /** Whether the user named a format. */
  readonly formatted: boolean;
  /** The file's place, where it goes to a file. */
  readonly held: HeldTarget | undefined;
}

/** One contact laid out for reading, or in the format that was asked for. */
export async function showDetails(
  contact: ServiceRecord,
  { choice, chosen, plan, formatted, held }: DetailPlan,
  session: Session,
): Promise<void> {
  const { context, spinner, options } = session;
  const columns = columnsFor(contact, choice);
  const forPeople = context.stdout.isTTY === true;
  if (formatted || plan.file !== undefined) {
    const isRecord = !chosen && formatFacts(plan.format).isJson === true;
    const named = isRecord ? columns : await columnsByName(columns, session);
    const pages = rowsOf(onePage([contact]), named);
    const format = plan.format === 'json' ? loneJson : undefined;
    const table = { columns: named, whole: !chosen, pages };
    await writeTable(table, plan, context, spinner, format, held);
    sayWritten({ plan }, session);
    return;
  }
  const sections = chosen
    ? [chosenSection(contact, await columnsByName(columns, session))]
    : sectionsOf(contact, await findNames(contact, session));
  const terminal = capabilitiesOf(context.stdout, context.env, {
    color: options.color,
    truncate: forPeople,
  });
  const card = await drawCard(sections, { terminal, timeZone: plan.options.timeZone, forPeople });
  const stdout = toStdout(context.stdout, true, context.signal);
  await writeChunks(onePage(card), plan, stdout);
  await stdout.commit();
}

function columnsFor(
  contact: ServiceRecord,
  { columns, attributes }: ColumnChoice,
): readonly RecordColumn[] {
  if (!attributes) return columns;
  const keys = attributesOf(contact).keys();
  return [...columns, ...attributeColumns(contactColumns, keys, columns)];
}

/** What the contact's segments and agent are called; without an answer their ids must do. */
async function findNames(contact: ServiceRecord, session: Session): Promise<NamesById> {
  const names = await session.names.byId(directoriesOf(contact));
  return new Map([...names.values()].flatMap((byId) => [...byId]));
}

const listed = parseColumns(contactColumns, 'id name phone email status created_at'.split(' '));
const mostInHint = 5;

/**
 * Lists the contacts to choose from to whoever sits at the terminal, and returns the error that
 * says so. What goes to a log, or into cron's mail, names nobody.
 */
export async function listAmbiguous(
  found: readonly ServiceRecord[],
  words: string,
  plan: OutputPlan,
  { context, options }: Session,
): Promise<ExplainedError> {
  const ids = found.map((contact) => String(listed[0]?.read(contact)));
  const message = `${found.length} contacts have ${words}`;
  const { stderr, env } = context;
  // One JSON object is all that a reader of --errors json expects.
  if (options.errors === 'json' || stderr.isTTY !== true) {
    const more = ids.length > mostInHint ? ', …' : '';
    const some = ids.slice(0, mostInHint).join(', ');
    return usageError(message, `use the id of one: ${some}${more}`, 'several-matches');
  }
  const terminal = capabilitiesOf(stderr, env, { color: options.color, truncate: true });
  const pages = rowsOf(onePage(found), listed);
  const chunks = table({ columns: listed, whole: false, pages }, { ...plan.options, terminal });
  for await (const text of chunks) stderr.write(text);
  return usageError(message, 'use the id of one, from the list above', 'several-matches');
}

async function* onePage<T>(page: T): AsyncGenerator<T> {
  yield page;
}

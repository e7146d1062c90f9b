import { nothingMatched } from '../commands/contacts/empty.ts';
import type { ExportOptions } from '../commands/contacts/export.ts';
import type { Query } from '../commands/contacts/query.ts';
import { rowsOf } from '../commands/contacts/rows.ts';
import type { ColumnChoice } from '../commands/contacts/table.ts';
import { formatOptions, type OutputPlan } from '../commands/output.ts';
import type { Context } from '../context.ts';
import { ExplainedError, exitCodes } from '../errors.ts';
import { type Destination, deliver } from '../output/destination.ts';
import { loadFormat } from '../output/formats.ts';
import { withProgress } from '../read/progress.ts';
import { openReading, type Reading, type ReadingOptions } from '../read/source.ts';
import { attributeColumns, attributeKeys, type RecordColumn } from '../records/contacts/columns.ts';
import { instantOf } from '../records/dates.ts';
import { at, type ServiceRecord } from '../records/record.ts';
import type { Job } from '../state/job.ts';
import type { Row } from '../table.ts';
import type { Log } from '../terminal/log.ts';

/** What an export is made of, settled before the first request. */
export interface ExportParts {
  readonly options: ExportOptions;
  readonly context: Context;
  readonly log: Log;
  readonly plan: OutputPlan;
  readonly choice: ColumnChoice;
  readonly job: Job | undefined;
}

export interface ExportRun {
  readonly query: Query;
  readonly destination: Destination;
  /** The page log, where there is one. */
  readonly remember?: ReadingOptions['remember'];
  /** True when rows follow those that are in the file already. */
  readonly continues?: boolean;
  /** Called when all is written, before it counts. */
  readonly beforeCommit?: (began: Date) => Promise<void>;
}

/** How an export went. */
export interface Outcome {
  readonly reading: Reading;
  readonly columns: readonly RecordColumn[];
  readonly rows: number;
  /** When the run began, by the service's clock. */
  readonly began: Date;
  /** Whether there is a result: not so when it was empty, and --skip-empty given. */
  readonly written: boolean;
}

/** Reads every match and writes it; exit 8 is left to the caller, since the file is good. */
export async function writeContacts(parts: ExportParts, run: ExportRun): Promise<Outcome> {
  const { options, context, log, plan, choice, job } = parts;
  const { query, destination, remember, continues = false } = run;
  const format = await loadFormat(plan.format);
  const { client } = await query.connection();
  const began = () => serviceTime(query.now, client.skewMs);
  const open = () =>
    openReading(query, context, {
      trustServer: options.trustServer,
      care: options.verify ? 'verify' : 'front',
      existedBefore: (contact) => !(createdAt(contact) > began().getTime()),
      ...(remember && { remember }),
    });
  const newOnly = (contacts: AsyncIterable<readonly ServiceRecord[]>) =>
    job === undefined ? contacts : job.newOf(contacts, began);
  let reading = await open();
  const columns = [...choice.columns];
  let rows = 0;
  let written = true;
  await withProgress(
    query,
    context,
    log,
    () => reading.walk.tally,
    async () => {
      if (choice.attributes) {
        columns.push(...(await findAttributes(newOnly(reading.contacts), columns)));
        // The pages are in the log now: the second reading asks the service for nothing.
        reading = await open();
      }
      const pages = counting(rowsOf(newOnly(reading.contacts), columns), (count) => {
        rows += count;
      });
      const look = { ...formatOptions(options, context, query.zone), continues };
      const chunks = format({ columns, whole: choice.whole, pages }, look);
      await deliver(chunks, plan, destination, async () => {
        if (rows === 0 && options.failOnEmpty) throw nothingMatched();
        written = rows > 0 || !options.skipEmpty;
        if (written) await run.beforeCommit?.(began());
        return written;
      });
    },
  );
  reading.leftOut.warn(log);
  if (job !== undefined) {
    const since = job.lastRun === undefined ? 'the beginning' : job.lastRun.toISOString();
    log.info(`${rows} new since ${since}`);
    if (reading.walk.tally.stable !== false) await job.commit(began());
  }
  return { reading, columns, rows, began: began(), written };
}

/** Exit 8 when contacts kept turning up until the last walk. */
export function checkStable({ walk }: Reading): void {
  if (walk.tally.stable !== false) return;
  throw new ExplainedError({
    exit: exitCodes.incomplete,
    code: 'unstable',
    message: `after ${walk.tally.walks} walks contacts that were missed still turn up: some may be missing`,
    hint: 'what was found is written; run it again when the account changes less',
  });
}

/** Our clock, corrected where the service's differs by more than its Date header's precision. */
function serviceTime(ours: Date, skewMs: number): Date {
  return Math.abs(skewMs) > 2000 ? new Date(ours.getTime() + skewMs) : ours;
}

function createdAt({ record }: ServiceRecord): number {
  return instantOf(at(record, 'createdAt'));
}

async function findAttributes(
  contacts: AsyncIterable<readonly ServiceRecord[]>,
  chosen: readonly RecordColumn[],
): Promise<readonly RecordColumn[]> {
  const keys = new Set<string>();
  for await (const page of contacts) {
    for (const contact of page) for (const key of attributeKeys(contact)) keys.add(key);
  }
  const names = new Set(chosen.map(({ name }) => name));
  return attributeColumns(keys).filter(({ name }) => !names.has(name));
}

async function* counting(
  pages: AsyncIterable<readonly Row[]>,
  add: (count: number) => void,
): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) {
    add(page.length);
    yield page;
  }
}

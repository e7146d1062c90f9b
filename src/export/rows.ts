import { chunksOf, writeChunks } from '../output/write.ts';
import { columnsByName, openSource, type Query, serviceTime, withProgress } from '../query.ts';
import type { PageLog } from '../read/page-log.ts';
import { firstOf, rowsOf } from '../read/rows.ts';
import type { Source } from '../read/source.ts';
import { attributeColumns, type ColumnChoice, type RecordColumn } from '../records/columns.ts';
import type { ServiceRecord } from '../records/record.ts';
import type { Session } from '../session.ts';
import type { Job } from '../state/job.ts';
import type { ExportPlan } from './plan.ts';

export interface RowsDestination {
  write(chunk: string | Uint8Array): Promise<void>;
}

/** How the reading and writing went. */
export interface Outcome {
  readonly source: Source;
  readonly columns: readonly RecordColumn[];
  readonly rows: number;
  /** Whether --limit left anything behind. */
  readonly cut: boolean;
  /** When the run began, by the service's clock. */
  readonly began: Date;
  /** Whose records these are; undefined where they don't say, or are of several. */
  readonly customer: string | undefined;
}

interface Parts {
  readonly plan: ExportPlan;
  readonly query: Query;
  readonly job: Job | undefined;
  readonly log: PageLog | undefined;
  /** The rows follow others that are in the file already. */
  readonly continues: boolean;
}

/** Reads every match and writes it as rows; what is written does not count yet. */
export async function writeRows(
  { plan, query, job, log, continues }: Parts,
  destination: RowsDestination,
  session: Session,
): Promise<Outcome> {
  const { options, output, choice } = plan;
  const { resource } = query;
  const { client } = await session.connect(resource.credential);
  const began = () => serviceTime(query.now, client.skewMs);
  let earlier = 0;
  const open = () => {
    earlier = log?.records ?? 0;
    return openSource(query, session, {
      trustServer: options.trustServer,
      care: options.limit !== undefined ? 'once' : options.verify ? 'verify' : 'front',
      began: () => began().getTime(),
      ...(options.limit !== undefined && { enough: options.limit }),
      log,
      columns: choice.columns,
    });
  };
  const createdAt = ({ record }: ServiceRecord) => resource.createdAt(record);
  const isNew = (record: ServiceRecord) =>
    job === undefined || job.isNew(record.key, createdAt(record), began().getTime());
  let source = await open();
  let rows = 0;
  let cut = false;
  const customers = new Set<string | undefined>();
  const columns = [...(await columnsByName(choice.columns, session))];
  const wanted = () =>
    firstOf(only(source.records(), isNew), options.limit ?? Number.POSITIVE_INFINITY, () => {
      cut = true;
    });
  const write = async () => {
    if (choice.attributes) {
      columns.push(...(await attributesIn(wanted(), query, choice)));
      // All answers are in the log now: who comes from here on has no column for what is new in them.
      log?.replay();
      source = await open();
    }
    const counted = noted(wanted(), (record) => {
      rows += 1;
      customers.add(resource.customer?.(record.record));
      job?.add(record.key, createdAt(record), began().getTime());
    });
    const table = { columns, whole: choice.whole, pages: rowsOf(counted, columns) };
    const chunks = await chunksOf(table, output, session.spinner, undefined, continues);
    await writeChunks(chunks, output, destination);
  };
  const { limit } = options;
  const facts = {
    tally: () => source.walk.tally,
    kept: () => source.kept,
    earlier: () => earlier,
    limit,
  };
  await withProgress(query, session, facts, write);
  for (const warning of source.warnings) session.log.warn(warning);
  const [customer] = customers.size === 1 ? customers : [];
  return { source, columns, rows, cut, began: began(), customer };
}

async function attributesIn(
  pages: AsyncIterable<readonly ServiceRecord[]>,
  { resource }: Query,
  { columns }: ColumnChoice,
): Promise<readonly RecordColumn[]> {
  const keys = new Set<string>();
  for await (const page of pages) {
    for (const record of page) {
      for (const key of resource.columns.attributes?.(record).keys() ?? []) keys.add(key);
    }
  }
  return attributeColumns(resource.columns, keys, columns);
}

async function* only(
  pages: AsyncIterable<readonly ServiceRecord[]>,
  test: (record: ServiceRecord) => boolean,
): AsyncGenerator<readonly ServiceRecord[]> {
  for await (const page of pages) yield page.filter(test);
}

async function* noted(
  pages: AsyncIterable<readonly ServiceRecord[]>,
  note: (record: ServiceRecord) => void,
): AsyncGenerator<readonly ServiceRecord[]> {
  for await (const page of pages) {
    for (const record of page) note(record);
    yield page;
  }
}

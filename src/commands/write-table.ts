import type { GlobalOptions, OutputOptions } from '../cli/flags.ts';
import type { Context } from '../context.ts';
import { deliver } from '../output/destination.ts';
import type { Format } from '../output/format.ts';
import { loadFormat } from '../output/formats.ts';
import type { Table } from '../table.ts';
import type { Log } from '../terminal/log.ts';
import { formatOptions, type OutputPlan, openDestination } from './output.ts';

export interface Writing {
  readonly plan: OutputPlan;
  readonly options: GlobalOptions & OutputOptions & { readonly truncate?: boolean };
  readonly context: Context;
  readonly log: Log;
  /** The zone of times shown to people. */
  readonly zone: () => string;
  /** In place of the plan's own. */
  readonly format?: Format;
}

/** Writes a table where the plan says. The target is checked before the first row is pulled. */
export async function writeTable(table: Table, writing: Writing): Promise<void> {
  const { plan, options, context, log, zone } = writing;
  const format = writing.format ?? (await loadFormat(plan.format));
  const destination = await openDestination(plan, context);
  const chunks = format(table, formatOptions(options, context, zone));
  await deliver(hushing(chunks, log), plan, destination);
}

/** The progress must be gone before the first line is drawn. */
async function* hushing<T>(chunks: AsyncIterable<T>, log: Log): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    log.hush();
    yield chunk;
  }
}

/** The only page, or the only chunk, that there is. */
export async function* alone<T>(item: T): AsyncGenerator<T> {
  yield item;
}

import type { Context } from '../context.ts';
import { deliver } from '../output/destination.ts';
import type { Format } from '../output/format.ts';
import { loadFormat } from '../output/formats.ts';
import type { Table } from '../table.ts';
import type { Voice } from '../terminal/voice.ts';
import type { GlobalOptions, OutputOptions } from './flags.ts';
import { formatOptions, type OutputPlan, openDestination } from './output.ts';

export interface Writing {
  readonly plan: OutputPlan;
  readonly options: GlobalOptions & OutputOptions & { readonly truncate?: boolean };
  readonly context: Context;
  readonly voice: Voice;
  /** The zone of times shown to people. */
  readonly zone: () => string;
  /** In place of the plan's own. */
  readonly format?: Format;
}

/** Writes a table where the plan says. The target is checked before the first row is pulled. */
export async function writeTable(table: Table, writing: Writing): Promise<void> {
  const { plan, options, context, voice, zone } = writing;
  const format = writing.format ?? (await loadFormat(plan.format));
  const destination = await openDestination(plan, context);
  const chunks = format(table, formatOptions(options, context, zone));
  await deliver(hushing(chunks, voice), plan, destination);
}

/** The progress must be gone before the first line is drawn. */
async function* hushing<T>(chunks: AsyncIterable<T>, voice: Voice): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    voice.hush();
    yield chunk;
  }
}

/** The only page, or the only chunk, that there is. */
export async function* alone<T>(item: T): AsyncGenerator<T> {
  yield item;
}

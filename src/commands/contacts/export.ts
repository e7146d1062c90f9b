import type { Context } from '../../context.ts';
import { deliver } from '../../output/destination.ts';
import { loadFormat } from '../../output/formats.ts';
import { Voice } from '../../terminal/voice.ts';
import type { OutputOptions } from '../flags.ts';
import { formatOptions, openDestination, planOutput } from '../output.ts';
import { describeRequest, openQuery, type Query, type QueryOptions } from './query.ts';
import { openReading } from './reading.ts';
import { rowsOf } from './rows.ts';
import { type ColumnChoice, chooseColumns } from './table.ts';

export interface ExportOptions extends QueryOptions, OutputOptions {}

/** Writes every match, whole or not at all. */
export async function run(options: ExportOptions, context: Context): Promise<void> {
  const voice = new Voice(context, options);
  const plan = planOutput(options, 'csv');
  const choice = chooseColumns(options.columns, plan.file !== undefined);
  const query = await openQuery(options, context, voice);
  try {
    if (options.dryRun) {
      context.stdout.write(await describeRequest(query, options, context));
    } else {
      await write(query, choice, options, context, voice);
    }
  } finally {
    voice.hush();
    await query.close();
  }
}

async function write(
  query: Query,
  { columns, whole }: ColumnChoice,
  options: ExportOptions,
  context: Context,
  voice: Voice,
): Promise<void> {
  const plan = planOutput(options, 'csv');
  const format = await loadFormat(plan.format);
  const destination = await openDestination(plan, context);
  const reading = await openReading(query, context, {
    trustServer: options.trustServer,
    care: 'front',
  });
  voice.progress(() => `${reading.walk.tally.unique} contacts …`);
  const pages = rowsOf(reading.contacts, columns);
  const chunks = format({ columns, whole, pages }, formatOptions(options, context, query.zone));
  await deliver(chunks, plan, destination);
  voice.hush();
  reading.leftOut.warn(voice);
}

import type { OutputOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { usageError } from '../../errors.ts';
import { exportToFile } from '../../export/export-file.ts';
import { checkStable, type ExportParts, writeContacts } from '../../export/export-run.ts';
import { withLock } from '../../files/lock.ts';
import { formatFacts } from '../../output/formats.ts';
import { filterFlagsOf } from '../../records/contacts/filters.ts';
import { whoseContacts } from '../../session.ts';
import { Job, jobFile, jobNameFor } from '../../state/job.ts';
import { Log } from '../../terminal/log.ts';
import { fillIn, type OutputPlan, openStdout, planOutput } from '../output.ts';
import { describeRequest, openQuery, type QueryOptions } from './query.ts';
import { chooseColumns } from './table.ts';

export interface ExportOptions extends QueryOptions, OutputOptions {
  readonly verify: boolean;
  readonly resume: boolean;
  /** True when no job is named. */
  readonly sinceLast?: string | true;
  readonly append: boolean;
  readonly manifest: boolean;
  readonly skipEmpty: boolean;
  readonly failOnEmpty: boolean;
}

/** Writes every match, whole or not at all. */
export async function run(options: ExportOptions, context: Context): Promise<void> {
  const log = new Log(context, options);
  const plan = fillIn(planOutput(options, 'csv'), options, context);
  checkTogether(options, plan);
  const possible = formatFacts(plan.format).columns;
  const choice = chooseColumns(options.columns, plan.file !== undefined, possible);
  if (options.dryRun) {
    const query = await openQuery(options, context, log);
    context.stdout.write(await describeRequest(query, options, context));
    return;
  }
  try {
    await withJob(options, context, async (job) => {
      const parts: ExportParts = { options, context, log, plan, choice, job };
      if (plan.file !== undefined) return exportToFile(parts, plan.file);
      const query = await openQuery(options, context, log, { createdFrom: job?.from });
      try {
        const { reading } = await writeContacts(parts, {
          query,
          destination: openStdout(plan, context),
        });
        checkStable(reading);
      } finally {
        await query.close();
      }
    });
  } finally {
    log.hush();
  }
}

/** Flags that need a file, or a format that can grow. */
function checkTogether(options: ExportOptions, { file, format }: OutputPlan): void {
  for (const flag of ['resume', 'append', 'manifest'] as const) {
    if (options[flag] && file === undefined) {
      throw usageError(`--${flag} needs a file`, `add -o FILE, or leave --${flag} out`);
    }
  }
  if (options.append && !formatFacts(format).canAppend) {
    throw usageError(`${format} files can't be added to`, '--append is for csv, tsv and ndjson');
  }
  if (format === 'table') {
    throw usageError(
      'a table is for looking at, not for exporting',
      'use csv, or: reekolect contacts list',
    );
  }
}

/** Runs `work` with the job of --since-last locked; with none when the flag is absent. */
async function withJob(
  options: ExportOptions,
  context: Context,
  work: (job: Job | undefined) => Promise<void>,
): Promise<void> {
  const { sinceLast } = options;
  if (sinceLast === undefined) return work(undefined);
  const { host, profile } = whoseContacts(options, context);
  const filters = filterFlagsOf(options);
  const name = sinceLast === true ? jobNameFor({ host, profile, filters }) : sinceLast;
  const path = await jobFile(context.env, name);
  await withLock(`${path}.lock`, `the job ${name}`, async () => {
    await work(await Job.open(path, name, host, profile));
  });
}

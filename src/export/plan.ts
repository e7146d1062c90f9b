import { usageError } from '../errors.ts';
import { formatFacts } from '../output/formats.ts';
import { type OutputOptions, type OutputPlan, planOutput } from '../output/write.ts';
import { type Query, settleQuery } from '../query.ts';
import { type LogHead, PageLog } from '../read/page-log.ts';
import { type ColumnChoice, chooseColumns } from '../records/columns.ts';
import type { FilterOptions } from '../records/filter-field.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';
import { jobNameFor } from '../state/job.ts';

/** What the flags of an export say. */
export interface ExportOptions extends OutputOptions {
  readonly columns: readonly string[] | undefined;
  readonly columnsTyped: true | undefined;
  readonly tz: string | undefined;
  readonly trustServer: boolean;
  readonly dryRun: boolean;
  readonly verify: boolean;
  readonly resume: boolean;
  /** True when no job is named. */
  readonly sinceLast: string | true | undefined;
  readonly append: boolean;
  readonly manifest: boolean;
  readonly skipEmpty: boolean;
  readonly failOnEmpty: boolean;
  readonly limit: number | undefined;
}

/** An export settled: every mistake in it has surfaced, and nothing was asked or touched. */
export interface ExportPlan {
  readonly options: ExportOptions;
  readonly output: OutputPlan;
  readonly choice: ColumnChoice;
  readonly query: Query;
  /** The name of the job of --since-last. */
  readonly job: string | undefined;
  /** The log of an earlier run that --resume goes on with, if it is about the same. */
  readonly earlier: LogHead | undefined;
}

/** Throws a usage error for flags that make no sense, alone or together. */
export async function planExport(
  resource: Resource,
  filters: FilterOptions,
  options: ExportOptions,
  session: Session,
): Promise<ExportPlan> {
  const output = planOutput(options, {
    otherwise: 'csv',
    ...session.outputFacts(options.tz),
  });
  checkTogether(resource, options, output);
  const choice = chooseColumns(resource.columns, options.columns, {
    toFile: output.file !== undefined,
    possible: formatFacts(output.format).columns,
    typed: options.columnsTyped === true,
  });
  await output.jq?.check();
  const earlier = await earlierLog(options, output);
  // Relative dates of a run that goes on count from when it began.
  const now = earlier === undefined ? session.context.now() : new Date(earlier.started);
  const query = await settleQuery(resource, filters, options, session, now);
  const { sinceLast } = options;
  const { profile, host } = session;
  const topic = { host, profile, filters: query.typed };
  const job = sinceLast === true ? jobNameFor(topic) : sinceLast;
  return { options, output, choice, query, job, earlier };
}

async function earlierLog({ resume, dryRun }: ExportOptions, { file }: OutputPlan) {
  if (!resume || dryRun || file === undefined) return undefined;
  const { checkTarget } = await import('../files/target.ts');
  return PageLog.peek(logPath((await checkTarget(file)).path));
}

export function logPath(target: string): string {
  return `${target}.part`;
}

/** Flags that need a file, a format that can grow, or that are at odds with each other. */
function checkTogether(
  { many }: Resource,
  options: ExportOptions,
  { file, format }: OutputPlan,
): void {
  for (const flag of ['resume', 'append', 'manifest'] as const) {
    if (options[flag] && file === undefined) {
      throw usageError(`--${flag} needs a file`, `add -o FILE, or leave --${flag} out`);
    }
  }
  for (const flag of ['append', 'manifest'] as const) {
    if (!options[flag] || options.jq === undefined) continue;
    throw usageError(
      `--${flag} is about columns, and --jq leaves none`,
      `leave one of them out, or pipe the export into jq itself`,
    );
  }
  if (options.append && !formatFacts(format).canAppend) {
    throw usageError(`${format} files can't be added to`, '--append is for csv, tsv and ndjson');
  }
  if (options.limit !== undefined) {
    for (const flag of ['sinceLast', 'verify'] as const) {
      if (options[flag] === undefined || options[flag] === false) continue;
      const name = flag === 'verify' ? '--verify' : '--since-last';
      throw usageError(
        `--limit and ${name} contradict each other`,
        `a cut export can't be complete: leave one of them out`,
      );
    }
  }
  if (format === 'table') {
    throw usageError(
      'a table is for looking at, not for exporting',
      `use csv, or: reekolect ${many} list`,
    );
  }
}

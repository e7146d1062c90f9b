import type { ColumnSet } from '../records/columns.ts';
import type { FilterOptions } from '../records/filter-field.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';
import { type OptionsOf, switchFlag, valueFlag } from './flag.ts';
import { jqFlag, outputFlags, recordColumnsFlags } from './output-flags.ts';
import { failOnEmptyFlag, requestFlags } from './request-flags.ts';
import { wholeNumber } from './values.ts';

const group = 'Reliable exports';

/** The flags of a command that writes every match, its filters aside. */
export function exportFlags(set: ColumnSet) {
  return {
    ...recordColumnsFlags(set, { exports: true }),
    ...outputFlags({ exports: true }),
    ...jqFlag,
    ...requestFlags,
    limit: valueFlag('-n, --limit <n>', 'the first that match, and no more', {
      group: 'Output',
      parse: wholeNumber(1),
    }),
    verify: switchFlag('--verify', 'walk again until nothing is missing', { group }),
    resume: switchFlag('--resume', 'go on where a run was cut short', { group }),
    sinceLast: valueFlag<string | true>(
      '--since-last [job]',
      'only those created since the last run that went well',
      { group },
    ),
    append: switchFlag('--append', 'add to the file; its columns must match', { group }),
    manifest: switchFlag('--manifest', 'write FILE.manifest.json: counts, sha256', { group }),
    skipEmpty: switchFlag('--skip-empty', 'write no file when nothing matches', { group }),
    failOnEmpty: failOnEmptyFlag,
  };
}

/** Writes every match. */
export async function exportRecords(
  resource: Resource,
  filters: FilterOptions,
  options: OptionsOf<ReturnType<typeof exportFlags>>,
  session: Session,
): Promise<void> {
  const [{ planExport }, { describeRequest }, { runExport }] = await Promise.all([
    import('../export/plan.ts'),
    import('../query.ts'),
    import('../export/run.ts'),
  ]);
  const plan = await planExport(resource, filters, options, session);
  if (options.dryRun) session.context.stdout.write(await describeRequest(plan.query, session));
  else await runExport(plan, session);
}

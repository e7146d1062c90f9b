import { filterFlags, filtersOf } from '../../cli/filter-flags.ts';
import { switchFlag, valueFlag } from '../../cli/flag.ts';
import { jqFlag, outputFlags, recordColumnsFlag } from '../../cli/output-flags.ts';
import { requestFlags } from '../../cli/request-flags.ts';
import { wholeNumber } from '../../cli/values.ts';
import { verb } from '../../cli/verb.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import { contacts } from '../../records/contacts/resource.ts';

const group = 'Reliable exports';

const flags = {
  ...filterFlags(contactFilters),
  columns: recordColumnsFlag(contacts.columns, { exports: true }),
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
  failOnEmpty: switchFlag('--fail-on-empty', 'exit 9 when nothing matches', { group }),
};

export const exportVerb = verb({
  name: 'export',
  summary: 'write every contact that matches',
  flags,
  common: ['output', 'columns', 'tag', 'status', 'createdAfter', 'sinceLast', 'resume', 'verify'],
  examples: [
    'reekolect contacts export --tag vip -o vip.csv',
    'reekolect contacts export --columns all --manifest -o "contacts-{date}.xlsx"',
    'reekolect contacts export --since-last leads --append -o leads.csv',
    "reekolect contacts export --format json --jq 'map(.status) | unique'",
  ],
  async run(options, session) {
    const [{ planExport }, { describeRequest }, { runExport }] = await Promise.all([
      import('../../export/plan.ts'),
      import('../../query.ts'),
      import('../../export/run.ts'),
    ]);
    const filters = await filtersOf(contacts.filters, options, session);
    const plan = await planExport(contacts, filters, options, session);
    if (options.dryRun) session.context.stdout.write(await describeRequest(plan.query, session));
    else await runExport(plan, session);
  },
});

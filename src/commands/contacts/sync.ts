import { filterFlags, filtersOf } from '../../cli/filter-flags.ts';
import { switchFlag, valueFlag } from '../../cli/flag.ts';
import { requestFlags } from '../../cli/request-flags.ts';
import { verb } from '../../cli/verb.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import { contacts } from '../../records/contacts/resource.ts';

const flags = {
  ...filterFlags(contactFilters),
  ...requestFlags,
  quick: switchFlag('--quick', 'ask only for who came or was seen since the last run'),
  fullEvery: valueFlag(
    '--full-every <age>',
    'with --quick: a full run when the last is older (default: 1d)',
  ),
  maxDeletions: valueFlag(
    '--max-deletions <n>',
    'mark none as deleted where more are missing: 50, 20% (default: 10%, at least 5)',
  ),
  delete: switchFlag('--no-delete', 'mark nobody as deleted'),
  history: switchFlag(
    '--history',
    'keep what changed in contact_changes: when, and what was before',
  ),
  purge: valueFlag(
    '--purge <age>',
    'erase what was marked as deleted longer ago, history included',
  ),
  schema: valueFlag('--schema <name>', 'of PostgreSQL (default: reekolect)'),
  resume: switchFlag('--resume', 'go on where a run that failed or was killed ended'),
  format: valueFlag<'text' | 'json'>(
    '-f, --format <name>',
    'how to say what changed: text, or json',
    {
      choices: ['text', 'json'],
    },
  ),
};

export const sync = verb({
  name: 'sync',
  summary: 'keep the contacts in a database, for SQL',
  args: [{ name: '[target]', help: 'contacts.db, sqlite:PATH or postgres://user@host/name' }],
  flags,
  examples: [
    'reekolect contacts sync contacts.db',
    'reekolect contacts sync contacts.db --quick --full-every 12h',
    'reekolect contacts sync vip.db --tag vip --history',
    `sqlite3 contacts.db 'SELECT tag, count(*) FROM contact_tags GROUP BY tag'`,
  ],
  async run(options, session, [target]) {
    const [{ planSync }, { describeRequest }, { runSync }] = await Promise.all([
      import('../../sync/plan.ts'),
      import('../../query.ts'),
      import('../../sync/run.ts'),
    ]);
    const filters = await filtersOf(contacts.filters, options, session);
    const plan = await planSync(contacts, target, filters, options, session);
    if (options.dryRun) session.context.stdout.write(await describeRequest(plan.query, session));
    else await runSync(plan, session);
  },
});

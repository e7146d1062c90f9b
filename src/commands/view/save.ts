import { filterFlags, filtersOf } from '../../cli/filter-flags.ts';
import { filterLine } from '../../cli/filter-line.ts';
import { type OptionsOf, switchFlag } from '../../cli/flag.ts';
import { verb } from '../../cli/verb.ts';
import { usageError } from '../../errors.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import { contacts } from '../../records/contacts/resource.ts';
import type { FilterOptions } from '../../records/filter-field.ts';
import type { Session } from '../../session.ts';
import { changeSettings, isName, type Settings } from '../../state/settings.ts';

const flags = {
  ...filterFlags(contactFilters),
  force: switchFlag('--force', 'replace the view of this name'),
};

export const save = verb({
  name: 'save',
  summary: 'store filters under a name; relative dates stay relative',
  args: [{ name: '<name>', help: 'letters, digits, . _ - and @' }],
  flags,
  examples: [
    'reekolect view save vip --tag vip --online',
    'reekolect view save new-this-week --created-after 7d --status OPEN',
    'reekolect view save vip-za --view vip --search +27',
  ],
  run,
});

/** Stores filters as they were typed, once they make sense; asks the service nothing. */
async function run(
  options: OptionsOf<typeof flags>,
  session: Session,
  [name = '']: readonly string[],
): Promise<void> {
  if (!isName(name)) {
    throw usageError(`not a name for a view: ${name}`, 'use letters, digits, . _ - and @');
  }
  const filters = await filtersOf(contactFilters, options, session);
  if (Object.keys(filters).length === 0) {
    throw usageError(
      'a view needs a filter',
      `for example: reekolect view save ${name} --tag vip --online`,
    );
  }
  // Names of segments and agents are looked up when the view is used: they may change.
  const { settleQuery } = await import('../../query.ts');
  await settleQuery(contacts, filters, { dryRun: true }, session);
  await changeSettings(session.context, (before) => withView(before, name, filters, options.force));
  session.log.status(`saved the view ${name}: ${filterLine(contactFilters, filters)}`);
}

function withView(
  before: Settings,
  name: string,
  filters: FilterOptions,
  force: boolean,
): Settings {
  const { views = {} } = before;
  if (!force && Object.hasOwn(views, name)) {
    throw usageError(
      `there is a view called ${name} already`,
      `replace it with --force; see it: reekolect view show ${name}`,
      'view-exists',
    );
  }
  return { ...before, views: { ...views, [name]: filters } };
}

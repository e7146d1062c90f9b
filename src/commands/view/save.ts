import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { usageError } from '../../errors.ts';
import { type FilterFlags, filterFlagsOf, readFilter } from '../../records/contacts/filters.ts';
import { systemZone } from '../../records/dates.ts';
import { changeSettings, isName, type Settings } from '../../state/settings.ts';
import { Log } from '../../terminal/log.ts';
import { flagLine } from './words.ts';

export interface SaveOptions extends GlobalOptions, FilterFlags {
  readonly force: boolean;
}

/** Stores filters as they were typed, once they make sense; asks the service nothing. */
export async function run(options: SaveOptions, context: Context, name: string): Promise<void> {
  if (!isName(name)) {
    throw usageError(`not a name for a view: ${name}`, 'use letters, digits, . _ - and @');
  }
  const flags = filterFlagsOf(options);
  if (Object.keys(flags).length === 0) {
    throw usageError(
      'a view needs a filter',
      `for example: reekolect view save ${name} --tag vip --online`,
    );
  }
  // Names of segments and agents are looked up when the view is used: they may change.
  await readFilter(flags, {
    zone: systemZone,
    now: context.now(),
    find: async (_kind, names) => names.map((id) => ({ id })),
  });
  await changeSettings(context.env, (before) => withView(before, name, flags, options.force));
  new Log(context, options).status(`saved the view ${name}: ${flagLine(flags)}`);
}

function withView(before: Settings, name: string, flags: FilterFlags, force: boolean): Settings {
  const views = before.views ?? {};
  if (!force && Object.hasOwn(views, name)) {
    throw usageError(
      `there is a view called ${name} already`,
      `replace it with --force; see it: reekolect view show ${name}`,
      'view-exists',
    );
  }
  return { ...before, views: { ...views, [name]: flags } };
}

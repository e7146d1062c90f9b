import { guess } from '../../cli/near.ts';
import type { Env } from '../../context.ts';
import { usageError } from '../../errors.ts';
import { type FilterFlags, filterFlagsOf } from '../../records/contacts/filters.ts';
import { type Settings, settingsFile } from '../../state/settings.ts';

/** A view's filters. Throws a usage error for one that is unknown, or not what `view save` wrote. */
export function readView(name: string, settings: Settings, env: Env): FilterFlags {
  checkViewName(name, settings);
  const view: unknown = settings.views?.[name];
  if (isFilterFlags(view)) return view;
  // Leaving out a filter that we do not understand would let more contacts through.
  throw usageError(
    `the view ${name} in ${settingsFile(env)} is not valid`,
    `save it again: reekolect view save ${name} --force …, or reekolect view delete ${name}`,
    'bad-view',
  );
}

/** Throws a usage error, with the near names, where there is no such view. */
export function checkViewName(name: string, { views = {} }: Settings): void {
  if (!Object.hasOwn(views, name)) throw unknownView(name, Object.keys(views));
}

function unknownView(name: string, known: readonly string[]) {
  const all =
    known.length === 0
      ? `there are none yet; save one: reekolect view save ${name} --tag vip`
      : `the views are ${known.join(', ')}`;
  return usageError(`there is no view called "${name}"`, guess(name, known) ?? all, 'unknown-view');
}

const texts = 'search orderedAfter createdAfter createdBefore seenAfter seenBefore'.split(' ');
const booleans = 'online interacted liveChat ordered allChats'.split(' ');

function isFilterFlags(view: unknown): view is FilterFlags {
  if (typeof view !== 'object' || view === null || Array.isArray(view)) return false;
  const known = filterFlagsOf(view);
  return Object.entries(view).every(
    ([field, value]) => Object.hasOwn(known, field) && isValueOf(field, value),
  );
}

function isValueOf(field: string, value: unknown): boolean {
  if (texts.includes(field)) return typeof value === 'string';
  if (booleans.includes(field)) return typeof value === 'boolean';
  if (field === 'body') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

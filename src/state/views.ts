import type { Env } from '../context.ts';
import { type ExplainedError, usageError } from '../errors.ts';
import { type FilterOptions, type FilterSet, isTyped } from '../records/filter-field.ts';
import { didYouMean } from '../suggest.ts';
import { type Settings, settingsFile } from './settings.ts';

/** A view's filters. Throws a usage error for one that is unknown, or not what `view save` wrote. */
export function readView(
  name: string,
  fields: FilterSet,
  settings: Settings,
  env: Env,
): FilterOptions {
  checkViewName(name, settings);
  const view: unknown = settings.views?.[name];
  if (isView(fields, view)) return view;
  // Leaving out a filter that we do not understand would let more records through.
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

function unknownView(name: string, known: readonly string[]): ExplainedError {
  const all =
    known.length === 0
      ? `there are none yet; save one: reekolect view save ${name} --tag vip`
      : `the views are ${known.join(', ')}`;
  const hint = didYouMean(name, known) ?? all;
  return usageError(`there is no view called "${name}"`, hint, 'unknown-view');
}

function isView(fields: FilterSet, view: unknown): view is FilterOptions {
  if (typeof view !== 'object' || view === null || Array.isArray(view)) return false;
  return Object.entries(view).every(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    return field !== undefined && isTyped(field, value);
  });
}

import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { readSettings } from '../../state/settings.ts';
import { type ListingOptions, writeListing } from '../listing.ts';
import { isForOne, keysOf } from './keys.ts';
import { effectiveOf } from './value.ts';

/** Shows every setting: its value in force, and who says so. */
export async function listSettings(
  program: Command,
  options: ListingOptions,
  context: Context,
): Promise<void> {
  const settings = readSettings(context.env);
  const { defaults = {} } = settings;
  const keys = keysOf(program);
  const rows = [];
  for (const key of keys.values()) {
    if (isForOne(key.name) && !Object.hasOwn(defaults, key.name)) continue;
    const { value, from } = (await effectiveOf(key, program, settings, context)) ?? unset;
    rows.push({ key: key.name, value, from });
  }
  for (const [key, value] of Object.entries(defaults)) {
    if (!keys.has(key)) rows.push({ key, value: String(value), from: 'config (no such setting)' });
  }
  await writeListing(['key', 'value', 'from'], rows, options, context);
}

const unset = { value: null, from: 'not set' };

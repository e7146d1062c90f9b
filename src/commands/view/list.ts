import type { Context } from '../../context.ts';
import { readSettings } from '../../state/settings.ts';
import { Log } from '../../terminal/log.ts';
import { type ListingOptions, writeListing } from '../listing.ts';
import { readView } from './stored.ts';
import { flagLine } from './words.ts';

/** Shows all views, by name. */
export async function run(options: ListingOptions, context: Context): Promise<void> {
  const settings = readSettings(context.env);
  const names = Object.keys(settings.views ?? {}).sort();
  const items = names.map((name) => {
    const filters = readView(name, settings, context.env);
    return options.format === 'json'
      ? { name, filters: { ...filters } }
      : { name, flags: flagLine(filters) };
  });
  await writeListing(['name', 'flags'], items, options, context);
  if (names.length === 0) {
    new Log(context, options).status('no views yet; save one: reekolect view save vip --tag vip');
  }
}

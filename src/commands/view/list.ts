import { filterLine } from '../../cli/filter-line.ts';
import { listingFlags } from '../../cli/listing-flags.ts';
import { verb } from '../../cli/verb.ts';
import type { ItemColumn } from '../../output/item-table.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import type { FilterOptions } from '../../records/filter-field.ts';
import { readView } from '../../state/views.ts';

interface View {
  readonly name: string;
  readonly filters: FilterOptions;
}

const columns: readonly ItemColumn<View>[] = [
  { name: 'name', kind: 'text', read: ({ name }) => name },
  { name: 'flags', kind: 'text', read: ({ filters }) => filterLine(contactFilters, filters) },
];

export const list = verb({
  name: 'list',
  summary: 'show all views',
  flags: listingFlags(columns),
  examples: ['reekolect view list', 'reekolect view list --format json'],
  async run(options, session) {
    const { listItems } = await import('../../cli/listing.ts');
    const { settings, context } = session;
    const views = Object.keys(settings.views ?? {})
      .sort()
      .map((name) => ({ name, filters: readView(name, contactFilters, settings, context.env) }));
    // What the user typed is no stranger's: flags begin with a dash.
    const unguarded = { ...options, guard: false };
    await listItems(columns, views, unguarded, session, (view) => JSON.stringify(view));
    if (views.length > 0) return;
    session.log.status('no views yet; save one: reekolect view save vip --tag vip');
  },
});

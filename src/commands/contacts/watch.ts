import { filterFlags, filtersOf } from '../../cli/filter-flags.ts';
import { verb } from '../../cli/verb.ts';
import { watchFlags, watchNotes } from '../../cli/watch-flags.ts';
import { watchRecords } from '../../cli/watch-records.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import { contacts } from '../../records/contacts/resource.ts';

export const watch = verb({
  name: 'watch',
  summary: 'show new contacts as they appear',
  flags: { ...filterFlags(contactFilters), ...watchFlags },
  common: ['every', 'job', 'once', 'for', 'exec', 'tag', 'where'],
  examples: [
    'reekolect contacts watch --every 30s --tag lead',
    'reekolect contacts watch --job crm --exec ./to-crm.sh',
    'reekolect contacts watch --job cron --once >> new.ndjson',
  ],
  more: watchNotes,
  async run(options, session) {
    const filters = await filtersOf(contacts.filters, options, session);
    await watchRecords(contacts, filters, options, session);
  },
});

import { filterFlags, filtersOf } from '../../cli/filter-flags.ts';
import { listFlags, listRecords } from '../../cli/list-records.ts';
import { verb } from '../../cli/verb.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import { contacts } from '../../records/contacts/resource.ts';

export const list = verb({
  name: 'list',
  alias: 'ls',
  summary: 'show the first contacts that match',
  flags: { ...filterFlags(contactFilters), ...listFlags(contacts.columns) },
  common: ['search', 'tag', 'status', 'createdAfter', 'limit', 'all', 'columns', 'output'],
  examples: [
    'reekolect contacts list --profile sandbox',
    'reekolect contacts list --tag vip --online --sort -last_seen_at',
    'reekolect contacts list --created-after 7d --columns name,phone,attr.city',
    "reekolect contacts list --all --jq '.status' | sort -u",
  ],
  async run(options, session) {
    const filters = await filtersOf(contacts.filters, options, session);
    await listRecords(contacts, filters, options, session);
  },
});

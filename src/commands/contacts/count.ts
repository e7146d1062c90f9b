import { countFlags, countRecords } from '../../cli/count-records.ts';
import { filterFlags, filtersOf } from '../../cli/filter-flags.ts';
import { verb } from '../../cli/verb.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import { contacts } from '../../records/contacts/resource.ts';

export const count = verb({
  name: 'count',
  summary: 'count the contacts that match',
  flags: { ...filterFlags(contactFilters), ...countFlags },
  common: ['search', 'tag', 'status', 'createdAfter', 'format', 'failOnEmpty'],
  examples: [
    'reekolect contacts count --tag vip --created-after 30d',
    'reekolect contacts count --created-after today --format json',
    'test "$(reekolect contacts count --status OPEN)" -lt 100 || echo busy',
  ],
  more: `Large accounts are not read: the end is found by some two dozen requests.
Filters that are checked contact by contact (dates, yes and no, tags, status,
segments) need --trust-server for that; --where is always read.`,
  async run(options, session) {
    const filters = await filtersOf(contacts.filters, options, session);
    await countRecords(contacts, filters, options, session);
  },
});

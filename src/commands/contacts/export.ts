import { exportFlags, exportRecords } from '../../cli/export-records.ts';
import { filterFlags, filtersOf } from '../../cli/filter-flags.ts';
import { verb } from '../../cli/verb.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import { contacts } from '../../records/contacts/resource.ts';

export const exportVerb = verb({
  name: 'export',
  summary: 'write every contact that matches',
  flags: { ...filterFlags(contactFilters), ...exportFlags(contacts.columns) },
  common: ['output', 'columns', 'tag', 'status', 'createdAfter', 'sinceLast', 'resume', 'verify'],
  examples: [
    'reekolect contacts export --tag vip -o vip.csv',
    'reekolect contacts export --columns all --manifest -o "contacts-{date}.xlsx"',
    'reekolect contacts export --since-last leads --append -o leads.csv',
    "reekolect contacts export --format json --jq 'map(.status) | unique'",
  ],
  async run(options, session) {
    const filters = await filtersOf(contacts.filters, options, session);
    await exportRecords(contacts, filters, options, session);
  },
});

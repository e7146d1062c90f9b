import { exportFlags, exportRecords } from '../../cli/export-records.ts';
import { verb } from '../../cli/verb.ts';
import { leads } from '../../records/leads/resource.ts';
import { leadFlags, leadsAskedFor } from './which.ts';

export const exportVerb = verb({
  name: 'export',
  summary: 'write every lead of a bot',
  flags: { ...leadFlags, ...exportFlags(leads.columns) },
  common: ['output', 'bot', 'customer', 'widget', 'type', 'columns', 'sinceLast', 'resume'],
  examples: [
    'reekolect leads export --widget @snippet.html -o leads.csv',
    'reekolect leads export --type all --since-last web --append -o web.csv',
    'reekolect leads export --format ndjson --jq .uuid',
  ],
  async run(options, session) {
    await exportRecords(leads, await leadsAskedFor(options, session), options, session);
  },
});

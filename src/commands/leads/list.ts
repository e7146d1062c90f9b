import { listFlags, listRecords } from '../../cli/list-records.ts';
import { verb } from '../../cli/verb.ts';
import { leads } from '../../records/leads/resource.ts';
import { leadFlags, leadsAskedFor } from './which.ts';

export const list = verb({
  name: 'list',
  alias: 'ls',
  summary: 'show the first leads of a bot',
  flags: { ...leadFlags, ...listFlags(leads.columns) },
  common: ['bot', 'customer', 'widget', 'type', 'limit', 'all', 'columns', 'output'],
  examples: [
    'reekolect leads list --profile sandbox --type all',
    'reekolect leads list --widget @snippet.html --all --sort -last_seen_at',
    "reekolect leads list --where 'created_at>=today' --columns name,last_message",
  ],
  async run(options, session) {
    await listRecords(leads, await leadsAskedFor(options, session), options, session);
  },
});

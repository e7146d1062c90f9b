import { countFlags, countRecords } from '../../cli/count-records.ts';
import { verb } from '../../cli/verb.ts';
import { leads } from '../../records/leads/resource.ts';
import { leadFlags, leadsAskedFor } from './which.ts';

export const count = verb({
  name: 'count',
  summary: 'count the leads of a bot',
  flags: { ...leadFlags, ...countFlags },
  common: ['bot', 'customer', 'widget', 'type', 'format', 'failOnEmpty'],
  examples: [
    'reekolect leads count --profile sandbox',
    'reekolect leads count --type non-lead --format json',
  ],
  async run(options, session) {
    await countRecords(leads, await leadsAskedFor(options, session), options, session);
  },
});

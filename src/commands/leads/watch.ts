import { verb } from '../../cli/verb.ts';
import { watchFlags, watchNotes } from '../../cli/watch-flags.ts';
import { watchRecords } from '../../cli/watch-records.ts';
import { leads } from '../../records/leads/resource.ts';
import { leadFlags, leadsAskedFor } from './which.ts';

export const watch = verb({
  name: 'watch',
  summary: 'show new leads as they appear',
  flags: { ...leadFlags, ...watchFlags },
  common: ['every', 'job', 'once', 'for', 'exec', 'type', 'where'],
  examples: [
    'reekolect leads watch --widget @snippet.html --every 2m',
    'reekolect leads watch --job crm --exec ./to-crm.sh',
  ],
  more: `${watchNotes}

The service can't be asked for new leads alone: each look reads all pages of
them, so let --every be longer the more there are.`,
  async run(options, session) {
    await watchRecords(leads, await leadsAskedFor(options, session), options, session);
  },
});

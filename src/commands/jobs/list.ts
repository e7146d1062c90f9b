import { listingFlags } from '../../cli/listing-flags.ts';
import { verb } from '../../cli/verb.ts';
import type { ItemColumn } from '../../output/item-table.ts';
import type { JobRecord } from '../../state/job.ts';

const columns: readonly ItemColumn<JobRecord>[] = [
  { name: 'job', kind: 'text', read: ({ job }) => job },
  { name: 'profile', kind: 'text', read: ({ profile = null }) => profile },
  { name: 'host', kind: 'text', read: ({ host }) => host },
  { name: 'last_run', kind: 'time', read: ({ mark }) => mark?.ran ?? null },
  { name: 'newest_contact', kind: 'time', read: ({ mark }) => mark?.newest || null },
];

export const list = verb({
  name: 'list',
  summary: 'show all jobs, their marks and last runs',
  flags: listingFlags(columns),
  examples: ['reekolect jobs list', 'reekolect jobs list --format json'],
  async run(options, session) {
    const { listJobs } = await import('../../state/job.ts');
    const { listItems } = await import('../../cli/listing.ts');
    const jobs = await listJobs(session.context.env);
    await listItems(columns, jobs, options, session);
    if (jobs.length > 0) return;
    session.log.status('no jobs yet; one begins with: contacts export --since-last NAME');
  },
});

import type { Context } from '../../context.ts';
import { listJobs } from '../../state/job.ts';
import { Log } from '../../terminal/log.ts';
import { type ListingOptions, writeListing } from '../listing.ts';

/** Shows all jobs, by name. */
export async function run(options: ListingOptions, context: Context): Promise<void> {
  const jobs = await listJobs(context.env);
  const items = jobs.map(({ job, host, profile, mark }) => ({
    job,
    profile,
    host,
    last_run: mark?.ran ?? null,
    newest_contact: mark?.newest || null,
  }));
  const names = ['job', 'profile', 'host', 'last_run', 'newest_contact'];
  await writeListing(names, items, options, context);
  if (jobs.length === 0) {
    new Log(context, options).status(
      'no jobs yet; one begins with: contacts export --since-last NAME',
    );
  }
}

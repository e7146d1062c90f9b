import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { usageError } from '../../errors.ts';
import { withLock } from '../../files/lock.ts';
import { jobFile, listJobs, resetJob } from '../../state/job.ts';
import { Log } from '../../terminal/log.ts';

/** Forgets how far a job has come. Throws exit 2 for an unknown one, 75 while it runs. */
export async function run(options: GlobalOptions, context: Context, job: string): Promise<void> {
  const { env } = context;
  const path = await jobFile(env, job);
  await withLock(`${path}.lock`, `the job ${job}`, async () => {
    if (await resetJob(env, job)) return;
    const known = (await listJobs(env)).map((record) => record.job);
    const hint = known.length === 0 ? 'there are none' : `there are: ${known.join(', ')}`;
    throw usageError(`there is no job ${job}`, hint, 'unknown-job');
  });
  new Log(context, options).status(`the next run of ${job} exports everything`);
}

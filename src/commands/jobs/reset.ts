import { verb } from '../../cli/verb.ts';
import { usageError } from '../../errors.ts';

/** Exit 2 for an unknown job, 75 while it runs. */
export const reset = verb({
  name: 'reset',
  summary: 'forget how far a job has come: its next run begins anew',
  args: [{ name: '<job>', help: 'its name, as shown by jobs list' }],
  flags: {},
  examples: ['reekolect jobs reset nightly', 'reekolect jobs list'],
  async run(_options, session, [job = '']) {
    const { env } = session.context;
    const { jobFile, listJobs, resetJob } = await import('../../state/job.ts');
    const { withLock } = await import('../../files/lock.ts');
    const path = await jobFile(env, job);
    const reset = async () => {
      if (await resetJob(env, job)) return;
      const known = (await listJobs(env)).map((record) => record.job);
      const hint = known.length === 0 ? 'there are none' : `there are: ${known.join(', ')}`;
      throw usageError(`there is no job ${job}`, hint, 'unknown-job');
    };
    const hint = 'wait for it to end, then reset it';
    await withLock(`${path}.lock`, `the job ${job}`, reset, { hint });
    session.log.status(`the next run of ${job} begins anew`);
  },
});

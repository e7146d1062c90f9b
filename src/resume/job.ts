import type { FilterOptions } from '../records/filter-field.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';
import { type Job, openJob, otherAccount } from '../state/job.ts';
import { askCustomer } from './account.ts';

/** Opens a job of this command, and makes sure that it is of the account that is asked. */
export async function openAccountJob(
  name: string,
  command: string,
  resource: Resource,
  typed: FilterOptions,
  session: Session,
): Promise<Job> {
  const { token } = await session.connect(resource.credential);
  const job = await openJob(session.context.env, name, {
    command,
    host: session.host,
    profile: session.profile,
    token,
    filters: typed as never,
    now: session.context.now(),
  });
  try {
    for (const warning of job.warnings) session.log.warn(warning);
    let verdict = job.accountMatches(undefined);
    if (verdict === 'unknown') verdict = job.accountMatches(await askCustomer(resource, session));
    if (verdict !== 'same') throw otherAccount(job);
    return job;
  } catch (error) {
    await job.release();
    throw error;
  }
}

import type { Session } from '../session.ts';
import type { Job } from '../state/job.ts';
import { timeFor } from '../terminal/local-time.ts';
import type { ExportPlan } from './plan.ts';
import type { Outcome } from './rows.ts';

interface Ending {
  readonly plan: ExportPlan;
  readonly job: Job | undefined;
  readonly session: Session;
}

/** Says what is new since the job's last run, and moves its mark. */
export async function endJob({ plan, job, session }: Ending, outcome: Outcome): Promise<void> {
  if (job === undefined) return;
  const { context, log } = session;
  const since = job.lastRun && timeFor(context.stderr, job.lastRun, session.zone(plan.options.tz));
  log.info(`${outcome.rows} new since ${since ?? 'the beginning'}`);
  if (!movesMark(outcome)) return;
  nameAccount(job, outcome);
  await job.commit(outcome.began);
}

/** A run that ends with exit 8 leaves the mark, so that the next one reads the same again. */
export function movesMark({ source }: Outcome): boolean {
  const { stable, keylessTwice } = source.walk.tally;
  return stable !== false && !keylessTwice;
}

/** Only records name an account: a run without news leaves what the job knows of it. */
export function nameAccount(job: Job | undefined, { rows, customer }: Outcome): void {
  if (rows > 0) job?.setCustomer(customer);
}

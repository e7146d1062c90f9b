import type { FilterOptions } from '../records/filter-field.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';
import type { OptionsOf } from './flag.ts';
import type { watchFlags } from './watch-flags.ts';

/** Shows new records as they appear. */
export async function watchRecords(
  resource: Resource,
  filters: FilterOptions,
  options: OptionsOf<typeof watchFlags>,
  session: Session,
): Promise<void> {
  const [{ planWatch }, { describeRequest }, { runWatch }] = await Promise.all([
    import('../watch/plan.ts'),
    import('../query.ts'),
    import('../watch/run.ts'),
  ]);
  const plan = await planWatch(resource, filters, options, session);
  if (options.dryRun) session.context.stdout.write(await describeRequest(plan.query, session));
  else await runWatch(plan, session);
}

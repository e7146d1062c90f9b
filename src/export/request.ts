import { hashToken } from '../resume/account.ts';
import type { Session } from '../session.ts';
import type { Json } from '../table.ts';
import type { ExportPlan } from './plan.ts';

/** What shapes the file beside the filters; rows that were added to one are there in any shape. */
export function shapeOf({ options, output: { format, gzip } }: ExportPlan): Json {
  const { resume, output, ...shaping } = options;
  if (options.append) return 'added';
  return JSON.stringify({ ...shaping, format, gzip });
}

/** Who asked for what, so that another run can be told from the same one again: see isRequest. */
export async function requestOf(plan: ExportPlan, session: Session): Promise<string> {
  const { salt, hash } = hashToken(await textOf(plan, session));
  return `${salt} ${hash}`;
}

/** Whether this run asks for the same as the one that `request` stands for. */
export async function isRequest(
  request: string,
  plan: ExportPlan,
  session: Session,
): Promise<boolean> {
  const [salt, hash] = request.split(' ');
  return hashToken(await textOf(plan, session), salt).hash === hash;
}

/** What a job delivered counts as delivered, whatever it looks like; whose it is, the job knows. */
async function textOf(plan: ExportPlan, session: Session): Promise<string> {
  const { job, query } = plan;
  if (job !== undefined) return JSON.stringify({ job });
  const { host, profile } = session;
  const { resource, typed } = query;
  const { token } = await session.connect(resource.credential);
  return JSON.stringify([host, profile, token, resource.many, typed, shapeOf(plan)]);
}

import { ExplainedError } from '../errors.ts';
import type { FileIdentity } from '../files/file-identity.ts';
import { isAt } from '../files/file-identity.ts';
import type { Target } from '../files/target.ts';
import { foreign } from '../read/log-file.ts';
import type { PageLog } from '../read/page-log.ts';
import { hashToken } from '../resume/account.ts';
import { openLogAbout, withResume as resumedBy, sayAge, type Topic } from '../resume/log.ts';
import type { Session } from '../session.ts';
import type { Job } from '../state/job.ts';
import type { Json } from '../table.ts';
import { type ExportPlan, logPath } from './plan.ts';
import { shapeOf } from './request.ts';

/** What a run wrote down when its file was flushed, and not yet in place. */
export type Prepared = {
  readonly file: { readonly [part in keyof FileIdentity]: FileIdentity[part] };
  readonly manifest: Json;
};

/** A log, and what the run before it had prepared when that run's file is in place. */
export interface OpenedLog {
  readonly log: PageLog;
  /** The run was cut short after its file was in place: nothing is left to fetch. */
  readonly finished: Prepared | undefined;
}

/** Opens the log that --resume goes on with, or starts one in place of an older one. */
export async function openLog(
  plan: ExportPlan,
  job: Job | undefined,
  { path: target }: Target,
  session: Session,
): Promise<OpenedLog> {
  const { token } = await session.connect(plan.query.resource.credential);
  const topic = topicOf(plan, job, token, session);
  const request = {
    path: logPath(target),
    topic,
    same: ['path', 'body', 'job', 'limit', 'tests'],
    resource: plan.query.resource,
    resume: plan.options.resume,
    started: plan.query.now.toISOString(),
    other: 'export',
  };
  const { log, found } = await openLogAbout(request, session, async (old) => {
    const prepared = preparedIn(old, request.path);
    const theirs = old.head.topic as unknown as Topic;
    // What a job delivered counts, whatever it looks like: its mark has moved.
    const isSame = job !== undefined || theirs['shape'] === topic['shape'];
    if (prepared !== undefined && isSame && (await isAt(target, prepared.file))) {
      return { finished: prepared };
    }
    // A job's mark may have moved since.
    if (theirs['since'] !== topic['since']) return undefined;
    sayAge(old, session);
    return { finished: undefined };
  });
  return { log, finished: found?.finished };
}

/** What a log has prepared. Throws exit 7, naming the log, where that is damaged. */
function preparedIn({ prepared }: PageLog, path: string): Prepared | undefined {
  if (prepared === undefined) return undefined;
  const { file, manifest } = (prepared ?? {}) as Partial<Prepared>;
  const isFile = typeof file?.bytes === 'number' && typeof file.sha256 === 'string';
  if (!isFile || manifest === undefined) throw foreign(path);
  return { file, manifest };
}

function topicOf(
  plan: ExportPlan,
  job: Job | undefined,
  token: string,
  { host, profile }: Session,
): Topic {
  const { options, query } = plan;
  const { many, requests } = query.resource;
  const { path, body = null } = requests(query.filter)(1);
  return {
    resource: many,
    host,
    profile,
    token: hashToken(token),
    path,
    body,
    // The name of the job of --since-last, and where it went on from.
    job: job?.name ?? null,
    since: job?.from?.toISOString() ?? null,
    limit: options.limit ?? null,
    // How its file looks: the pages serve any other as well.
    shape: shapeOf(plan),
    // What the tool decides alone: the pages are the same, the file is not.
    tests: query.filter.filter(({ local }) => local).flatMap(({ told }) => told),
  };
}

/** The file is written, or never will be with this log: there is nothing to resume. */
export function isFinal(error: unknown): boolean {
  return (
    error instanceof ExplainedError &&
    ['unstable', 'keyless-twice', 'nothing-matched', 'repeating-service'].includes(error.code)
  );
}

/** The same failure, with the command that goes on where it happened. */
export function withResume(error: unknown, { options, output }: ExportPlan, session: Session) {
  // The file as it was named by this run: {date} and {time} move on.
  const args = session.context.args.map((word) =>
    options.output ? word.replace(options.output, () => output.file ?? '') : word,
  );
  const words = ['reekolect', ...args, ...(options.resume ? [] : ['--resume'])];
  return resumedBy(error, words, session);
}

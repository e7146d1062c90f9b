import { ExplainedError } from '../errors.ts';
import type { FileIdentity } from '../files/file-identity.ts';
import { isAt } from '../files/file-identity.ts';
import type { Target } from '../files/target.ts';
import { type LogHead, PageLog } from '../read/page-log.ts';
import { pageDecoder } from '../read/source.ts';
import type { Session } from '../session.ts';
import type { Job } from '../state/job.ts';
import type { Json } from '../table.ts';
import { shellLine } from '../terminal/shell.ts';
import { askCustomer, customerIn, hashToken, type TokenHash } from './account.ts';
import { type ExportPlan, logPath } from './plan.ts';

/** What a log's pages were read for; another export has another one. */
interface Topic {
  readonly resource: string;
  readonly host: string;
  readonly profile: string;
  readonly token: TokenHash;
  readonly body: Json;
  /** The name of the job of --since-last, and where it went on from. */
  readonly job: string | null;
  readonly since: string | null;
  readonly limit: number | null;
  /** What the tool decides alone: the pages are the same, the file is not. */
  readonly tests: readonly string[];
}

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
  const path = logPath(target);
  const old = await PageLog.peek(path);
  const { token } = await session.connect();
  const topic = topicOf(plan, job, token, session);
  if (old !== undefined && plan.options.resume) {
    const log = await PageLog.resume(path);
    if (await isAbout(log, topic, token, plan, session)) {
      const prepared = log.prepared as Prepared | undefined;
      if (prepared !== undefined && (await isAt(target, prepared.file))) {
        return { log, finished: prepared };
      }
      if ((log.head.topic as unknown as Topic).since === topic.since) {
        sayAge(log, session);
        return { log, finished: undefined };
      }
    }
    await log.close();
    session.log.warn(`${path} belongs to another export (${whose(old)}); starting afresh`);
  } else if (old !== undefined) {
    await sayDropped(path, old, session);
  } else if (plan.options.resume) {
    session.log.debug(`there is no ${path} to resume from; starting afresh`);
  }
  const started = plan.query.now.toISOString();
  const head = { started, topic: { ...topic, token: { ...topic.token } } };
  return { log: await PageLog.create(path, head), finished: undefined };
}

function topicOf(
  { options, query }: ExportPlan,
  job: Job | undefined,
  token: string,
  { host, profile }: Session,
): Topic {
  const { many, requests } = query.resource;
  return {
    resource: many,
    host,
    profile,
    token: hashToken(token),
    body: requests(query.filter)(1).body ?? null,
    job: job?.name ?? null,
    since: job?.from?.toISOString() ?? null,
    limit: options.limit ?? null,
    tests: query.filter.filter(({ local }) => local).flatMap(({ told }) => told),
  };
}

/** Whether a log is of the same export of the same account; a job's mark may have moved since. */
async function isAbout(
  log: PageLog,
  ours: Topic,
  token: string,
  { query: { resource } }: ExportPlan,
  session: Session,
): Promise<boolean> {
  const theirs = log.head.topic as unknown as Partial<Topic>;
  const same = (['resource', 'host', 'body', 'job', 'limit', 'tests'] as const).every(
    (part) => JSON.stringify(theirs[part]) === JSON.stringify(ours[part]),
  );
  if (!same) return false;
  const { salt = '', hash } = theirs.token ?? {};
  if (hashToken(token, salt).hash === hash) return true;
  // A new token may be of the same account: its records tell.
  const first = await log.firstPage();
  if (first === undefined) return false;
  const { records } = pageDecoder(resource)(first, Buffer.from(first));
  const customer = customerIn(records, resource);
  return customer !== undefined && customer === (await askCustomer(resource, session));
}

function whose({ topic }: LogHead): string {
  const { host, profile } = topic as unknown as Partial<Topic>;
  return `${host}, profile ${profile}`;
}

function ageOf(started: string, session: Session): string {
  const hours = (session.context.now().getTime() - Date.parse(started)) / 3_600_000;
  if (hours >= 48) return `${Math.round(hours / 24)} days ago`;
  return hours >= 1 ? `${Math.round(hours)} h ago` : `${Math.round(hours * 60)} min ago`;
}

function sayAge({ head, pages }: PageLog, session: Session): void {
  const line = `going on with ${pages} pages of the run of ${head.started}`;
  const old = session.context.now().getTime() - Date.parse(head.started) >= 24 * 3_600_000;
  if (!old) session.log.debug(line);
  else
    session.log.warn(
      `${line}, ${ageOf(head.started, session)}; leave --resume out to start afresh`,
    );
}

async function sayDropped(path: string, { started }: LogHead, session: Session): Promise<void> {
  const log = await PageLog.resume(path);
  const { records } = log;
  await log.close();
  const line = `${path} of a run begun ${ageOf(started, session)} is dropped, with ${records} contacts; --resume would go on with it`;
  if (session.context.stderr.isTTY === true) session.log.status(line);
  else session.log.debug(line);
}

/** The file is written, or never will be with this log: there is nothing to resume. */
export function isFinal(error: unknown): boolean {
  return (
    error instanceof ExplainedError &&
    ['unstable', 'keyless-twice', 'nothing-matched', 'repeating-service'].includes(error.code)
  );
}

/** The same failure, with the command that goes on where it happened. */
export function withResume(error: unknown, { options, output }: ExportPlan, { context }: Session) {
  const failure: unknown = context.signal.aborted ? context.signal.reason : error;
  // The file as it was named by this run: {date} and {time} move on.
  const args = context.args.map((word) =>
    options.output ? word.replace(options.output, () => output.file ?? '') : word,
  );
  const words = ['reekolect', ...args, ...(options.resume ? [] : ['--resume'])];
  const command = `go on with: ${shellLine(words)}`;
  if (!(failure instanceof ExplainedError)) return failure;
  const { exit, code, message, hint, status } = failure;
  const both = hint === undefined ? command : `${hint}; ${command}`;
  return new ExplainedError({ exit, code, message, hint: both, status });
}

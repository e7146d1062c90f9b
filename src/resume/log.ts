import { ExplainedError, exitCodes } from '../errors.ts';
import { foreign } from '../read/log-file.ts';
import { type LogHead, PageLog } from '../read/page-log.ts';
import { pageDecoder } from '../read/source.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';
import type { Json } from '../table.ts';
import { shellLine } from '../terminal/shell.ts';
import { askCustomer, customerIn, hashToken, type TokenHash } from './account.ts';

/** What a log's pages were read for; a run about something else has another one. */
export interface Topic {
  readonly resource: string;
  readonly host: string;
  readonly profile: string;
  readonly token: TokenHash;
  /** The request's body, and whatever else must be the same. */
  readonly [part: string]: Json | TokenHash;
}

export interface LogRequest {
  readonly path: string;
  readonly topic: Topic;
  /** The parts of the topic that must be the same, beside the account. */
  readonly same: readonly string[];
  readonly resource: Resource;
  readonly resume: boolean;
  /** When the run began, RFC 3339. */
  readonly started: string;
  /** In words: what else a log may belong to. */
  readonly other: string;
}

export interface FoundLog<T> {
  readonly log: PageLog;
  /** What goes on; undefined for a log that was started afresh. */
  readonly found: T | undefined;
}

/**
 * Opens the log that --resume goes on with, or starts one in place of an older one. `goOn` looks at
 * a log about the same; where it gives undefined, the run starts afresh after all.
 */
export async function openLogAbout<T>(
  { path, topic, same, resource, resume, started, other }: LogRequest,
  session: Session,
  goOn: (log: PageLog) => Promise<T | undefined>,
): Promise<FoundLog<T>> {
  const old = await PageLog.peek(path);
  if (old !== undefined && resume) {
    const log = await PageLog.resume(path);
    let found: T | undefined;
    try {
      if (!isTopic(log.head.topic, same)) throw foreign(path);
      if (await isAbout(log, topic, same, resource, session)) found = await goOn(log);
    } finally {
      if (found === undefined) await log.close();
    }
    if (found !== undefined) return { log, found };
    session.log.warn(`${path} belongs to another ${other} (${whose(old)}); starting afresh`);
  } else if (old !== undefined) {
    await sayDropped(path, resource, old, session);
  } else if (resume) {
    session.log.debug(`there is no ${path} to resume from; starting afresh`);
  }
  const head = { started, topic: { ...topic, token: { ...topic.token } } };
  return { log: await PageLog.create(path, head), found: undefined };
}

/** Whether a log's topic has all its parts. */
function isTopic(
  { resource, host, profile, token, ...others }: LogHead['topic'],
  parts: readonly string[],
): boolean {
  const { salt, hash } = (token ?? {}) as Partial<TokenHash>;
  const isText = [resource, host, profile, salt, hash].every((it) => typeof it === 'string');
  return isText && parts.every((part) => others[part] !== undefined);
}

/** Whether a log is of the same reading of the same account. */
async function isAbout(
  log: PageLog,
  ours: Topic,
  parts: readonly string[],
  resource: Resource,
  session: Session,
): Promise<boolean> {
  const theirs = log.head.topic as unknown as Partial<Topic>;
  const isSame = ['resource', 'host', ...parts].every(
    (part) => JSON.stringify(theirs[part]) === JSON.stringify(ours[part]),
  );
  if (!isSame) return false;
  const { token } = await session.connect(resource.credential);
  if (hashToken(token, theirs.token?.salt).hash === theirs.token?.hash) return true;
  // A new token may be of the same account: its records tell.
  const first = await log.firstPage();
  if (first === undefined) return false;
  const { records } = pageDecoder(resource)(first);
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
  if (hours >= 1) return `${Math.round(hours)} h ago`;
  const minutes = Math.round(hours * 60);
  return minutes < 1 ? 'just now' : `${minutes} min ago`;
}

/** Says that a run goes on with what an earlier one fetched. */
export function sayAge({ head, pages }: PageLog, session: Session): void {
  const line = `going on with ${pages} pages of the run of ${head.started}`;
  const old = session.context.now().getTime() - Date.parse(head.started) >= 24 * 3_600_000;
  if (!old) session.log.debug(line);
  else
    session.log.warn(
      `${line}, ${ageOf(head.started, session)}; leave --resume out to start afresh`,
    );
}

async function sayDropped(
  path: string,
  { many }: Resource,
  { started }: LogHead,
  session: Session,
): Promise<void> {
  const log = await PageLog.resume(path);
  const { records } = log;
  await log.close();
  const line = `${path} of a run begun ${ageOf(started, session)} is dropped, with ${records.toLocaleString('en')} ${many}; --resume would go on with it`;
  if (session.context.stderr.isTTY === true) session.log.status(line);
  else session.log.debug(line);
}

/** The same failure, with the command that goes on where it happened. */
export function withResume(
  error: unknown,
  words: readonly string[],
  { context }: Session,
): unknown {
  const failure: unknown = context.signal.aborted ? context.signal.reason : error;
  if (!(failure instanceof ExplainedError)) return failure;
  const { exit, code, message, hint, status } = failure;
  const command =
    exit === exitCodes.usage
      ? 'put right, the command goes on with --resume'
      : `go on with: ${shellLine(words)}`;
  const both = hint === undefined ? command : `${hint}; ${command}`;
  return new ExplainedError({ exit, code, message, hint: both, status });
}

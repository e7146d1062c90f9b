import { createReadStream } from 'node:fs';
import { openQuery, type Query } from '../commands/contacts/query.ts';
import { ExplainedError } from '../errors.ts';
import { checkTarget, type FileDestination, statOf, toFile } from '../files/atomic-file.ts';
import { withLock } from '../files/lock.ts';
import { type LogHead, type LogTopic, PageLog } from '../read/page-log.ts';
import { whoseContacts } from '../session.ts';
import { shellLine } from '../terminal/shell.ts';
import { checkAppend } from './append.ts';
import { checkStable, type ExportParts, writeContacts } from './export-run.ts';
import { writeManifest } from './manifest.ts';

/** Exports to a file: locked, logged page by page so that it can be resumed, and renamed in place. */
export async function exportToFile(parts: ExportParts, file: string): Promise<void> {
  const target = await checkTarget(file);
  await withLock(`${target}.lock`, file, async () => {
    const { query, pageLog } = await openLog(parts, target);
    let done = false;
    try {
      await writeFile(parts, target, query, pageLog);
      done = true;
    } catch (error) {
      done = isFinal(error);
      throw done || pageLog.pages === 0 ? error : withResume(error, parts);
    } finally {
      await query.close();
      await (done || pageLog.pages === 0 ? pageLog.remove() : pageLog.close());
    }
  });
}

async function writeFile(parts: ExportParts, target: string, query: Query, pageLog: PageLog) {
  const { options, job, plan } = parts;
  const base = pageLog.head.base ?? 0;
  if (base > 0) await checkAppend(parts, target, base);
  const destination = await toFile(target);
  try {
    if (base > 0) await copyStart(target, base, destination);
    const outcome = await writeContacts(parts, {
      query,
      destination,
      remember: (fetchPage) => pageLog.remember(fetchPage),
      continues: base > 0,
      async beforeCommit(began) {
        await job?.promise(began, await destination.identity());
      },
    });
    if (options.manifest && outcome.written) {
      await writeManifest({ ...parts, query, target, destination, outcome, plan });
    }
    checkStable(outcome.reading);
    if (!outcome.written) return;
    parts.log.status(`${outcome.rows.toLocaleString('en')} contacts in ${plan.file}`);
  } finally {
    await destination.abandon();
  }
}

/** Goes on with the pageLog of a run like this one, where --resume asks for it, or starts one. */
async function openLog(
  parts: ExportParts,
  target: string,
): Promise<{ query: Query; pageLog: PageLog }> {
  const { options, context, log, job } = parts;
  const path = `${target}.part`;
  const mayResume = options.resume && job?.finished !== target;
  const old = mayResume ? await PageLog.peek(path) : undefined;
  if (old !== undefined) {
    const now = new Date(old.started);
    const query = await openQuery(options, context, log, { now, createdFrom: job?.from });
    if (isAbout(old, topicOf(parts, query))) {
      const pageLog = await PageLog.resume(path);
      sayAge(parts, old, pageLog);
      return { query, pageLog };
    }
    await query.close();
    log.warn(
      `${path} belongs to another export (${old.host}, profile ${old.profile}); starting afresh`,
    );
  } else if (options.resume) {
    log.debug(`there is no ${path} to resume from; starting afresh`);
  }
  const query = await openQuery(options, context, log, { createdFrom: job?.from });
  const base = options.append ? ((await statOf(target))?.size ?? 0) : 0;
  const started = query.now.toISOString();
  const pageLog = await PageLog.create(path, { started, base, ...topicOf(parts, query) });
  return { query, pageLog };
}

function topicOf({ options, context }: ExportParts, { body }: Query): LogTopic {
  return { ...whoseContacts(options, context), body };
}

function isAbout(log: LogHead, topic: LogTopic): boolean {
  const sameBody = JSON.stringify(log.body) === JSON.stringify(topic.body);
  return log.host === topic.host && log.profile === topic.profile && sameBody;
}

function sayAge({ log, context }: ExportParts, { started }: LogHead, pageLog: PageLog): void {
  const hours = (context.now().getTime() - Date.parse(started)) / 3_600_000;
  const line = `going on with ${pageLog.pages} pages of the run of ${started}`;
  if (hours < 24) log.debug(line);
  else log.warn(`${line}, ${Math.round(hours / 24)} days ago; leave --resume out to start afresh`);
}

/** The bytes that are added to, unchanged; what a run that was killed put after them is not copied. */
async function copyStart(target: string, bytes: number, to: FileDestination): Promise<void> {
  for await (const chunk of createReadStream(target, { end: bytes - 1 })) {
    await to.write(chunk as Uint8Array);
  }
}

/** The file is written, or never will be with this log: there is nothing to resume. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof ExplainedError &&
    ['unstable', 'nothing-matched', 'repeating-service'].includes(error.code)
  );
}

/** The same failure, with the command that goes on where it happened. */
function withResume(error: unknown, { context, options, plan }: ExportParts): unknown {
  const failure = context.signal.aborted ? context.signal.reason : error;
  // The file as it was named by this run: {date} and {time} move on.
  const args = context.args.map((word) =>
    options.output ? word.replace(options.output, () => plan.file ?? '') : word,
  );
  const words = ['reekolect', ...args, ...(options.resume ? [] : ['--resume'])];
  const command = `go on with: ${shellLine(words)}`;
  if (!(failure instanceof ExplainedError)) return failure;
  const { exit, code, message, hint, status } = failure;
  const both = hint === undefined ? command : `${hint}; ${command}`;
  return new ExplainedError({ exit, code, message, hint: both, status });
}

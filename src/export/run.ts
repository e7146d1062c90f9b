import { type AtomicFile, openAtomicFile, recoverTarget } from '../files/atomic-file.ts';
import { isAt } from '../files/file-identity.ts';
import { openScratchFile } from '../files/scratch-file.ts';
import { checkStdoutOpen } from '../output/stdout.ts';
import { type HeldTarget, holdTarget, openStdout } from '../output/write.ts';
import { nothingFound } from '../query.ts';
import { PageLog } from '../read/page-log.ts';
import { type Filter, narrowedTo } from '../records/filter-field.ts';
import { openAccountJob } from '../resume/job.ts';
import type { Session } from '../session.ts';
import type { Job } from '../state/job.ts';
import { type Base, baseOf, checkAppend, copyBase, copyRows } from './append.ts';
import { warnOfEmptied } from './emptied.ts';
import { endJob, movesMark, nameAccount } from './end-job.ts';
import { isFinal, openLog, type Prepared, withResume } from './log.ts';
import { manifestOf, manifestTarget, writeManifest } from './manifest.ts';
import { type ExportPlan, logPath } from './plan.ts';
import { isRequest, requestOf } from './request.ts';
import { type Outcome, writeRows } from './rows.ts';
import { successText } from './success.ts';

/** Writes every match, whole or not at all. */
export async function runExport(plan: ExportPlan, session: Session): Promise<void> {
  const { file } = plan.output;
  if (file === undefined) {
    const job = await openPlannedJob(plan, session);
    try {
      await exportToStdout(plan, job, session);
    } finally {
      await job?.release();
    }
    return;
  }
  const held = await holdTarget(file);
  try {
    // Before the job: what a killed run was about to put in place may settle its mark.
    await recoverTarget(held.target, held.lock);
    const job = await openPlannedJob(plan, session);
    try {
      if (plan.options.resume && (await isConcluded(plan, held, session))) {
        await PageLog.discard(logPath(held.target.path));
        sayComplete(plan, session);
      } else {
        await exportToFile(plan, held, job, session);
      }
    } finally {
      await job?.release();
    }
  } finally {
    await held.lock.release();
  }
}

/** Whether an earlier run for the same was killed when nothing was left to do but to clean up. */
async function isConcluded(
  plan: ExportPlan,
  { target, lock: { concluded } }: HeldTarget,
  session: Session,
): Promise<boolean> {
  if (concluded === undefined || !(await isAt(target.path, concluded))) return false;
  return isRequest(concluded.request, plan, session);
}

function sayComplete({ output }: ExportPlan, { log }: Session): void {
  log.info(`${output.file} is complete already: the run that was cut short had ended it`);
}

async function exportToStdout(plan: ExportPlan, job: Job | undefined, session: Session) {
  checkStdoutOpen(session.context.stdout);
  const stdout = openStdout(plan.output, session.context);
  try {
    const query = { ...plan.query, filter: filterSince(plan, job) };
    const parts = { plan, query, job, log: undefined, continues: false };
    const outcome = await writeRows(parts, stdout, session);
    await stdout.commit();
    if (outcome.rows === 0 && plan.options.failOnEmpty) throw nothingFound(query);
    await endJob({ plan, job, session }, outcome);
    outcome.source.checkComplete();
  } finally {
    await stdout.abandon();
  }
}

/** Locked, logged page by page so that it can be resumed, and renamed in place. */
async function exportToFile(
  plan: ExportPlan,
  { target, lock }: HeldTarget,
  job: Job | undefined,
  session: Session,
): Promise<void> {
  const { options } = plan;
  const manifestPlace = options.manifest ? await manifestTarget(target) : undefined;
  const filter = filterSince(plan, job);
  const { log, finished } = await openLog(plan, job, target, session);
  let done = finished !== undefined;
  try {
    if (finished !== undefined) {
      if (manifestPlace && finished.manifest !== null) {
        await writeManifest(manifestPlace, finished.manifest, lock);
      }
      sayComplete(plan, session);
      return;
    }
    await exportWithLog({ plan, filter, held: { target, lock }, job, log, session }, manifestPlace);
    done = true;
  } catch (error) {
    done = isFinal(error);
    throw done || log.pages === 0 ? error : withResume(error, plan, session);
  } finally {
    await (done || log.pages === 0 ? log.remove() : log.close());
    if (finished !== undefined) await job?.acknowledgeFinished();
  }
}

interface Run {
  readonly plan: ExportPlan;
  readonly filter: Filter;
  readonly held: HeldTarget;
  readonly job: Job | undefined;
  readonly log: PageLog;
  readonly session: Session;
}

async function exportWithLog(
  run: Run,
  manifestPlace: Awaited<ReturnType<typeof manifestTarget>> | undefined,
): Promise<void> {
  const started = performance.now();
  const { plan, filter, held, job, log, session } = run;
  const { options } = plan;
  const written = options.append ? await writeAppended(run) : await writeWhole(run);
  const { outcome, file } = written;
  try {
    if (outcome.rows === 0 && options.failOnEmpty) throw nothingFound(plan.query);
    const isEmpty = outcome.rows === 0 || plan.output.jq?.hasResults === false;
    const keep = !isEmpty || !options.skipEmpty;
    if (keep) {
      const identity = await file.flush();
      if (isEmpty) await warnOfEmptied(plan, held.target, identity, session);
      const manifest = options.manifest
        ? manifestOf(plan, outcome, identity, filter, job, session)
        : null;
      const prepared: Prepared = { file: identity, manifest };
      log.prepare(prepared);
      nameAccount(job, outcome);
      if (movesMark(outcome)) await job?.prepare(outcome.began, identity);
      await file.commit();
      if (manifestPlace && manifest !== null)
        await writeManifest(manifestPlace, manifest, held.lock);
    }
    await endJob(run, outcome);
    if (keep) {
      const request = await requestOf(plan, session);
      await held.lock.conclude({ ...(await file.flush()), request });
    }
    outcome.source.checkComplete();
    if (!keep) return;
    const identity = await file.flush();
    session.log.status(() => successText(plan, outcome, identity, started));
  } finally {
    await file.abandon();
  }
}

interface Written {
  readonly outcome: Outcome;
  readonly file: AtomicFile;
}

async function writeWhole({ plan, filter, held, job, log, session }: Run): Promise<Written> {
  const file = await openAtomicFile(held.target, held.lock);
  try {
    const query = { ...plan.query, filter };
    const parts = { plan, query, job, log, continues: false };
    return { outcome: await writeRows(parts, file, session), file };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

/** What others do to the file meanwhile counts: the rows wait until they can follow what is there then. */
async function writeAppended({ plan, filter, held, job, log, session }: Run): Promise<Written> {
  const { target, lock } = held;
  await checkAppend(plan, target, await baseOf(target));
  const rows = await openScratchFile(target);
  try {
    const query = { ...plan.query, filter };
    const parts = { plan, query, job, log, continues: true };
    const outcome = await writeRows(parts, rows, session);
    for (let base: Base = await baseOf(target); ; base = await baseOf(target)) {
      await checkAppend(plan, target, base);
      const file = await openAtomicFile(target, lock);
      try {
        await copyBase(plan, target, base, file);
        await copyRows(rows.handle, file);
        await file.flush();
        if ((await baseOf(target)).version === base.version) return { outcome, file };
      } catch (error) {
        await file.abandon();
        throw error;
      }
      await file.abandon();
    }
  } finally {
    await rows.close();
  }
}

async function openPlannedJob(plan: ExportPlan, session: Session): Promise<Job | undefined> {
  const { job: name, query } = plan;
  if (name === undefined) return undefined;
  const { resource, typed } = query;
  return openAccountJob(name, `${resource.many} export`, resource, typed, session);
}

/** The filter, from the job's mark on where the service can be asked for that. */
function filterSince({ query }: ExportPlan, job: Job | undefined): Filter {
  const { filter, resource } = query;
  const { createdAfter, filters } = resource;
  if (job?.from === undefined || createdAfter === undefined) return filter;
  return narrowedTo(filter, filters, createdAfter, job.from);
}

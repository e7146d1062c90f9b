import { type AtomicFile, openAtomicFile } from '../files/atomic-file.ts';
import type { FileIdentity } from '../files/file-identity.ts';
import type { Lock } from '../files/lock.ts';
import { checkTarget, type Target } from '../files/target.ts';
import type { Filter } from '../records/filter-field.ts';
import type { Session } from '../session.ts';
import type { Job } from '../state/job.ts';
import type { Json } from '../table.ts';
import { version } from '../version.ts';
import type { ExportPlan } from './plan.ts';
import type { Outcome } from './rows.ts';

/** What was asked for, and what is on the disk. */
export function manifestOf(
  { options, output, query }: ExportPlan,
  { source, columns, rows, cut }: Outcome,
  { sha256, bytes }: FileIdentity,
  filter: Filter,
  job: Job | undefined,
  session: Session,
): { readonly [name: string]: Json } {
  const { tally } = source.walk;
  const { stable = null } = tally;
  const { dropped } = source;
  return {
    file: output.file ?? null,
    sha256,
    bytes,
    rows,
    format: output.format,
    columns: columns.map(({ name }) => name),
    host: session.host,
    profile: session.profile,
    filters: query.typed as { readonly [name: string]: Json },
    window: { created: windowOf(filter, 'created'), seen: windowOf(filter, 'seen') },
    body: query.resource.requests(filter)(1).body ?? null,
    sinceLast: job === undefined ? null : (job.lastRun?.toISOString() ?? 'everything'),
    limit: options.limit ?? null,
    started: query.now.toISOString(),
    finished: session.context.now().toISOString(),
    pages: tally.pages,
    received: tally.received,
    unique: tally.unique,
    duplicates: tally.duplicates,
    late: tally.late,
    keyless: tally.keyless,
    dropped: dropped.total,
    excluded: dropped.excluded,
    // Exported by an earlier run of the job.
    known: job === undefined ? 0 : tally.unique - dropped.total - dropped.excluded - rows,
    walks: tally.walks,
    complete: tally.ended && stable !== false && !cut,
    stable,
    appended: options.append,
    version,
  };
}

/** Where the manifest of a file goes. Throws exit 7 where it can't. */
export function manifestTarget({ path }: Target): Promise<Target> {
  return checkTarget(`${path}.manifest.json`);
}

/** Under the lock of the file that it is about. */
export async function writeManifest(target: Target, manifest: Json, lock: Lock): Promise<void> {
  let file: AtomicFile | undefined;
  try {
    file = await openAtomicFile(target, lock);
    await file.write(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.commit();
  } finally {
    await file?.abandon();
  }
}

/** The exact window, as instants; null for an open end. */
function windowOf(filter: Filter, name: string) {
  const instant = (edge: string) =>
    filter.find((condition) => condition.name === `${name}${edge}`)?.instant?.toISOString() ?? null;
  const [start, end] = [instant('After'), instant('Before')];
  return start === null && end === null ? null : { start, end };
}

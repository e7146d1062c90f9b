import type { Query } from '../commands/contacts/query.ts';
import { type FileDestination, toFile } from '../files/atomic-file.ts';
import type { Filter, Window } from '../records/contacts/filters.ts';
import { filterFlagsOf } from '../records/contacts/filters.ts';
import { whoseContacts } from '../session.ts';
import { version } from '../version.ts';
import type { ExportParts, Outcome } from './export-run.ts';

export interface Manifested extends ExportParts {
  readonly query: Query;
  readonly target: string;
  readonly destination: FileDestination;
  readonly outcome: Outcome;
}

/** Writes FILE.manifest.json: what was asked for, and what was flushed to the disk. */
export async function writeManifest(done: Manifested): Promise<void> {
  const { options, context, plan, job, query, target, destination, outcome } = done;
  const { tally } = outcome.reading.walk;
  const { stable = null } = tally;
  const manifest = {
    file: plan.file,
    sha256: destination.sha256,
    bytes: destination.bytes,
    rows: outcome.rows,
    format: plan.format,
    columns: outcome.columns.map(({ name }) => name),
    ...whoseContacts(options, context),
    filters: filterFlagsOf(options),
    window: windowsOf(query.filter),
    body: query.body,
    sinceLast: job === undefined ? null : (job.lastRun?.toISOString() ?? 'everything'),
    started: query.now.toISOString(),
    finished: context.now().toISOString(),
    pages: tally.pages,
    received: tally.received,
    unique: tally.unique,
    duplicates: tally.duplicates,
    late: tally.late,
    dropped: outcome.reading.leftOut.total,
    /** Exported by an earlier run of the job. */
    known: tally.unique - outcome.reading.leftOut.total - outcome.rows,
    walks: tally.walks,
    complete: tally.ended && stable !== false,
    stable,
    appended: options.append,
    version,
  };
  const beside = await toFile(`${target}.manifest.json`);
  try {
    await beside.write(`${JSON.stringify(manifest, null, 2)}\n`);
    await beside.commit();
  } finally {
    await beside.abandon();
  }
}

/** The exact windows, as instants; null for an open end. */
function windowsOf({ created, seen }: Filter) {
  return { created: instants(created), seen: instants(seen) };
}

function instants(window: Window | undefined) {
  if (window === undefined) return null;
  return { start: window.start?.toISOString() ?? null, end: window.end?.toISOString() ?? null };
}

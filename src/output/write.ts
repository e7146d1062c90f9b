import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { type AtomicFile, openAtomicFile } from '../files/atomic-file.ts';
import { expandHome } from '../files/home.ts';
import { type Lock, takeLock } from '../files/lock.ts';
import { checkTarget, type Target } from '../files/target.ts';
import type { Table } from '../table.ts';
import { capabilitiesOf } from '../terminal/capabilities.ts';
import type { Spinner } from '../terminal/spinner.ts';
import type { Destination } from './destination.ts';
import type { Delimiter, Format, FormatOptions } from './format.ts';
import { type FormatName, formatFacts, formatNamedBy, loadFormat, parseFormat } from './formats.ts';
import { Jq } from './jq.ts';
import { toStdout } from './stdout.ts';

/** What the output flags say. */
export interface OutputOptions {
  readonly format?: string | undefined;
  readonly output?: string | undefined;
  readonly header: boolean;
  readonly excel: boolean;
  readonly delimiter: Delimiter;
  /** Where a flag was typed that is for one format alone. */
  readonly meant: 'csv' | 'vcf' | undefined;
  readonly guard: boolean;
  readonly vcard: '3.0' | '4.0';
  readonly truncate?: boolean | undefined;
  readonly jq?: string | undefined;
}

/** Where a table goes and in which form: settled before anything is read. */
export interface OutputPlan {
  readonly format: FormatName;
  readonly gzip: boolean;
  /** As the user would type it; undefined for standard output. */
  readonly file: string | undefined;
  /** Whether a person sees it as it is written. */
  readonly onTerminal: boolean;
  readonly options: FormatOptions;
  /** What --jq makes of the records in place of the format; to be checked before anything is read. */
  readonly jq: Jq | undefined;
}

export interface PlanFacts {
  /** The command's own choice where neither --format nor -o says. */
  readonly otherwise: FormatName;
  readonly context: Context;
  readonly color: boolean;
  /** The zone of times shown to people, and of {date} and {time}. */
  readonly zone: () => string;
  /** For {profile}. */
  readonly profile: () => string;
  /** Bounds --jq, in seconds. */
  readonly timeout: number;
  /** One record, which is no array even as json. */
  readonly lone?: boolean;
  readonly warn: (line: string) => void;
}

/** Settles --format and -o. Throws a usage error for what can't be written there. */
export function planOutput(options: OutputOptions, facts: PlanFacts): OutputPlan {
  const { context, color, zone, warn } = facts;
  const { header, excel, delimiter, guard, vcard, truncate = true } = options;
  const typed = options.output === '-' ? undefined : options.output;
  const file = typed === undefined ? undefined : fillIn(typed, facts);
  if (file === '') {
    throw usageError('-o names no file', 'give it a name, such as -o contacts.csv');
  }
  const chosen = options.format === undefined ? undefined : parseFormat(options.format);
  const format =
    chosen ?? (file === undefined ? impliedFormat(options, facts) : formatNamedBy(file));
  const onTerminal = file === undefined && context.stdout.isTTY === true;
  if (onTerminal && !formatFacts(format).isText) {
    throw usageError(`${format} is not text: a terminal can't show it`, 'use: -o FILE');
  }
  if (options.jq !== undefined && format !== 'json' && format !== 'ndjson') {
    throw usageError(
      `--jq makes JSON of its own, and no ${format}`,
      'its formats are ndjson, for each record, and json, over the array of all',
    );
  }
  return {
    format,
    onTerminal,
    gzip: file !== undefined && /\.gz$/i.test(file),
    file,
    options: {
      header,
      excel,
      delimiter,
      guard,
      vcard,
      indent: onTerminal,
      // A file has neither colours nor an edge.
      terminal: capabilitiesOf(context.stdout, context.env, {
        color: color && file === undefined,
        truncate: truncate && file === undefined,
      }),
      timeZone: zone,
      warn,
      now: context.now(),
    },
    jq: options.jq === undefined ? undefined : openJq(options.jq, facts),
  };
}

/** What is meant where neither --format nor -o says. */
function impliedFormat({ jq, meant }: OutputOptions, { otherwise, lone }: PlanFacts): FormatName {
  if (jq !== undefined) return lone ? 'json' : 'ndjson';
  return meant ?? otherwise;
}

function openJq(expression: string, { context, timeout }: PlanFacts): Jq {
  return new Jq(expression, context, timeout * 1000);
}

/** Puts the local date, time, profile and home in place of {date}, {time}, {profile} and ~/. */
export function fillIn(
  typed: string,
  { context, zone, profile }: Pick<PlanFacts, 'context' | 'zone' | 'profile'>,
): string {
  const file = expandHome(typed, context.env);
  if (!/\{(date|time|profile)\}/.test(file)) return file;
  const [date = '', time = ''] = context
    .now()
    .toLocaleString('sv-SE', { timeZone: zone() })
    .split(' ');
  return file
    .replaceAll('{date}', date)
    .replaceAll('{time}', time.replaceAll(':', ''))
    .replaceAll('{profile}', profile());
}

/** A file's place, held: checked, and locked against other runs. */
export interface HeldTarget {
  readonly target: Target;
  readonly lock: Lock;
}

/** Checks and locks the file of a plan. Throws exit 7 or 75 before anything is read. */
export async function holdTarget(file: string, hint?: string): Promise<HeldTarget> {
  const target = await checkTarget(file, hint);
  return { target, lock: await takeLock(`${target.path}.lock`, file) };
}

/** Writes a table where the plan says, whole or not at all; `held` is that place where it was taken before. */
export async function writeTable(
  table: Table,
  plan: OutputPlan,
  context: Context,
  spinner: Spinner,
  format?: Format,
  held?: HeldTarget,
): Promise<void> {
  if (plan.file === undefined) {
    const destination = openStdout(plan, context);
    try {
      await writeChunks(await chunksOf(table, plan, spinner, format), plan, destination);
      await destination.commit();
    } finally {
      await destination.abandon();
    }
    return;
  }
  const { target, lock } = held ?? (await holdTarget(plan.file));
  let file: AtomicFile | undefined;
  try {
    file = await openAtomicFile(target, lock);
    await writeChunks(await chunksOf(table, plan, spinner, format), plan, file);
    await file.commit();
  } finally {
    await file?.abandon();
    if (held === undefined) await lock.release();
  }
}

export function openStdout({ format }: OutputPlan, { stdout, signal }: Context): Destination {
  return toStdout(stdout, formatFacts(format).styled, signal);
}

/**
 * A table in the plan's format. On a terminal the progress is gone before the first of it; what reads
 * a pipe may write to the terminal, too, and finds a clean line.
 */
export async function chunksOf(
  table: Table,
  { format, options, file, onTerminal, jq }: OutputPlan,
  spinner: Spinner,
  own?: Format,
  continues = false,
): Promise<AsyncIterable<string | Uint8Array>> {
  const write =
    jq?.over(format === 'json' && own === undefined ? 'array' : 'records') ??
    own ??
    (await loadFormat(format));
  const chunks = write(table, { ...options, continues });
  if (file !== undefined) return chunks;
  return before(chunks, () => (onTerminal ? spinner.end() : spinner.clear()));
}

/** Writes every chunk, compressed if the plan says so. */
export async function writeChunks(
  chunks: AsyncIterable<string | Uint8Array>,
  { gzip }: OutputPlan,
  destination: Pick<Destination, 'write'>,
): Promise<void> {
  const packed = gzip ? (await import('./gzip.ts')).gzipped(chunks) : chunks;
  for await (const chunk of packed) await destination.write(chunk);
}

async function* before<T>(chunks: AsyncIterable<T>, act: () => void): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    act();
    yield chunk;
  }
}

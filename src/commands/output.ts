import type { GlobalOptions, OutputOptions } from '../cli/flags.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import type { Destination } from '../output/destination.ts';
import { toStdout } from '../output/destination.ts';
import type { FormatOptions } from '../output/format.ts';
import {
  type FormatName,
  formatFacts,
  formatNames,
  formatOfPath,
  parseFormat,
} from '../output/formats.ts';
import { checkZone, systemZone } from '../records/dates.ts';
import { whoseContacts } from '../session.ts';
import { lookOf } from '../terminal/capabilities.ts';

/** Where the output goes and in which form. */
export interface OutputPlan {
  readonly format: FormatName;
  readonly gzip: boolean;
  /** Undefined for standard output. */
  readonly file: string | undefined;
}

/** Settles --format and -o; `otherwise` is the command's own choice where neither says. */
export function planOutput(options: OutputOptions, otherwise: FormatName): OutputPlan {
  const { output } = options;
  const file = output === undefined || output === '-' ? undefined : output;
  const format = options.format === undefined ? undefined : parseFormat(options.format);
  if (file === undefined) return { format: format ?? otherwise, gzip: false, file };
  const found = formatOfPath(file);
  const gzip = /\.gz$/i.test(file);
  if (format !== undefined) return { format, gzip, file };
  if (found === undefined) {
    throw usageError(
      `the extension of ${file} names no format`,
      `end it in .csv .tsv .json .ndjson .jsonl .md .vcf .xlsx or .parquet (also with .gz), or give --format: ${formatNames.join(', ')}`,
    );
  }
  return { ...found, file };
}

export function formatOptions(
  options: OutputOptions & GlobalOptions & { readonly truncate?: boolean },
  context: Context,
  timeZone: () => string,
): FormatOptions {
  const { header, excel, guard, vcard, color, truncate = true } = options;
  return { header, excel, guard, vcard, look: lookOf(context, { color, truncate, timeZone }) };
}

/** Standard output for the plan's format. Throws a usage error for bytes on a terminal. */
export function openStdout({ format }: OutputPlan, { stdout, signal }: Context): Destination {
  const { isText, styled } = formatFacts(format);
  if (!isText && stdout.isTTY === true) {
    throw usageError(`${format} is not text: a terminal can't show it`, 'use: -o FILE');
  }
  return toStdout(stdout, styled, signal);
}

/** Opens what the plan names. */
export async function openDestination(plan: OutputPlan, context: Context): Promise<Destination> {
  if (plan.file === undefined) return openStdout(plan, context);
  const { checkTarget, toFile } = await import('../files/atomic-file.ts');
  return toFile(await checkTarget(plan.file));
}

/** Puts the local date, time and the profile in place of {date}, {time} and {profile}. */
export function fillIn(
  plan: OutputPlan,
  options: OutputOptions & GlobalOptions,
  context: Context,
): OutputPlan {
  if (plan.file === undefined || !/\{(date|time|profile)\}/.test(plan.file)) return plan;
  const zone = options.tz === undefined ? systemZone() : checkZone(options.tz);
  const [date = '', time = ''] = new Date(context.now())
    .toLocaleString('sv-SE', { timeZone: zone })
    .split(' ');
  const file = plan.file
    .replaceAll('{date}', date)
    .replaceAll('{time}', time.replaceAll(':', ''))
    .replaceAll('{profile}', whoseContacts(options, context).profile);
  return { ...plan, file };
}

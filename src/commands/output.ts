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
import { lookOf } from '../terminal/look.ts';
import type { GlobalOptions, OutputOptions } from './flags.ts';

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
      `end it in .csv .tsv .json .ndjson .jsonl or .md (also with .gz), or give --format: ${formatNames.join(', ')}`,
    );
  }
  return { ...found, file };
}

export function formatOptions(
  options: OutputOptions & GlobalOptions & { readonly truncate?: boolean },
  context: Context,
  timeZone: () => string,
): FormatOptions {
  const { header, excel, guard, color, truncate = true } = options;
  return { header, excel, guard, look: lookOf(context, { color, truncate, timeZone }) };
}

/** Opens what the plan names. */
export async function openDestination(plan: OutputPlan, { stdout }: Context): Promise<Destination> {
  if (plan.file === undefined) return toStdout(stdout, formatFacts(plan.format).styled);
  const { checkTarget, toFile } = await import('../output/file.ts');
  return toFile(await checkTarget(plan.file));
}

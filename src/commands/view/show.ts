import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { readSettings } from '../../state/settings.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';
import { readView } from './stored.ts';
import { flagLine } from './words.ts';

export interface ShowOptions extends GlobalOptions {
  readonly format: 'text' | 'json';
}

/** Prints a view as a command line that does without it, or as JSON. */
export async function run(options: ShowOptions, context: Context, name: string): Promise<void> {
  const { stdout, env } = context;
  const filters = readView(name, readSettings(env), env);
  const text =
    options.format === 'json'
      ? JSON.stringify(filters, null, 2)
      : `reekolect contacts list ${flagLine(filters)}`;
  stdout.write(
    `${stdout.isTTY === true && options.format === 'text' ? sanitizeText(text) : text}\n`,
  );
}

import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { ExplainedError, exitCodes } from '../../errors.ts';
import { readSettings } from '../../state/settings.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';
import { findKey } from './keys.ts';
import { effectiveOf } from './value.ts';

/** Prints the value in force for a key. Throws exit 9 where there is none. */
export async function getSetting(program: Command, context: Context, name: string): Promise<void> {
  const key = findKey(program, name);
  const found = await effectiveOf(key, program, readSettings(context.env), context);
  if (found === undefined) {
    throw new ExplainedError({
      exit: exitCodes.nothing,
      code: 'not-set',
      message: `${key.name} is not set`,
      hint: `set it: reekolect config set ${key.name} VALUE`,
    });
  }
  context.stdout.write(`${sanitizeText(found.value)}\n`);
}

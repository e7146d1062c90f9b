import type { Command } from 'commander';
import { badDefault, readStored } from '../../cli/stored-defaults.ts';
import type { Env } from '../../context.ts';
import { ExplainedError, usageError } from '../../errors.ts';
import { type Settings, settingsFile } from '../../state/settings.ts';
import { readView } from '../view/stored.ts';
import { keysOf } from './keys.ts';

/** What commands would refuse in the store: defaults that no flag takes, damaged views. */
export async function wrongInStore(
  program: Command,
  settings: Settings,
  env: Env,
): Promise<readonly ExplainedError[]> {
  const keys = keysOf(program);
  const wrong: ExplainedError[] = [];
  for (const [name, stored] of Object.entries(settings.defaults ?? {})) {
    const flags = keys.get(name)?.settings ?? [];
    const refusals = await Promise.all(
      flags.map(({ setting }) => readStored(setting, stored).then(() => undefined, asError)),
    );
    if (flags.length === 0) wrong.push(unknownKey(name, env));
    else if (!refusals.includes(undefined)) wrong.push(badDefault(name, refusals[0], env));
  }
  for (const name of Object.keys(settings.views ?? {})) {
    try {
      readView(name, settings, env);
    } catch (error) {
      if (error instanceof ExplainedError) wrong.push(error);
    }
  }
  return wrong;
}

function asError(error: unknown): unknown {
  return error ?? new Error('not valid');
}

function unknownKey(name: string, env: Env): ExplainedError {
  return usageError(
    `${settingsFile(env)} holds a default for ${name}, which is no setting`,
    `forget it: reekolect config unset ${name}`,
  );
}

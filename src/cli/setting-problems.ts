import type { Command } from 'commander';
import type { Env } from '../context.ts';
import { ExplainedError, usageError } from '../errors.ts';
import { contactFilters } from '../records/contacts/filters.ts';
import { type Settings, settingsFile } from '../state/settings.ts';
import { readView } from '../state/views.ts';
import { keysOf } from './setting-keys.ts';
import { badDefault, parseStored } from './stored-defaults.ts';

/** What commands would refuse in the settings: defaults that no flag takes, damaged views. */
export async function problemsIn(
  settings: Settings,
  program: Command,
  env: Env,
): Promise<readonly ExplainedError[]> {
  const keys = keysOf(program);
  const problems: ExplainedError[] = [];
  for (const [name, stored] of Object.entries(settings.defaults ?? {})) {
    const options = keys.get(name)?.options ?? [];
    const refusals = await Promise.all(
      options.map(({ option }) => parseStored(option, stored).then(() => undefined, asError)),
    );
    if (options.length === 0) problems.push(unknownKey(name, env));
    else if (!refusals.includes(undefined)) problems.push(badDefault(name, refusals[0], env));
  }
  for (const name of Object.keys(settings.views ?? {})) {
    try {
      readView(name, contactFilters, settings, env);
    } catch (error) {
      if (error instanceof ExplainedError) problems.push(error);
    }
  }
  return problems;
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

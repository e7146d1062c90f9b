import type { Command } from 'commander';
import type { Env } from '../context.ts';
import { ExplainedError, usageError } from '../errors.ts';
import { type Settings, settingsFile } from '../state/settings.ts';
import { rootOf, StoredOption, storedOptionsUnder, withParents, wordsOf } from './stored-option.ts';

/**
 * Puts stored defaults where the command line says nothing. With `lenient`, for commands that
 * must work whatever the settings hold, those that are wrong are skipped.
 */
export async function applyDefaults(
  command: Command,
  settings: Settings,
  env: Env,
  lenient: boolean,
): Promise<void> {
  for (const owner of withParents(command)) {
    for (const option of owner.options) {
      if (!(option instanceof StoredOption)) continue;
      const applied = applyDefault(command, owner, option, settings, env);
      await (lenient ? applied.catch(() => undefined) : applied);
    }
  }
}

async function applyDefault(
  command: Command,
  owner: Command,
  option: StoredOption,
  settings: Settings,
  env: Env,
): Promise<void> {
  const { variables = [], yieldsTo = [] } = option.facts;
  const source = owner.getOptionValueSource(option.attributeName());
  if (source !== undefined && source !== 'default') return;
  if (variables.some((name) => env[name])) return;
  if (yieldsTo.some((name) => isTyped(command, name))) return;
  const { defaults = {} } = settings;
  const key = storedKeys(owner, option).find((name) => Object.hasOwn(defaults, name));
  if (key === undefined) return;
  try {
    const value = await parseStored(option, defaults[key]);
    owner.setOptionValueWithSource(option.attributeName(), value, 'config');
  } catch (error) {
    if (key === option.key && (await suitsSome(rootOf(command), key, defaults[key]))) return;
    throw badDefault(key, error, env);
  }
}

/** Whether a stored value is right for some command: others then do without it. */
async function suitsSome(root: Command, key: string, stored: unknown): Promise<boolean> {
  for (const { option } of storedOptionsUnder(root)) {
    if (option.key !== key || option.facts.alone) continue;
    const suits = await parseStored(option, stored).then(
      () => true,
      () => false,
    );
    if (suits) return true;
  }
  return false;
}

/** The keys under which a flag's default may stand, the one for its command alone first. */
export function storedKeys(owner: Command, { key, facts }: StoredOption): readonly string[] {
  if (owner.parent === null) return [key];
  const own = [...wordsOf(owner), key].join('.');
  return facts.alone ? [own] : [own, key];
}

/** What the flag would make of a stored value. Throws for one that the flag would refuse. */
export async function parseStored(option: StoredOption, stored: unknown): Promise<unknown> {
  if (!['string', 'number', 'boolean'].includes(typeof stored)) throw new Error('it is no text');
  const value = option.parse(String(stored));
  await option.facts.check?.(value as never);
  return value;
}

function isTyped(command: Command, attribute: string): boolean {
  return command.getOptionValueSourceWithGlobals(attribute) === 'cli';
}

export function badDefault(key: string, error: unknown, env: Env): ExplainedError {
  const why = error instanceof Error ? error.message : String(error);
  const hint = error instanceof ExplainedError ? error.hint : undefined;
  return usageError(
    `the stored default ${key} in ${settingsFile(env)} is not valid: ${why}`,
    `${hint === undefined ? '' : `${hint} · `}forget it: reekolect config unset ${key}`,
    'bad-default',
  );
}

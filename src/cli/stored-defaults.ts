import type { Command } from 'commander';
import type { Env } from '../context.ts';
import { ExplainedError, usageError } from '../errors.ts';
import { readSettings, type Settings, settingsFile } from '../state/settings.ts';
import { lineOf, rootOf, Setting, settingsUnder, wordsOf } from './stored-option.ts';

/** Puts what the store holds, a view included, where the command line says nothing. */
export async function applyStore(command: Command, env: Env): Promise<void> {
  const settings = readSettings(env);
  for (const here of lineOf(command)) {
    for (const option of here.options) {
      if (option instanceof Setting) await applyDefault(command, here, option, settings, env);
    }
  }
  if (command.opts()['view'] === undefined) return;
  const { applyView } = await import('../commands/view/apply.ts');
  applyView(command, settings, env);
}

/** The same for commands that must work whatever the store holds: what is wrong there is skipped. */
export async function applySoundStore(command: Command, env: Env): Promise<void> {
  let settings: Settings;
  try {
    settings = readSettings(env);
  } catch {
    return;
  }
  for (const here of lineOf(command)) {
    for (const option of here.options) {
      if (!(option instanceof Setting)) continue;
      await applyDefault(command, here, option, settings, env).catch(() => undefined);
    }
  }
}

async function applyDefault(
  command: Command,
  owner: Command,
  setting: Setting,
  settings: Settings,
  env: Env,
): Promise<void> {
  const { variables = [], yieldsTo } = setting.facts;
  const source = owner.getOptionValueSource(setting.attributeName());
  if (source !== undefined && source !== 'default') return;
  if (variables.some((name) => env[name])) return;
  if (yieldsTo !== undefined && given(command, yieldsTo)) return;
  const key = storedKeys(owner, setting).find((name) =>
    Object.hasOwn(settings.defaults ?? {}, name),
  );
  if (key === undefined) return;
  try {
    const value = await readStored(setting, settings.defaults?.[key]);
    owner.setOptionValueWithSource(setting.attributeName(), value, 'config');
  } catch (error) {
    const stored = settings.defaults?.[key];
    if (key === setting.key && (await suitsSome(rootOf(command), key, stored))) return;
    throw badDefault(key, error, env);
  }
}

/** Whether a stored value is right for some command: others then do without it. */
async function suitsSome(root: Command, key: string, stored: unknown): Promise<boolean> {
  for (const { setting } of settingsUnder(root)) {
    if (setting.key !== key || setting.facts.alone) continue;
    const suits = await readStored(setting, stored).then(
      () => true,
      () => false,
    );
    if (suits) return true;
  }
  return false;
}

/** The keys under which a flag's default may stand, the one for its command alone first. */
export function storedKeys(owner: Command, setting: Setting): readonly string[] {
  const { key, facts } = setting;
  if (owner.parent === null) return [key];
  const own = [...wordsOf(owner), key].join('.');
  return facts.alone ? [own] : [own, key];
}

/** What the flag would make of a stored value. Throws for one that the flag would refuse. */
export async function readStored(setting: Setting, stored: unknown): Promise<unknown> {
  if (!['string', 'number', 'boolean'].includes(typeof stored)) throw usageError('it is no text');
  const value = setting.read(String(stored));
  await setting.facts.check?.(value);
  return value;
}

function given(command: Command, attribute: string): boolean {
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

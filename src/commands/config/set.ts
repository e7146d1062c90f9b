import type { Command } from 'commander';
import { readApiUrl } from '../../api/api-url.ts';
import type { GlobalOptions } from '../../cli/flags.ts';
import { readStored } from '../../cli/stored-defaults.ts';
import type { Context } from '../../context.ts';
import { ExplainedError, usageError } from '../../errors.ts';
import { profileOf, sandboxProfile } from '../../session.ts';
import {
  changeSettings,
  isName,
  readSettings,
  type Settings,
  settingsFile,
} from '../../state/settings.ts';
import { Log } from '../../terminal/log.ts';
import { findKey, type Key } from './keys.ts';

/** Stores a default, once some command that has the flag accepts it. */
export async function setSetting(
  program: Command,
  context: Context,
  name: string,
  text: string,
): Promise<void> {
  const options = program.opts<GlobalOptions>();
  const key = findKey(program, name);
  const change = await changeFor(key, text, options, context);
  await changeSettings(context.env, change);
  const log = new Log(context, options);
  log.status(`${key.name} is now ${text}, in ${settingsFile(context.env)}`);
  const [first] = key.settings;
  const winner = first?.setting.facts.variables?.find((variable) => context.env[variable]);
  if (winner !== undefined) log.warn(`${winner} is set and goes before it`);
}

async function changeFor(
  key: Key,
  text: string,
  options: GlobalOptions,
  context: Context,
): Promise<(before: Settings) => Settings> {
  if (key.name === 'profile') {
    if (!isName(text)) {
      throw usageError(`not a name for a profile: ${text}`, 'use letters, digits, . _ - and @');
    }
    return (before) => ({ ...before, profile: text });
  }
  if (key.name === 'api-url') {
    const apiUrl = readApiUrl(text).href;
    const profile = profileOf(options, context, readSettings(context.env));
    if (profile === sandboxProfile) throw usageError('the profile sandbox has its own server');
    return (before) => withUrl(before, profile, apiUrl);
  }
  await checkValue(key, text);
  return (before) => ({ ...before, defaults: { ...before.defaults, [key.name]: text } });
}

function withUrl(before: Settings, profile: string, apiUrl: string): Settings {
  const profiles = before.profiles ?? {};
  const known = Object.hasOwn(profiles, profile) ? profiles[profile] : {};
  return { ...before, profiles: { ...profiles, [profile]: { ...known, apiUrl } } };
}

/** Commands may take different values for a flag: one that takes this is enough. */
async function checkValue(key: Key, text: string): Promise<void> {
  let refusal: unknown;
  for (const { setting } of key.settings) {
    try {
      await readStored(setting, text);
      return;
    } catch (error) {
      refusal ??= error;
    }
  }
  if (refusal instanceof ExplainedError) throw refusal;
  const why = refusal instanceof Error ? refusal.message : String(refusal);
  throw usageError(`"${text}" is not valid for ${key.name}`, why, 'bad-value');
}

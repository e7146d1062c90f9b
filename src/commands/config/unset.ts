import type { Command } from 'commander';
import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { profileOf } from '../../session.ts';
import { changeSettings, readSettings, type Settings } from '../../state/settings.ts';
import { Log } from '../../terminal/log.ts';
import { findKey } from './keys.ts';

/** Forgets a stored default; one that is not stored is no mistake. */
export async function unsetSetting(
  program: Command,
  context: Context,
  name: string,
): Promise<void> {
  const options = program.opts<GlobalOptions>();
  const before = readSettings(context.env);
  // A key of another version of this tool can be forgotten too.
  const key = Object.hasOwn(before.defaults ?? {}, name) ? name : findKey(program, name).name;
  const profile = key === 'api-url' ? profileOf(options, context, before) : '';
  await changeSettings(context.env, (now) => without(now, key, profile));
  new Log(context, options).status(`${key} is no longer stored`);
}

function without(settings: Settings, key: string, profile: string): Settings {
  if (key === 'profile') {
    const { profile: _forgotten, ...kept } = settings;
    return kept;
  }
  if (key === 'api-url') {
    const { profiles = {} } = settings;
    if (!Object.hasOwn(profiles, profile)) return settings;
    const { apiUrl: _forgotten, ...kept } = profiles[profile] ?? {};
    return { ...settings, profiles: { ...profiles, [profile]: kept } };
  }
  const { [key]: _forgotten, ...defaults } = settings.defaults ?? {};
  return { ...settings, defaults };
}

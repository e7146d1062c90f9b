import type { Command } from 'commander';
import { defaultApiUrl } from '../../api/api-url.ts';
import type { GlobalOptions } from '../../cli/flags.ts';
import { readStored } from '../../cli/stored-defaults.ts';
import type { OwnedSetting } from '../../cli/stored-option.ts';
import type { Context, Env } from '../../context.ts';
import { profileOf, sandboxProfile } from '../../session.ts';
import type { Settings } from '../../state/settings.ts';
import type { Key } from './keys.ts';

/** What a flag comes to where the command line leaves it out, and who says so. */
export interface Effective {
  readonly value: string;
  readonly from: string;
}

/** The value in force for a key: flag, environment, store, default; undefined where none says. */
export async function effectiveOf(
  key: Key,
  program: Command,
  settings: Settings,
  context: Context,
): Promise<Effective | undefined> {
  const [first] = key.settings;
  if (first === undefined) return undefined;
  return (
    ofFlag(first) ??
    ofEnvironment(first, context.env) ??
    (await ofStore(key, program, settings, context)) ??
    ofDefault(first)
  );
}

function ofFlag({ owner, setting }: OwnedSetting): Effective | undefined {
  const attribute = setting.attributeName();
  if (owner.getOptionValueSource(attribute) !== 'cli') return undefined;
  return { value: String(owner.getOptionValue(attribute)), from: `flag ${setting.long}` };
}

function ofEnvironment({ setting }: OwnedSetting, env: Env): Effective | undefined {
  const name = setting.facts.variables?.find((variable) => env[variable]);
  if (name === undefined) return undefined;
  const text = env[name] ?? '';
  return {
    value: setting.key === 'color' ? String(wantsColor(name, text)) : text,
    from: `environment ${name}`,
  };
}

function wantsColor(name: string, text: string): boolean {
  return name === 'FORCE_COLOR' && text !== '0' && text !== 'false';
}

async function ofStore(
  { name, settings: flags }: Key,
  program: Command,
  settings: Settings,
  context: Context,
): Promise<Effective | undefined> {
  if (name === 'profile') return ofName(settings.profile);
  if (name === 'api-url') return ofProfile(program.opts(), settings, context);
  const { defaults = {} } = settings;
  if (!Object.hasOwn(defaults, name)) return undefined;
  const value = String(defaults[name]);
  for (const { setting } of flags) {
    const wrong = await readStored(setting, defaults[name]).catch((error: Error) => error);
    if (!(wrong instanceof Error)) return { value, from: 'config' };
  }
  return { value, from: 'config (not valid)' };
}

function ofProfile(options: GlobalOptions, settings: Settings, context: Context) {
  const profile = profileOf(options, context, settings);
  if (profile === sandboxProfile) return { value: '', from: 'profile sandbox, its own server' };
  const profiles = settings.profiles ?? {};
  const stored = Object.hasOwn(profiles, profile) ? profiles[profile]?.apiUrl : undefined;
  return stored ? { value: stored, from: `profile ${profile}` } : undefined;
}

function ofDefault({ setting }: OwnedSetting): Effective | undefined {
  if (setting.key === 'profile') return { value: 'default', from: 'default' };
  if (setting.key === 'api-url') return { value: defaultApiUrl, from: 'default' };
  const value: unknown = setting.negate ? true : setting.defaultValue;
  return value === undefined ? undefined : { value: String(value), from: 'default' };
}

function ofName(profile: string | undefined): Effective | undefined {
  return profile ? { value: profile, from: 'config' } : undefined;
}

import { defaultApiUrl } from '../api/api-url.ts';
import type { Env } from '../context.ts';
import type { Session } from '../session.ts';
import { profileIn } from '../state/account.ts';
import type { Json } from '../table.ts';
import type { Key } from './setting-keys.ts';
import { parseStored } from './stored-defaults.ts';
import type { OwnedOption } from './stored-option.ts';

/** What a flag comes to where the command line leaves it out, and who says so. */
export interface Effective {
  readonly value: string;
  readonly from: string;
}

/** The value in force for a key: flag, environment, settings, default; undefined where none says. */
export async function effectiveOf(key: Key, session: Session): Promise<Effective | undefined> {
  const [first] = key.options;
  if (first === undefined) return undefined;
  return (
    ofFlag(first) ??
    ofEnvironment(first, session.context.env) ??
    (await ofSettings(key, session)) ??
    ofDefault(first, session)
  );
}

function ofFlag({ owner, option }: OwnedOption): Effective | undefined {
  const attribute = option.attributeName();
  if (owner.getOptionValueSource(attribute) !== 'cli') return undefined;
  return { value: String(owner.getOptionValue(attribute)), from: `flag ${option.long}` };
}

function ofEnvironment({ option }: OwnedOption, env: Env): Effective | undefined {
  const name = option.facts.variables?.find((variable) => env[variable]);
  if (name === undefined) return undefined;
  const text = env[name] ?? '';
  return {
    value: option.key === 'color' ? String(wantsColor(name, text)) : text,
    from: `environment ${name}`,
  };
}

function wantsColor(name: string, text: string): boolean {
  return name === 'FORCE_COLOR' && text !== '0' && text !== 'false';
}

async function ofSettings(
  { name, options }: Key,
  session: Session,
): Promise<Effective | undefined> {
  const { defaults = {}, profile } = session.settings;
  if (name === 'profile')
    return profile === undefined
      ? undefined
      : { value: profile, from: profile ? 'config' : 'none since auth logout' };
  if (name === 'api-url') return ofProfile(session);
  if (!Object.hasOwn(defaults, name)) return undefined;
  const value = String(defaults[name]);
  for (const { option } of options) {
    const valid = await parseStored(option, defaults[name]).then(
      () => true,
      () => false,
    );
    if (valid) return { value, from: 'config' };
  }
  return { value, from: 'config (not valid)' };
}

function ofProfile({ profile, sandboxed, settings }: Session): Effective | undefined {
  if (sandboxed) return { value: '', from: 'profile sandbox, its own server' };
  const { apiUrl } = profileIn(settings, profile);
  return apiUrl ? { value: apiUrl, from: `profile ${profile}` } : undefined;
}

function ofDefault({ option }: OwnedOption, session: Session): Effective | undefined {
  if (option.key === 'profile') return { value: 'default', from: 'default' };
  if (option.key === 'api-url') return { value: defaultApiUrl, from: 'default' };
  const own: unknown = option.negate ? true : option.defaultValue;
  const value = own ?? option.facts.inForce?.(session);
  return value === undefined ? undefined : { value: String(value), from: 'default' };
}

/** The value as the flag has it, for JSON: a number, a boolean, a list. */
export function typedValue(key: Key, value: string): Json {
  for (const { option } of key.options) {
    try {
      return option.parse(value) as Json;
    } catch {
      // Another command may take it.
    }
  }
  return value;
}

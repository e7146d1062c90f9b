import { defaultApiUrl } from '../api/api-url.ts';
import { noToken, whereToGet } from '../api/explain.ts';
import type { Env } from '../context.ts';
import { ExplainedError, exitCodes, usageError } from '../errors.ts';
import type { Credential } from '../records/resource.ts';
import { isName, type Profile, type Settings } from './settings.ts';

export const sandboxProfile = 'sandbox';

/** The profile in force where nothing names one; '' after signing out of it. */
function defaultProfileOf({ profile = 'default' }: Settings): string {
  return profile;
}

/** The profile named by flag, environment or settings, in this order; '' for none. */
export function profileOf(flag: string | undefined, env: Env, settings: Settings): string {
  const name = flag ?? (env['REEKOLECT_PROFILE'] || defaultProfileOf(settings));
  if (isName(name) || (flag === undefined && name === '')) return name;
  throw usageError(`not a name for a profile: ${name}`, 'use letters, digits, . _ - and @');
}

/** What is stored for a profile; nothing for one that is not there. */
export function profileIn({ profiles = {} }: Settings, name: string): Profile {
  return (Object.hasOwn(profiles, name) ? profiles[name] : undefined) ?? {};
}

/** The address of the service, and who says so: flag, environment, settings, default. */
export function apiUrlOf(
  profile: string,
  flag: string | undefined,
  env: Env,
  settings: Settings,
): { readonly text: string; readonly source: string } {
  if (flag !== undefined) return { text: flag, source: 'by --api-url' };
  const variable = env['REEKOLECT_API_URL'];
  if (variable) return { text: variable, source: 'by REEKOLECT_API_URL' };
  const { apiUrl } = profileIn(settings, profile);
  if (apiUrl) return { text: apiUrl, source: `by profile ${profile}` };
  return { text: defaultApiUrl, source: 'the documented one' };
}

/** Says that a profile lacks a secret, and which ones have a token. */
export function missingToken(
  profile: string,
  { profiles = {} }: Settings,
  credential: Credential = 'token',
): ExplainedError {
  if (credential === 'bot-token') {
    return new ExplainedError({
      exit: exitCodes.unauthorized,
      code: 'no-bot-token',
      message: `the profile ${profile} has no bot token`,
      hint: `${whereToGet['bot-token']}; in scripts set REEKOLECT_BOT_TOKEN or REEKOLECT_BOT_TOKEN_FILE`,
    });
  }
  const known = Object.keys(profiles).filter((name) => profiles[name]?.token !== undefined);
  if (known.length === 0) return noToken();
  const names = known.join(', ');
  if (profile === '') {
    return new ExplainedError({
      exit: exitCodes.unauthorized,
      code: 'no-token',
      message: 'no profile is in use since auth logout',
      hint: `use another: reekolect auth switch NAME (there are: ${names}); or sign in: reekolect auth login`,
    });
  }
  return new ExplainedError({
    exit: exitCodes.unauthorized,
    code: 'no-token',
    message: `the profile ${profile} has no token`,
    hint: `profiles with a token: ${names} (reekolect auth switch NAME); to add one: reekolect auth login --profile ${profile}`,
  });
}

/**
 * The settings once a profile is signed out: without its secrets and the address that signing in
 * stored; without the profile where nothing else is left. No other profile takes its place.
 */
export function signedOut(settings: Settings, name: string): Settings {
  const { token: _token, botToken: _botToken, apiUrlBy, ...rest } = profileIn(settings, name);
  const { apiUrl: _apiUrl, ...others } = rest;
  const kept = apiUrlBy === 'login' ? others : rest;
  const { [name]: _gone, ...remaining } = settings.profiles ?? {};
  if (Object.keys(kept).length > 0) {
    return { ...settings, profiles: { ...remaining, [name]: kept } };
  }
  if (name !== defaultProfileOf(settings)) return { ...settings, profiles: remaining };
  const { profile: _none, ...bare } = settings;
  if (Object.keys(remaining).length === 0) return { ...bare, profiles: remaining };
  return { ...settings, profile: '', profiles: remaining };
}

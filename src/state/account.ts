import { defaultApiUrl } from '../api/api-url.ts';
import { noToken } from '../api/explain.ts';
import type { Env } from '../context.ts';
import { ExplainedError, exitCodes, usageError } from '../errors.ts';
import { isName, type Profile, type Settings } from './settings.ts';

export const sandboxProfile = 'sandbox';

/** The profile named by flag, environment or settings, in this order. */
export function profileOf(flag: string | undefined, env: Env, settings: Settings): string {
  const name = flag ?? (env['REEKOLECT_PROFILE'] || settings.profile || 'default');
  if (isName(name)) return name;
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

/** Says that a profile has no token, and which ones have. */
export function missingToken(profile: string, { profiles = {} }: Settings): ExplainedError {
  const known = Object.keys(profiles).filter((name) => profiles[name]?.token !== undefined);
  if (known.length === 0) return noToken();
  return new ExplainedError({
    exit: exitCodes.unauthorized,
    code: 'no-token',
    message: `the profile ${profile} has no token`,
    hint: `profiles with a token: ${known.join(', ')}; to add one: reekolect auth login --profile ${profile}`,
  });
}

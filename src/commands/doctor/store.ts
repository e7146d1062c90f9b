import { existsSync } from 'node:fs';
import { defaultApiUrl, readApiUrl } from '../../api/api-url.ts';
import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context, Env } from '../../context.ts';
import type { ExplainedError } from '../../errors.ts';
import { missingToken, profileOf, sandboxProfile } from '../../session.ts';
import { isExposed, readSettings, type Settings, settingsFile } from '../../state/settings.ts';
import { findToken, maskToken } from '../../state/token.ts';
import { type Finding, failed, ok, warning } from './finding.ts';

export interface Identity {
  readonly options: GlobalOptions;
  readonly context: Context;
  readonly settings: Settings;
}

/** The settings file: readable, valid, and private. */
export async function checkSettings(
  env: Env,
  wrongIn: (settings: Settings) => Promise<readonly ExplainedError[]>,
): Promise<readonly Finding[]> {
  const file = settingsFile(env);
  let settings: Settings;
  try {
    settings = readSettings(env);
  } catch (error) {
    return [failed('settings', error)];
  }
  if (!existsSync(file)) return [ok('settings', `none yet (${file})`)];
  const wrong = await wrongIn(settings);
  if (wrong.length > 0) return wrong.map((error) => failed('settings', error));
  if (isExposed(file)) {
    return [warning('settings', `${file} can be read by others`, `chmod 600 '${file}'`)];
  }
  return [ok('settings', file)];
}

export function checkProfile({ options, context, settings }: Identity): Finding {
  try {
    const profile = profileOf(options, context, settings);
    const others = Object.keys(settings.profiles ?? {}).filter((name) => name !== profile);
    const more = others.length === 0 ? '' : `; others: ${others.join(', ')}`;
    return ok('profile', `${profile} (${sourceOf(options, context, settings)})${more}`);
  } catch (error) {
    return failed('profile', error);
  }
}

function sourceOf(options: GlobalOptions, { env }: Context, settings: Settings): string {
  if (options.profile !== undefined) return 'by --profile';
  if (env['REEKOLECT_PROFILE']) return 'by REEKOLECT_PROFILE';
  return settings.profile ? 'by config' : 'none is named';
}

/** Where the token comes from; never the token. The second is the token itself, where there is one. */
export function checkToken({ options, context, settings }: Identity): [Finding, string?] {
  try {
    const profile = profileOf(options, context, settings);
    if (profile === sandboxProfile) return [ok('token', "the sandbox's own")];
    const found = findToken(context.env, settings, profile);
    if (found === undefined) return [failed('token', missingToken(profile, settings))];
    const shown = `${maskToken(found.token)} from ${found.source}`;
    if (found.file === undefined || !isExposed(found.file))
      return [ok('token', shown), found.token];
    const hint = `chmod 600 '${found.file}'`;
    return [warning('token', `${shown}, which can be read by others`, hint), found.token];
  } catch (error) {
    return [failed('token', error)];
  }
}

/** The address that the token would go to; none for the sandbox, which is not there yet. */
export function checkHost({ options, context, settings }: Identity): [Finding, URL?] {
  try {
    const profile = profileOf(options, context, settings);
    if (profile === sandboxProfile) return [ok('host', 'the sandbox, in this process')];
    const profiles = settings.profiles ?? {};
    const stored = Object.hasOwn(profiles, profile) ? profiles[profile]?.apiUrl : undefined;
    const variable = context.env['REEKOLECT_API_URL'];
    const [text, source] =
      options.apiUrl !== undefined
        ? [options.apiUrl, 'by --api-url']
        : variable
          ? [variable, 'by REEKOLECT_API_URL']
          : stored
            ? [stored, `by profile ${profile}`]
            : [defaultApiUrl, 'the documented one'];
    const url = readApiUrl(text);
    return [ok('host', `${url.href} (${source})`), url];
  } catch (error) {
    return [failed('host', error)];
  }
}

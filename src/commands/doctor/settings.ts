import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from 'commander';
import { readApiUrl } from '../../api/api-url.ts';
import { problemsIn } from '../../cli/setting-problems.ts';
import type { Env } from '../../context.ts';
import { reasonOf } from '../../reasons.ts';
import type { Session } from '../../session.ts';
import { apiUrlOf, missingToken, sandboxProfile } from '../../state/account.ts';
import { configFolder, otherFolder } from '../../state/folders.ts';
import { isExposed, readSettings, settingsFile } from '../../state/settings.ts';
import { type FoundToken, maskToken } from '../../state/token.ts';
import { type Finding, failed, ok, skipped, warning } from './finding.ts';

/** The settings file: readable, valid, private, and in a folder that takes another one. */
export async function checkSettings(
  { context: { env } }: Session,
  program: Command,
): Promise<readonly Finding[]> {
  try {
    const file = settingsFile(env);
    const settings = readSettings(env);
    if (!existsSync(file)) return [lockedFolder(env) ?? ok('settings', `none yet (${file})`)];
    const problems = await problemsIn(settings, program, env);
    if (problems.length > 0) return problems.map((error) => failed('settings', error));
    if (!isExposed(file)) return [lockedFolder(env) ?? ok('settings', file)];
    return [warning('settings', `${file} can be read by others`, `chmod 600 '${file}'`)];
  } catch (error) {
    return [failed('settings', error)];
  }
}

/** A warning where no mark, view or login can be stored: in the folder, or the first one above it. */
function lockedFolder(env: Env): Finding | undefined {
  const folder = configFolder(env);
  let there = folder;
  while (!existsSync(there)) there = dirname(there);
  try {
    accessSync(`${there}/.`, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const found = `nothing can be stored in ${folder}: ${reasonOf(error)}`;
    return warning('settings', found, `${otherFolder}; --since-last and --job need one`);
  }
}

export function checkProfile(session: Session): Finding {
  try {
    const { profile, settings } = session;
    const others = Object.keys(settings.profiles ?? {}).filter((name) => name !== profile);
    const more = others.length === 0 ? '' : `; others: ${others.join(', ')}`;
    const named = profile === '' ? 'none since auth logout' : `${profile} (${sourceOf(session)})`;
    return ok('profile', `${named}${more}`);
  } catch (error) {
    return failed('profile', error);
  }
}

function sourceOf({ options, context, settings }: Session): string {
  if (options.profile !== undefined) return 'by --profile';
  if (context.env['REEKOLECT_PROFILE']) return 'by REEKOLECT_PROFILE';
  return settings.profile ? 'by config' : 'none is named';
}

/** Where the token comes from; never the token. The second is the token itself, where there is one. */
export async function checkToken(session: Session): Promise<[Finding, string?]> {
  try {
    const { profile, settings } = session;
    if (profile === sandboxProfile) return [ok('token', "the sandbox's own")];
    const found = await session.token();
    if (found === undefined) {
      const other = await session.token('bot-token').catch(() => undefined);
      if (other !== undefined) return [skipped('token', 'none; leads need the bot token alone')];
      return [failed('token', missingToken(profile, settings))];
    }
    return [secretFinding('token', found), found.token];
  } catch (error) {
    return [failed('token', error)];
  }
}

/** The other secret, where there is one. */
export async function checkBotToken(session: Session): Promise<[readonly Finding[], string?]> {
  try {
    const found = session.sandboxed ? undefined : await session.token('bot-token');
    return found === undefined ? [[]] : [[secretFinding('bot token', found)], found.token];
  } catch (error) {
    return [[failed('bot token', error)]];
  }
}

function secretFinding(check: string, { token, source, file }: FoundToken): Finding {
  const shown = `${maskToken(token)} from ${source}`;
  if (file === undefined || !isExposed(file)) return ok(check, shown);
  return warning(check, `${shown}, which can be read by others`, `chmod 600 '${file}'`);
}

/** The address that the token would go to; none for the sandbox, which is not there yet. */
export function checkHost(session: Session): [Finding, URL?] {
  try {
    const { profile, options, context, settings } = session;
    if (profile === sandboxProfile) return [ok('host', 'the sandbox, in this process')];
    const { text, source } = apiUrlOf(profile, options.apiUrl, context.env, settings);
    const url = readApiUrl(text);
    return [ok('host', `${url.href} (${source})`), url];
  } catch (error) {
    return [failed('host', error)];
  }
}

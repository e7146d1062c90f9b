import { readFileSync } from 'node:fs';
import type { Env } from '../context.ts';
import { ExplainedError, errnoOf, exitCodes, localError } from '../errors.ts';
import { type Settings, settingsFile } from './settings.ts';

/** A token and where it came from, for people to read. */
export interface FoundToken {
  readonly token: string;
  readonly source: string;
  /** The file that holds it, where there is one. */
  readonly file?: string;
}

/** The token of a profile: REEKOLECT_TOKEN, REEKOLECT_TOKEN_FILE, then the store. */
export function findToken(env: Env, settings: Settings, profile: string): FoundToken | undefined {
  const direct = env['REEKOLECT_TOKEN']?.trim();
  if (direct) return { token: cleanToken(direct), source: 'REEKOLECT_TOKEN' };
  const file = env['REEKOLECT_TOKEN_FILE'];
  if (file) return { token: readTokenFile(file), source: `REEKOLECT_TOKEN_FILE (${file})`, file };
  const profiles = settings.profiles ?? {};
  const stored = Object.hasOwn(profiles, profile) ? profiles[profile]?.token : undefined;
  if (typeof stored !== 'string' || stored === '') return undefined;
  const store = settingsFile(env);
  return { token: cleanToken(stored), source: store, file: store };
}

/** A token as it was pasted: without white space around it, quotes, and a leading `Bearer`. */
export function cleanToken(text: string): string {
  const token = text
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .replace(/^(authorization:\s*)?bearer(\s+|$)/i, '')
    .trim();
  if (token === '' || /[^\x21-\x7e]/.test(token)) {
    throw new ExplainedError({
      exit: exitCodes.unauthorized,
      code: 'bad-token',
      message: token === '' ? 'the token is empty' : 'the token holds characters that no token has',
      hint: 'copy it again from the dashboard: More > API Tokens',
    });
  }
  return token;
}

/** Enough to recognise a token by, and no more. */
export function maskToken(token: string): string {
  return token.length < 16 ? '****' : `****${token.slice(-4)}`;
}

function readTokenFile(file: string): string {
  try {
    return cleanToken(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof ExplainedError) throw error;
    throw localError(
      'token-file',
      `REEKOLECT_TOKEN_FILE ${file} can't be read (${errnoOf(error)})`,
      'check its path and its permissions',
    );
  }
}

import type { Env } from '../context.ts';
import { ExplainedError, errnoOf, exitCodes, localError } from '../errors.ts';
import { decodeText } from '../files/decode-text.ts';
import { readOnce } from '../files/read-once.ts';
import { reasonOf } from '../reasons.ts';
import { expandHome } from './folders.ts';
import { type Settings, settingsFile } from './settings.ts';

/** A token and where it came from, for people to read. */
export interface FoundToken {
  readonly token: string;
  readonly source: string;
  /** The file that holds it, where there is one. */
  readonly file?: string;
}

/**
 * The token of a profile: REEKOLECT_TOKEN, REEKOLECT_TOKEN_FILE, then the store. The file may be
 * readable only once, and a FIFO that is waited on until `signal` aborts.
 */
export async function findToken(
  env: Env,
  settings: Settings,
  profile: string,
  signal: AbortSignal,
): Promise<FoundToken | undefined> {
  const direct = env['REEKOLECT_TOKEN']?.trim();
  if (direct) return { token: cleanToken(direct), source: 'REEKOLECT_TOKEN' };
  const named = env['REEKOLECT_TOKEN_FILE'];
  if (named) {
    const file = expandHome(named, env);
    const token = await readTokenFile(file, signal);
    return { token, source: `REEKOLECT_TOKEN_FILE (${named})`, file };
  }
  const profiles = settings.profiles ?? {};
  const stored = Object.hasOwn(profiles, profile) ? profiles[profile]?.token : undefined;
  if (stored === undefined || stored === '') return undefined;
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

const longestFile = 64 * 1024;

async function readTokenFile(file: string, signal: AbortSignal): Promise<string> {
  return cleanToken(await readNamedFile('REEKOLECT_TOKEN_FILE', file, signal, 'token-file'));
}

/** The one line of a file that a variable names, such as a mounted secret. Throws exit 7. */
export async function readSecretFile(
  variable: string,
  named: string,
  env: Env,
  signal: AbortSignal,
): Promise<string> {
  const file = expandHome(named, env);
  return (await readNamedFile(variable, file, signal, 'secret-file')).trim();
}

async function readNamedFile(
  variable: string,
  file: string,
  signal: AbortSignal,
  code: string,
): Promise<string> {
  try {
    return decodeText(await readOnce(file, longestFile, signal));
  } catch (error) {
    if (errnoOf(error) === undefined || signal.aborted) throw error;
    throw localError(
      code,
      `${variable} ${file} can't be read: ${reasonOf(error)}`,
      'check its path and its permissions',
    );
  }
}

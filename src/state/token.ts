import type { Env } from '../context.ts';
import { ExplainedError, errnoOf, exitCodes, localError } from '../errors.ts';
import { decodeText } from '../files/decode-text.ts';
import { expandHome } from '../files/home.ts';
import { readOnce } from '../files/read-once.ts';
import { reasonOf } from '../reasons.ts';
import type { Credential } from '../records/resource.ts';
import { type Settings, settingsFile } from './settings.ts';

/** A token and where it came from, for people to read. */
export interface FoundToken {
  readonly token: string;
  readonly source: string;
  /** The file that holds it, where there is one. */
  readonly file?: string;
  /** Whether it goes before another one, which the profile has stored. */
  readonly overrules?: boolean;
}

interface CredentialFacts {
  /** What people call it. */
  readonly words: string;
  /** The environment variable that holds it; with _FILE behind, one that names its file. */
  readonly variable: string;
  /** Where a profile stores it. */
  readonly field: 'token' | 'botToken';
  /** Where to copy it from, again. */
  readonly from: string;
}

export const credentials: { readonly [name in Credential]: CredentialFacts } = {
  token: {
    words: 'token',
    variable: 'REEKOLECT_TOKEN',
    field: 'token',
    from: 'from the dashboard: More > API Tokens',
  },
  'bot-token': {
    words: 'bot token',
    variable: 'REEKOLECT_BOT_TOKEN',
    field: 'botToken',
    from: 'as the support of the service sent it',
  },
};

/**
 * A secret of a profile: from the variable, the file that one with _FILE names, or the store. The file may be
 * readable only once, and a FIFO that is waited on until `signal` aborts.
 */
export async function findToken(
  env: Env,
  settings: Settings,
  profile: string,
  signal: AbortSignal,
  credential: Credential = 'token',
): Promise<FoundToken | undefined> {
  const { variable, field } = credentials[credential];
  const profiles = settings.profiles ?? {};
  const stored = Object.hasOwn(profiles, profile) ? profiles[profile]?.[field] : undefined;
  const overrules = (token: string) => Boolean(stored) && stored !== token;
  const direct = env[variable]?.trim();
  if (direct) {
    const token = cleanToken(direct, credential);
    return { token, source: variable, overrules: overrules(token) };
  }
  const named = env[`${variable}_FILE`];
  if (named) {
    const file = expandHome(named, env);
    const token = await readTokenFile(file, signal, credential);
    return { token, source: `${variable}_FILE (${named})`, file, overrules: overrules(token) };
  }
  if (stored === undefined || stored === '') return undefined;
  const store = settingsFile(env);
  return { token: cleanToken(stored, credential), source: store, file: store };
}

/** A token as it was pasted: without white space around it, quotes, and a leading `Bearer`. */
export function cleanToken(text: string, credential: Credential = 'token'): string {
  const { words, from } = credentials[credential];
  const token = text
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .replace(/^(authorization:\s*)?bearer(\s+|$)|^x-bot-token:\s*/i, '')
    .trim();
  if (token === '' || /[^\x21-\x7e]/.test(token)) {
    throw new ExplainedError({
      exit: exitCodes.unauthorized,
      code: 'bad-token',
      message:
        token === '' ? `the ${words} is empty` : `the ${words} holds characters that no token has`,
      hint: `copy it again ${from}`,
    });
  }
  return token;
}

/** Enough to recognise a token by, and no more. */
export function maskToken(token: string): string {
  return token.length < 16 ? '****' : `****${token.slice(-4)}`;
}

const longestFile = 64 * 1024;

async function readTokenFile(
  file: string,
  signal: AbortSignal,
  credential: Credential,
): Promise<string> {
  const { variable } = credentials[credential];
  const text = await readNamedFile(`${variable}_FILE`, file, signal, 'token-file');
  return cleanToken(text, credential);
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

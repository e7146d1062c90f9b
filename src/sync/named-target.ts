import type { Env } from '../context.ts';
import { readSecretFile } from '../state/token.ts';

/** The database that the environment names, in a variable or in a file: it may hold a password. */
export async function namedTarget(env: Env, signal: AbortSignal): Promise<string | undefined> {
  const text = env['REEKOLECT_DATABASE_URL'];
  if (text) return text.trim();
  const file = env['REEKOLECT_DATABASE_URL_FILE'];
  if (!file) return undefined;
  return (await readSecretFile('REEKOLECT_DATABASE_URL_FILE', file, env, signal)).trim();
}

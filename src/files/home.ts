import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Env } from '../context.ts';

/** A path whose `~/` no shell has expanded, as in a crontab. */
export function expandHome(path: string, env: Env): string {
  const home = path === '~' || path.startsWith('~/') ? homeOf(env) : undefined;
  return home === undefined ? path : join(home, path.slice(1));
}

/** The user's home; undefined where there is none, as in many containers. */
export function homeOf(env: Env): string | undefined {
  const { HOME, USERPROFILE } = env;
  const named = process.platform === 'win32' ? USERPROFILE : HOME;
  if (named && isAbsolute(named)) return named;
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

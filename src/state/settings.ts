import { chmodSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import envPaths from 'env-paths';
import type { Env } from '../context.ts';
import { errnoOf, localError } from '../errors.ts';
import type { FilterFlags } from '../records/contacts/filters.ts';

export interface Profile {
  readonly token?: string;
  readonly apiUrl?: string;
}

/** What the store holds: config.json in the configuration folder. */
export interface Settings {
  /** The profile used when none is named. */
  readonly profile?: string;
  readonly profiles?: { readonly [name: string]: Profile };
  /** Defaults for flags, by the flag's long name. */
  readonly defaults?: { readonly [flag: string]: string };
  readonly views?: { readonly [name: string]: FilterFlags };
}

/** Whether a profile or a view may be called so. */
export function isName(text: string): boolean {
  return /^[A-Za-z0-9][\w.@-]{0,63}$/.test(text);
}

/** The folder of the store: REEKOLECT_CONFIG_DIR, or where the system keeps such things. */
export function configFolder(env: Env): string {
  const chosen = env['REEKOLECT_CONFIG_DIR'];
  if (chosen === undefined || chosen === '') return envPaths('reekolect', { suffix: '' }).config;
  return chosen.startsWith('~/') ? join(homedir(), chosen.slice(2)) : chosen;
}

export function settingsFile(env: Env): string {
  return join(configFolder(env), 'config.json');
}

/**
 * Reads the store without conf, which takes as long to load as Node itself.
 * A missing store is an empty one. Throws exit 7 for a store that can't be read.
 */
export function readSettings(env: Env): Settings {
  const file = settingsFile(env);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return {};
    throw localError('unreadable-settings', `${file} can't be read (${errnoOf(error)})`);
  }
  try {
    const settings: unknown = JSON.parse(text);
    if (typeof settings === 'object' && settings !== null && !Array.isArray(settings)) {
      return settings;
    }
  } catch {
    // Said below: what is in the file is not quoted, since it may hold a token.
  }
  throw localError(
    'corrupt-settings',
    `${file} is not a valid settings file`,
    'repair it by hand, or move it away and sign in again: reekolect auth login',
  );
}

/** Writes what `change` makes of the store: atomically, 0600, in a folder of 0700. */
export async function changeSettings(
  env: Env,
  change: (settings: Settings) => Settings,
): Promise<void> {
  const next = change(readSettings(env));
  const folder = configFolder(env);
  const { default: Conf } = await import('conf');
  try {
    if (mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined) chmodSync(folder, 0o700);
    const store = new Conf<Record<string, unknown>>({
      cwd: folder,
      configName: 'config',
      configFileMode: 0o600,
      accessPropertiesByDotNotation: false,
      clearInvalidConfig: false,
    });
    store.store = { ...next };
  } catch (error) {
    const hint = 'REEKOLECT_CONFIG_DIR names another folder';
    throw localError('unwritable-settings', `${folder} can't be written (${errnoOf(error)})`, hint);
  }
}

/** True when other users of this machine may read the store, and so the token. */
export function isExposed(file: string): boolean {
  if (process.platform === 'win32') return false;
  try {
    return (statSync(file).mode & 0o077) !== 0;
  } catch {
    return false;
  }
}

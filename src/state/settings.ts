import { realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../context.ts';
import { ExplainedError, errnoOf, localError } from '../errors.ts';
import { decodeText } from '../files/decode-text.ts';
import { type Lock, withLock } from '../files/lock.ts';
import { mountOf, readMounts } from '../files/mounts.ts';
import { readRegularFile } from '../files/read-file.ts';
import { reasonOf } from '../reasons.ts';
import type { FilterOptions } from '../records/filter-field.ts';
import { configFolder, makeConfigFolder, otherFolder } from './folders.ts';

export interface Profile {
  readonly token?: string;
  readonly botToken?: string;
  readonly apiUrl?: string;
  /** `login` where signing in stored the address: signing out forgets it. */
  readonly apiUrlBy?: string;
}

/** What the store holds: config.json in the configuration folder. */
export interface Settings {
  /** The profile used when none is named; '' for none, after signing out. */
  readonly profile?: string;
  readonly profiles?: { readonly [name: string]: Profile };
  /** Defaults for flags, by the flag's long name. */
  readonly defaults?: { readonly [flag: string]: string };
  readonly views?: { readonly [name: string]: FilterOptions };
}

/** Whether a profile or a view may be called so. */
export function isName(text: string): boolean {
  return /^[A-Za-z0-9][\w.@-]{0,63}$/.test(text);
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
    text = decodeText(readRegularFile(file));
  } catch (error) {
    if (error instanceof ExplainedError) throw error;
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return {};
    const hint = `check it and its permissions, or ${otherFolder}`;
    throw localError('unreadable-settings', `${file} can't be read: ${reasonOf(error)}`, hint);
  }
  let settings: unknown;
  try {
    settings = JSON.parse(text);
  } catch {
    // What is in the file is not quoted, since it may hold a token.
    throw corrupt(file);
  }
  checkShape(settings, file);
  return settings;
}

/** Views and defaults are checked where they are used: a wrong one can then be removed alone. */
function checkShape(settings: unknown, file: string): asserts settings is Settings {
  if (!isObject(settings)) throw corrupt(file);
  const { profile = '', profiles = {}, defaults = {}, views = {} } = settings;
  if (typeof profile !== 'string') throw corrupt(file, 'profile');
  if (!isObject(profiles)) throw corrupt(file, 'profiles');
  if (!isObject(defaults)) throw corrupt(file, 'defaults');
  if (!isObject(views)) throw corrupt(file, 'views');
  for (const [name, stored] of Object.entries(profiles)) {
    const sound = isObject(stored) && Object.values(stored).every((it) => typeof it === 'string');
    if (!sound) throw corrupt(file, `profiles.${name}`);
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function corrupt(file: string, part?: string): ExplainedError {
  return localError(
    'corrupt-settings',
    `${file} is not a valid settings file${part === undefined ? '' : `: see ${part}`}`,
    'repair it by hand, or move it away and sign in again: reekolect auth login',
  );
}

/** How long another change may take before we give up. */
const waitMs = 5000;

/**
 * Writes what `change` makes of the store: atomically, 0600, in a folder of 0700, one change at
 * a time. Throws exit 7 where it can't be written, exit 75 when others keep it locked, and the
 * reason of the signal that ends the waiting.
 */
export async function changeSettings(
  { env, signal }: { readonly env: Env; readonly signal?: AbortSignal },
  change: (settings: Settings) => Settings,
): Promise<void> {
  const folder = configFolder(env);
  const file = settingsFile(env);
  try {
    makeConfigFolder(folder);
    const Conf = await loadConf(folder);
    const write = async (lock: Lock) => {
      const next = change(readSettings(env));
      await lock.stillOurs();
      const store = new Conf<Record<string, unknown>>({
        cwd: folder,
        configName: 'config',
        configFileMode: 0o600,
        accessPropertiesByDotNotation: false,
        clearInvalidConfig: false,
        // The old content is known, and its encoding may be one that conf does not read.
        deserialize: () => ({}),
      });
      store.store = { ...next };
    };
    const hint = 'wait for it to end, and run this again';
    await withLock(`${file}.lock`, 'the settings', write, { waitMs, signal, hint });
  } catch (error) {
    if (error instanceof ExplainedError && error.code !== 'file') throw error;
    const message =
      error instanceof ExplainedError
        ? error.message
        : `${folder} can't be written: ${reasonOf(error)}`;
    throw localError('unwritable-settings', message, otherFolder);
  }
}

/** conf asks for a home on import, and throws where there is none. */
async function loadConf(folder: string) {
  const { env } = process;
  const { HOME } = env;
  if (process.platform !== 'win32') env['HOME'] ??= folder;
  try {
    return (await import('conf')).default;
  } finally {
    if (HOME === undefined) delete env['HOME'];
  }
}

const descriptor = /^\/(?:dev\/(?:stdin|fd\/)|proc\/)/;

/** True when others on this machine may read a file of ours, and we could forbid it. */
export function isExposed(file: string): boolean {
  const us = process.geteuid?.();
  // By the name of a descriptor chmod would change another file, that of its own.
  if (us === undefined || descriptor.test(file)) return false;
  try {
    const { mode, uid } = statSync(file);
    if ((mode & 0o077) === 0 || uid !== us || !statSync(file).isFile()) return false;
    return mountOf(realpathSync(file), readMounts())?.readOnly !== true;
  } catch {
    return false;
  }
}

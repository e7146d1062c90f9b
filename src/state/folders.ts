import { join } from 'node:path';
import type { Env } from '../context.ts';
import { ExplainedError, localError } from '../errors.ts';
import { absolutePath, makeFolder } from '../files/folder.ts';
import { expandHome, homeOf } from '../files/home.ts';

/**
 * The folder of settings and jobs: REEKOLECT_CONFIG_DIR, or where the system keeps such things.
 * Throws exit 7 for a user without a home, and where the working folder is needed and gone.
 */
export function configFolder(env: Env): string {
  const chosen = env['REEKOLECT_CONFIG_DIR'];
  return absolutePath(chosen ? expandHome(chosen, env) : systemFolder(env));
}

export const otherFolder = 'REEKOLECT_CONFIG_DIR names another folder';

/** Makes a folder of ours, and those above it. Throws exit 7. */
export function makeConfigFolder(folder: string): void {
  try {
    makeFolder(folder, 0o700);
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    throw localError('unwritable-settings', error.message, otherFolder);
  }
}

/** The same places that the package env-paths gives, which can't be loaded without a home. */
function systemFolder(env: Env): string {
  const { platform } = process;
  if (platform === 'win32' && env['APPDATA']) return join(env['APPDATA'], 'reekolect', 'Config');
  if (!['win32', 'darwin'].includes(platform) && env['XDG_CONFIG_HOME']) {
    return join(env['XDG_CONFIG_HOME'], 'reekolect');
  }
  const home = homeOf(env);
  if (home === undefined || home === '') {
    throw localError(
      'no-home',
      'this user has no home folder to keep settings in',
      'set REEKOLECT_CONFIG_DIR to a folder that this user may write',
    );
  }
  if (platform === 'win32') return join(home, 'AppData', 'Roaming', 'reekolect', 'Config');
  if (platform === 'darwin') return join(home, 'Library', 'Preferences', 'reekolect');
  return join(home, '.config', 'reekolect');
}

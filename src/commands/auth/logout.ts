import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { profileOf } from '../../session.ts';
import { changeSettings, readSettings, settingsFile } from '../../state/settings.ts';
import { Log } from '../../terminal/log.ts';

/** Forgets the profile's token; the token itself stays valid at the service. */
export async function run(options: GlobalOptions, context: Context): Promise<void> {
  const log = new Log(context, options);
  const { env } = context;
  const profile = profileOf(options, context, readSettings(env));
  const { profiles = {} } = readSettings(env);
  const known = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
  if (known?.token === undefined) {
    log.status(`profile ${profile} holds no token`);
  } else {
    await changeSettings(env, (before) => {
      const { token: _forgotten, ...kept } = known;
      return { ...before, profiles: { ...before.profiles, [profile]: kept } };
    });
    log.status(`forgot the token of profile ${profile} in ${settingsFile(env)}`);
    log.status('the token still works elsewhere; revoke it in the dashboard: More > API Tokens');
  }
  for (const name of ['REEKOLECT_TOKEN', 'REEKOLECT_TOKEN_FILE']) {
    if (env[name]) log.warn(`${name} is still set`);
  }
}

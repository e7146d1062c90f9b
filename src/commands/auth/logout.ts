import { verb } from '../../cli/verb.ts';
import { profileIn, signedOut } from '../../state/account.ts';
import { changeSettings, settingsFile } from '../../state/settings.ts';

/** The token itself stays valid at the service. */
export const logout = verb({
  name: 'logout',
  summary: "forget the profile's token",
  flags: {},
  examples: ['reekolect auth logout', 'reekolect auth logout --profile work'],
  async run(_options, session) {
    const { profile, log } = session;
    const { env } = session.context;
    if (profileIn(session.settings, profile).token === undefined) {
      log.status(profile === '' ? 'no profile is in use' : `profile ${profile} holds no token`);
    } else {
      let inUse: string | undefined;
      await changeSettings(env, (before) => {
        const after = signedOut(before, profile);
        inUse = after.profile;
        return after;
      });
      log.status(`forgot the token of profile ${profile} in ${settingsFile(env)}`);
      log.status('the token still works elsewhere; revoke it in the dashboard: More > API Tokens');
      if (inUse === '') log.status('no profile is in use now: reekolect auth switch NAME');
    }
    for (const name of ['REEKOLECT_TOKEN', 'REEKOLECT_TOKEN_FILE']) {
      if (env[name]) log.warn(`${name} is still set`);
    }
  },
});

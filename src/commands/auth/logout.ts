import { verb } from '../../cli/verb.ts';
import { profileIn, signedOut } from '../../state/account.ts';
import { changeSettings, settingsFile } from '../../state/settings.ts';
import { credentials } from '../../state/token.ts';

/** The secrets themselves stay valid at the service. */
export const logout = verb({
  name: 'logout',
  summary: "forget the profile's token and bot token",
  flags: {},
  examples: ['reekolect auth logout', 'reekolect auth logout --profile work'],
  async run(_options, session) {
    const { profile, log } = session;
    const { env } = session.context;
    const stored = profileIn(session.settings, profile);
    const held = Object.values(credentials).filter(({ field }) => stored[field] !== undefined);
    if (profile !== '' && session.settings.profiles?.[profile] === undefined) {
      log.warn(`there is no profile called "${profile}": nothing was forgotten`);
    } else if (held.length === 0) {
      log.status(profile === '' ? 'no profile is in use' : `profile ${profile} holds no token`);
    } else {
      let inUse: string | undefined;
      await changeSettings(session.context, (before) => {
        const after = signedOut(before, profile);
        inUse = after.profile;
        return after;
      });
      const words = held.map((credential) => credential.words).join(' and the ');
      log.status(`forgot the ${words} of profile ${profile} in ${settingsFile(env)}`);
      log.status(
        'what was stored still works elsewhere; revoke a token in the dashboard: More > API Tokens',
      );
      if (inUse === '') log.status('no profile is in use now: reekolect auth switch NAME');
    }
    for (const { variable } of Object.values(credentials)) {
      for (const name of [variable, `${variable}_FILE`]) {
        if (env[name]) log.warn(`${name} is still set`);
      }
    }
  },
});

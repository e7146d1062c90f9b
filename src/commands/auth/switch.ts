import { verb } from '../../cli/verb.ts';
import { usageError } from '../../errors.ts';
import { sandboxProfile } from '../../state/account.ts';
import { changeSettings } from '../../state/settings.ts';
import { didYouMean } from '../../suggest.ts';

/** Exit 2 for a profile that is not there. */
export const switchTo = verb({
  name: 'switch',
  summary: 'use another profile from now on',
  args: [{ name: '<name>', help: 'a profile, as shown by auth list' }],
  flags: {},
  examples: ['reekolect auth switch work', 'reekolect auth list'],
  async run(_options, session, [name = '']) {
    const { env } = session.context;
    await changeSettings(session.context, (before) => {
      const known = [...Object.keys(before.profiles ?? {}), sandboxProfile];
      if (known.includes(name)) return { ...before, profile: name };
      const all = `there are: ${known.join(', ')}; to add one: reekolect auth login --profile NAME`;
      throw usageError(
        `there is no profile called "${name}"`,
        didYouMean(name, known) ?? all,
        'unknown-profile',
      );
    });
    session.log.status(`${name} is in use from now on`);
    if (env['REEKOLECT_PROFILE']) {
      session.log.warn('REEKOLECT_PROFILE is set and goes before it');
    }
  },
});

import { findKey, warnOfScope } from '../../cli/setting-keys.ts';
import { verb } from '../../cli/verb.ts';
import { profileIn } from '../../state/account.ts';
import { changeSettings, type Settings } from '../../state/settings.ts';

/** One that is not stored is no mistake. */
export const unset = verb({
  name: 'unset',
  summary: 'forget a default that was stored',
  args: [{ name: '<key>', help: "a flag's long name" }],
  flags: {},
  examples: ['reekolect config unset timeout', 'reekolect config unset contacts.export.format'],
  settings: 'lenient',
  async run(_options, session, [name = ''], program) {
    const { defaults = {} } = session.settings;
    // A key of another version of this tool can be forgotten too.
    const key = Object.hasOwn(defaults, name) ? name : findKey(program, name).name;
    const profile = key === 'api-url' ? session.profile : '';
    await changeSettings(session.context, (before) => without(before, key, profile));
    session.log.status(`${key} is no longer stored`);
    warnOfScope(key, session);
  },
});

function without(settings: Settings, key: string, profile: string): Settings {
  if (key === 'profile') {
    const { profile: _forgotten, ...kept } = settings;
    return kept;
  }
  if (key === 'api-url') {
    const { profiles = {} } = settings;
    if (!Object.hasOwn(profiles, profile)) return settings;
    const { apiUrl: _url, apiUrlBy: _by, ...kept } = profileIn(settings, profile);
    return { ...settings, profiles: { ...profiles, [profile]: kept } };
  }
  const { [key]: _forgotten, ...defaults } = settings.defaults ?? {};
  return { ...settings, defaults };
}

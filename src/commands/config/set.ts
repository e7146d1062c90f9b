import { readApiUrl } from '../../api/api-url.ts';
import { findKey, type Key, warnOfScope } from '../../cli/setting-keys.ts';
import { parseStored } from '../../cli/stored-defaults.ts';
import { verb } from '../../cli/verb.ts';
import { ExplainedError, usageError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { profileIn } from '../../state/account.ts';
import { changeSettings, isName, type Settings, settingsFile } from '../../state/settings.ts';

const more = `A flag given on the command line wins, then the environment, then the store.
contacts export takes its format from -o FILE, --format or
contacts.export.format alone, so that scripts get what they always got;
a stored value that does not suit a command is left out there.
Stored columns are not for vcf, which has its own, nor for --jq.
A switch that is stored is turned round for one run by its opposite, such as
--header or --no-quiet.
The token is no setting: reekolect auth login stores it.`;

/** Stores a default, once some command that has the flag accepts it. */
export const set = verb({
  name: 'set',
  summary: 'store a default for a flag',
  args: [
    { name: '<key>', help: "a flag's long name; behind a command's words for that command alone" },
    { name: '<value>', help: 'what the flag would take' },
  ],
  flags: {},
  more,
  examples: [
    'reekolect config set timeout 60',
    'reekolect config set profile work',
    'reekolect config set api-url https://api.example.com --profile work',
    'reekolect config set contacts.export.columns all',
  ],
  settings: 'lenient',
  async run(_options, session, [name = '', text = ''], program) {
    const { env } = session.context;
    const key = findKey(program, name);
    await changeSettings(session.context, await changeFor(key, text, session));
    session.log.status(`${key.name} is now ${text}, in ${settingsFile(env)}`);
    warnOfScope(key.name, session);
    const [first] = key.options;
    const winner = first?.option.facts.variables?.find((variable) => env[variable]);
    if (winner !== undefined) session.log.warn(`${winner} is set and goes before it`);
  },
});

type Change = (before: Settings) => Settings;

async function changeFor(key: Key, text: string, session: Session): Promise<Change> {
  if (key.name === 'profile') {
    if (isName(text)) return (before) => ({ ...before, profile: text });
    throw usageError(`not a name for a profile: ${text}`, 'use letters, digits, . _ - and @');
  }
  if (key.name === 'api-url') return urlChange(readApiUrl(text).href, session);
  await checkValue(key, text);
  return (before) => ({ ...before, defaults: { ...before.defaults, [key.name]: text } });
}

function urlChange(apiUrl: string, { profile, sandboxed }: Session): Change {
  if (sandboxed) {
    const hint = 'name another: --profile NAME';
    throw usageError('the profile sandbox has its own server', hint);
  }
  if (profile === '') {
    const hint = 'name one: --profile NAME, or reekolect auth switch NAME';
    throw usageError('no profile is in use since auth logout', hint);
  }
  return (before) => {
    // It is no longer the address that signing in stored.
    const { apiUrlBy: _by, ...kept } = profileIn(before, profile);
    return { ...before, profiles: { ...before.profiles, [profile]: { ...kept, apiUrl } } };
  };
}

/** Commands may take different values for a flag: one that takes this is enough. */
async function checkValue(key: Key, text: string): Promise<void> {
  let refusal: unknown;
  for (const { option } of key.options) {
    try {
      await parseStored(option, text);
      return;
    } catch (error) {
      refusal ??= error;
    }
  }
  if (refusal instanceof ExplainedError) throw refusal;
  const told = refusal instanceof Error ? refusal.message : String(refusal);
  const why = told.replace(/^Allowed choices are (.*)\.$/s, 'allowed choices are $1');
  throw usageError(`"${text}" is not valid for ${key.name}`, why, 'bad-value');
}

import { readApiUrl } from '../../api/api-url.ts';
import { botFlags } from '../../cli/bot-flags.ts';
import { type OptionsOf, switchFlag } from '../../cli/flag.ts';
import { verb } from '../../cli/verb.ts';
import { usageError } from '../../errors.ts';
import type { Credential } from '../../records/resource.ts';
import type { Session } from '../../session.ts';
import { apiUrlOf, profileIn } from '../../state/account.ts';
import { changeSettings, settingsFile } from '../../state/settings.ts';
import { cleanToken, credentials, maskToken } from '../../state/token.ts';
import { askHidden, readAll } from '../../terminal/prompt.ts';

const flags = {
  withToken: switchFlag('--with-token', 'read the token from standard input'),
  verify: switchFlag('--no-verify', 'store the token without checking it'),
  botToken: switchFlag('--bot-token', 'the other secret, for leads; checked where a bot is named'),
  ...botFlags,
};

type Options = OptionsOf<typeof flags>;

export const login = verb({
  name: 'login',
  summary: 'store a token, after checking it with one call',
  flags,
  examples: [
    'reekolect auth login',
    'reekolect auth login --with-token < token.txt',
    'reekolect auth login --profile work --api-url https://api.example.com',
    'reekolect auth login --bot-token --widget @snippet.html',
  ],
  run,
});

async function run(options: Options, session: Session): Promise<void> {
  const { log, spinner, settings } = session;
  const profile = session.profile || 'default';
  const { env } = session.context;
  if (session.sandboxed) {
    throw usageError(
      'the profile sandbox needs no token',
      'try: reekolect contacts list --profile sandbox',
    );
  }
  const { apiUrl } = session.options;
  const credential: Credential = options.botToken ? 'bot-token' : 'token';
  const { words, field, variable } = credentials[credential];
  const url = readApiUrl(apiUrlOf(profile, apiUrl, env, settings).text);
  const token = cleanToken(await readToken(options, session), credential);
  let checked = false;
  if (options.verify) {
    const { checkToken, checkBotToken } = await import('../../cli/check-secrets.ts');
    spinner.show(() => `asking ${url.host} …`);
    const connection = await session.openConnection(url, token, { credential });
    if (options.botToken) checked = await checkBotToken(connection, options, session);
    else await checkToken(connection, session);
    spinner.end();
  }
  const typedUrl = apiUrl ?? env['REEKOLECT_API_URL'];
  await changeSettings(session.context, (before) => {
    const host = typedUrl ? { apiUrl: url.href, apiUrlBy: 'login' } : {};
    const stored = { ...profileIn(before, profile), ...host, [field]: token };
    const signedIn = { ...before, profiles: { ...before.profiles, [profile]: stored } };
    return before.profile === '' ? { ...signedIn, profile } : signedIn;
  });
  log.status(`signed in to ${url.host} as profile ${profile}, ${words} ${maskToken(token)}`);
  log.status(`stored in ${settingsFile(env)}`);
  if (options.botToken && options.verify && !checked) {
    log.warn('the bot token is unchecked: only with --bot and --customer can it be tried');
  }
  const winner = [variable, `${variable}_FILE`].find((name) => env[name]);
  if (winner !== undefined) {
    log.warn(`${winner} is set and goes before the stored ${words}: unset it to use this one`);
  }
}

async function readToken({ withToken, botToken }: Options, session: Session): Promise<string> {
  const { context } = session;
  const { stdin, stderr, signal } = context;
  if (withToken) return readAll(stdin, signal);
  if (stdin.isTTY !== true || stderr.isTTY !== true || !session.options.input) {
    throw usageError(
      'there is no terminal to ask for the token',
      `pass it on standard input: reekolect auth login ${botToken ? '--bot-token ' : ''}--with-token < token.txt`,
    );
  }
  stderr.write(
    botToken
      ? 'The support of the service gives out the bot token.\n'
      : 'Get a token in the dashboard: More > API Tokens (older: More > Developer > API Access Token)\n',
  );
  const name = botToken ? 'bot token' : 'token';
  return askHidden(`Paste the ${name} (it is not shown): `, context);
}

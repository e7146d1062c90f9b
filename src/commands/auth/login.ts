import { readApiUrl } from '../../api/api-url.ts';
import { type OptionsOf, switchFlag } from '../../cli/flag.ts';
import { verb } from '../../cli/verb.ts';
import { usageError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { apiUrlOf, profileIn } from '../../state/account.ts';
import { changeSettings, settingsFile } from '../../state/settings.ts';
import { cleanToken, maskToken } from '../../state/token.ts';
import { askHidden, readAll } from '../../terminal/prompt.ts';

const flags = {
  withToken: switchFlag('--with-token', 'read the token from standard input'),
  verify: switchFlag('--no-verify', 'store the token without checking it'),
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
  const url = readApiUrl(apiUrlOf(profile, apiUrl, env, settings).text);
  const token = cleanToken(await readToken(options, session));
  if (options.verify) {
    const { checkToken } = await import('./check.ts');
    spinner.show(() => `asking ${url.host} …`);
    await checkToken(await session.openConnection(url, token), session);
    spinner.end();
  }
  const typedUrl = apiUrl ?? env['REEKOLECT_API_URL'];
  await changeSettings(env, (before) => {
    const host = typedUrl ? { apiUrl: url.href, apiUrlBy: 'login' } : {};
    const stored = { ...profileIn(before, profile), ...host, token };
    const signedIn = { ...before, profiles: { ...before.profiles, [profile]: stored } };
    return before.profile === '' ? { ...signedIn, profile } : signedIn;
  });
  log.status(`signed in to ${url.host} as profile ${profile}, token ${maskToken(token)}`);
  log.status(`stored in ${settingsFile(env)}`);
  const winner = ['REEKOLECT_TOKEN', 'REEKOLECT_TOKEN_FILE'].find((name) => env[name]);
  if (winner !== undefined) {
    log.warn(`${winner} is set and goes before the stored token: unset it to use this one`);
  }
}

async function readToken({ withToken }: Options, session: Session): Promise<string> {
  const { context } = session;
  const { stdin, stderr, signal } = context;
  if (withToken) return readAll(stdin, signal);
  if (stdin.isTTY !== true || stderr.isTTY !== true || !session.options.input) {
    throw usageError(
      'there is no terminal to ask for the token',
      'pass it on standard input: reekolect auth login --with-token < token.txt',
    );
  }
  stderr.write(
    'Get a token in the dashboard: More > API Tokens (older: More > Developer > API Access Token)\n',
  );
  return askHidden('Paste the token (it is not shown): ', context);
}

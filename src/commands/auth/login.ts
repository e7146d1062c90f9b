import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { usageError } from '../../errors.ts';
import { accountOf, connectAs, profileOf, sandboxProfile } from '../../session.ts';
import { changeSettings, readSettings, settingsFile } from '../../state/settings.ts';
import { cleanToken, maskToken } from '../../state/token.ts';
import { Log } from '../../terminal/log.ts';
import { askHidden, readAll } from '../../terminal/prompt.ts';
import { checkToken } from './check.ts';

export interface LoginOptions extends GlobalOptions {
  readonly withToken: boolean;
  readonly verify: boolean;
}

/** Stores a token for the profile, once the service has accepted it. */
export async function run(options: LoginOptions, context: Context): Promise<void> {
  const log = new Log(context, options);
  const settings = readSettings(context.env);
  const profile = profileOf(options, context, settings);
  if (profile === sandboxProfile) {
    throw usageError(
      'the profile sandbox needs no token',
      'try: reekolect contacts list --profile sandbox',
    );
  }
  // The token to store is the one given now, whatever the environment holds.
  const { REEKOLECT_TOKEN, REEKOLECT_TOKEN_FILE, ...env } = context.env;
  const account = accountOf(options, { ...context, env }, settings);
  const token = cleanToken(await readToken(options, context));
  if (options.verify) {
    const connection = await connectAs({ ...account, token }, options, context, log);
    log.progress(() => `asking ${account.url.host} …`);
    try {
      await checkToken(connection, context);
    } finally {
      log.hush();
      await connection.close();
    }
  }
  const explicitUrl = options.apiUrl ?? context.env['REEKOLECT_API_URL'];
  await changeSettings(context.env, (before) => {
    const profiles = before.profiles ?? {};
    const known = Object.hasOwn(profiles, profile) ? profiles[profile] : {};
    const host = explicitUrl ? { apiUrl: account.url.href } : {};
    return { ...before, profiles: { ...profiles, [profile]: { ...known, ...host, token } } };
  });
  log.status(`signed in to ${account.url.host} as profile ${profile}, token ${maskToken(token)}`);
  log.status(`stored in ${settingsFile(context.env)}`);
  if (REEKOLECT_TOKEN || REEKOLECT_TOKEN_FILE) {
    const name = REEKOLECT_TOKEN ? 'REEKOLECT_TOKEN' : 'REEKOLECT_TOKEN_FILE';
    log.warn(`${name} is set and goes before the stored token: unset it to use this one`);
  }
}

async function readToken(options: LoginOptions, context: Context): Promise<string> {
  const { stdin, stderr } = context;
  if (options.withToken) return readAll(stdin);
  if (stdin.isTTY !== true || stderr.isTTY !== true || !options.input) {
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

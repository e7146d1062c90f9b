import type { Context } from '../../context.ts';
import { ExplainedError } from '../../errors.ts';
import { readSettings } from '../../state/settings.ts';
import { maskToken } from '../../state/token.ts';
import { Voice } from '../../terminal/voice.ts';
import {
  type Account,
  accountOf,
  connect,
  missingToken,
  profileOf,
  sandboxProfile,
} from '../connect.ts';
import type { GlobalOptions } from '../flags.ts';
import { checkToken } from './check.ts';

/** Shows who we are to the service, and whether it agrees: exit 4 if not. */
export async function run(options: GlobalOptions, context: Context): Promise<void> {
  const voice = new Voice(context, options);
  const settings = readSettings(context.env);
  const sandboxed = profileOf(options, context, settings) === sandboxProfile;
  const account = sandboxed ? undefined : accountOf(options, context, settings);
  if (account !== undefined && account.token === undefined) {
    context.stdout.write(describe(account, 'none'));
    throw missingToken(account.profile, settings);
  }
  const connection = await connect(options, context, voice);
  voice.progress(() => `asking ${connection.account.url.host} …`);
  let verdict = 'accepted';
  let failure: unknown;
  try {
    await checkToken(connection, context);
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    verdict = error.code === 'token-refused' ? 'refused' : 'not known';
    failure = error;
  } finally {
    voice.hush();
    await connection.close();
  }
  context.stdout.write(describe(connection.account, verdict));
  if (failure !== undefined) throw failure;
}

function describe({ profile, url, token, source }: Account, verdict: string): string {
  const shown = token === undefined ? 'none' : `${maskToken(token)} from ${source}`;
  return [
    `profile  ${profile}`,
    `host     ${url.host}`,
    `token    ${shown}`,
    ...(token === undefined ? [] : [`service  ${verdict}`]),
    '',
  ].join('\n');
}

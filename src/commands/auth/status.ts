import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { ExplainedError } from '../../errors.ts';
import {
  type Account,
  accountOf,
  connect,
  missingToken,
  profileOf,
  sandboxProfile,
} from '../../session.ts';
import { readSettings } from '../../state/settings.ts';
import { maskToken } from '../../state/token.ts';
import { Log } from '../../terminal/log.ts';
import { checkToken } from './check.ts';

/** Shows who we are to the service, and whether it agrees: exit 4 if not. */
export async function run(options: GlobalOptions, context: Context): Promise<void> {
  const log = new Log(context, options);
  const settings = readSettings(context.env);
  const sandboxed = profileOf(options, context, settings) === sandboxProfile;
  const account = sandboxed ? undefined : accountOf(options, context, settings);
  if (account !== undefined && account.token === undefined) {
    context.stdout.write(describe(account, 'none'));
    throw missingToken(account.profile, settings);
  }
  const connection = await connect(options, context, log);
  log.progress(() => `asking ${connection.account.url.host} …`);
  let verdict = 'accepted';
  let failure: unknown;
  try {
    await checkToken(connection, context);
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    verdict = error.code === 'token-refused' ? 'refused' : 'not known';
    failure = error;
  } finally {
    log.hush();
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

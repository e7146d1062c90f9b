import { botFlags } from '../../cli/bot-flags.ts';
import type { OptionsOf } from '../../cli/flag.ts';
import { verb } from '../../cli/verb.ts';
import { ExplainedError } from '../../errors.ts';
import type { Credential } from '../../records/resource.ts';
import type { Session } from '../../session.ts';
import { missingToken } from '../../state/account.ts';
import { maskToken } from '../../state/token.ts';

/** Exit 4 when the service refuses the token, or the bot token. */
export const status = verb({
  name: 'status',
  summary: 'show profile, host, secrets and whether the service accepts them',
  flags: botFlags,
  examples: ['reekolect auth status', 'reekolect auth status --profile work'],
  async run(options, session) {
    const { stdout } = session.context;
    const [token, botToken] = [
      await stateOf('token', options, session),
      await stateOf('bot-token', options, session),
    ];
    const url = session.sandboxed ? (await session.connect()).url : session.url;
    stdout.write(
      [
        `profile  ${session.profile || 'none'}`,
        `host     ${url.host}`,
        `token    ${token?.shown ?? 'none'}`,
        ...(token === undefined ? [] : [`service  ${token.verdict}`]),
        ...(botToken === undefined
          ? []
          : [`bot      ${botToken.shown}`, `leads    ${botToken.verdict}`]),
        '',
      ].join('\n'),
    );
    if (token === undefined && botToken === undefined) {
      throw missingToken(session.profile, session.settings);
    }
    const failure = token?.failure ?? botToken?.failure;
    if (failure !== undefined) throw failure;
  },
});

interface SecretState {
  readonly shown: string;
  readonly verdict: string;
  readonly failure?: ExplainedError;
}

/** What is known of a secret, and what the service says to it; undefined where there is none. */
async function stateOf(
  credential: Credential,
  options: OptionsOf<typeof botFlags>,
  session: Session,
): Promise<SecretState | undefined> {
  const found = session.sandboxed ? undefined : await session.token(credential);
  if (!session.sandboxed && found === undefined) return undefined;
  const connection = await session.connect(credential);
  const shown = `${maskToken(connection.token)} from ${found?.source ?? 'the sandbox'}`;
  const { checkToken, checkBotToken } = await import('../../cli/check-secrets.ts');
  session.spinner.show(() => `asking ${connection.url.host} …`);
  try {
    if (credential === 'token') await checkToken(connection, session);
    else if (!(await checkBotToken(connection, options, session))) {
      return { shown, verdict: 'not asked: name a bot by --bot and --customer' };
    }
    return { shown, verdict: 'accepted' };
  } catch (failure) {
    if (!(failure instanceof ExplainedError)) throw failure;
    return { shown, verdict: failure.code === 'token-refused' ? 'refused' : 'not known', failure };
  } finally {
    session.spinner.end();
  }
}

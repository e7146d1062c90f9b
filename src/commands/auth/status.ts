import { verb } from '../../cli/verb.ts';
import { ExplainedError } from '../../errors.ts';
import type { Connection, Session } from '../../session.ts';
import { missingToken } from '../../state/account.ts';
import { maskToken } from '../../state/token.ts';

/** Exit 4 when the service refuses the token. */
export const status = verb({
  name: 'status',
  summary: 'show profile, host, token and whether the service accepts it',
  flags: {},
  examples: ['reekolect auth status', 'reekolect auth status --profile work'],
  async run(_options, session) {
    const { stdout } = session.context;
    const found = session.sandboxed ? undefined : await session.token();
    if (!session.sandboxed && found === undefined) {
      stdout.write(describe(session.profile, session.url, 'none'));
      throw missingToken(session.profile, session.settings);
    }
    const connection = await session.connect();
    const { verdict, failure } = await verdictOf(connection, session);
    const token = `${maskToken(connection.token)} from ${found?.source ?? 'the sandbox'}`;
    stdout.write(describe(session.profile, connection.url, token, verdict));
    if (failure !== undefined) throw failure;
  },
});

async function verdictOf(connection: Connection, session: Session) {
  const { checkToken } = await import('./check.ts');
  session.spinner.show(() => `asking ${connection.url.host} …`);
  try {
    await checkToken(connection, session);
    return { verdict: 'accepted' };
  } catch (failure) {
    if (!(failure instanceof ExplainedError)) throw failure;
    return { verdict: failure.code === 'token-refused' ? 'refused' : 'not known', failure };
  } finally {
    session.spinner.end();
  }
}

function describe(profile: string, url: URL, token: string, verdict?: string): string {
  return [
    `profile  ${profile || 'none'}`,
    `host     ${url.host}`,
    `token    ${token}`,
    ...(verdict === undefined ? [] : [`service  ${verdict}`]),
    '',
  ].join('\n');
}

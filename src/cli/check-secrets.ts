import { ExplainedError } from '../errors.ts';
import { servicePages } from '../read/source.ts';
import { contacts } from '../records/contacts/resource.ts';
import type { Connection, Session } from '../session.ts';
import { botOf } from './bot-flags.ts';

/** Asks for one page of contacts. Throws exit 4 when the token is refused. */
export async function checkToken({ client }: Connection, { context }: Session): Promise<void> {
  try {
    await servicePages(client, contacts, [])(1, context.signal);
  } catch (error) {
    if (!(error instanceof ExplainedError) || error.code !== 'token-refused') throw error;
    // No filter was sent: it is the token alone.
    const { exit, code, status } = error;
    const message = error.message.replace(' (or the id of a filter)', '');
    const hint = 'copy it again in the dashboard: More > API Tokens, the whole of it';
    throw new ExplainedError({ exit, code, status, message, hint });
  }
}

/**
 * Asks for one page of a bot's leads. Throws exit 4 when the bot token is refused; false where
 * no bot is named to ask about.
 */
export async function checkBotToken(
  { client }: Connection,
  options: Parameters<typeof botOf>[0],
  session: Session,
): Promise<boolean> {
  const bot = await botOf(options, session);
  if (bot === undefined) return false;
  const [{ settleQuery }, { leads }] = await Promise.all([
    import('../query.ts'),
    import('../records/leads/resource.ts'),
  ]);
  const { filter } = await settleQuery(leads, { ...bot }, {}, session);
  await servicePages(client, leads, filter)(1, session.context.signal);
  return true;
}

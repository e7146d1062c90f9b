import { ExplainedError } from '../../errors.ts';
import { servicePages } from '../../read/source.ts';
import { contacts } from '../../records/contacts/resource.ts';
import type { Connection, Session } from '../../session.ts';

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

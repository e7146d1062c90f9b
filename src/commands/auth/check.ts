import { servicePages } from '../../read/source.ts';
import { contacts } from '../../records/contacts/resource.ts';
import type { Connection, Session } from '../../session.ts';

/** Asks for one page of contacts. Throws exit 4 when the token is refused. */
export async function checkToken({ client }: Connection, { context }: Session): Promise<void> {
  await servicePages(client, contacts, [])(1, context.signal);
}

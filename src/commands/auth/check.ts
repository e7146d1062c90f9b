import { contactPages } from '../../api/contacts.ts';
import type { Context } from '../../context.ts';
import { requestBody } from '../../records/contacts/request-body.ts';
import type { Connection } from '../../session.ts';

/** Asks for one page of contacts. Throws exit 4 when the token is refused. */
export async function checkToken({ client }: Connection, { signal }: Context): Promise<void> {
  await contactPages(client, requestBody({}))(1, signal);
}

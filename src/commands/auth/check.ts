import { contactPages } from '../../api/contacts.ts';
import { requestBody } from '../../contacts/body.ts';
import type { Context } from '../../context.ts';
import type { Connection } from '../connect.ts';

/** Asks for one page of contacts. Throws exit 4 when the token is refused. */
export async function checkToken({ client }: Connection, { signal }: Context): Promise<void> {
  await contactPages(client, requestBody({}))(1, signal);
}

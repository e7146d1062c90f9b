import type { Body } from '../records/contacts/request-body.ts';
import { type Page, readPage } from '../records/page.ts';
import type { Client } from './client.ts';

export const contactsPath = 'inbox/users';

export type FetchPageText = (page: number, signal: AbortSignal) => Promise<Page>;

/** One page of the contacts that a request body asks for; empty after the end. Read-only. */
export function contactPages(client: Client, body: Body): FetchPageText {
  return (page, signal) =>
    client.ask(
      {
        method: 'POST',
        path: contactsPath,
        body: JSON.stringify({ ...body, page }),
        label: `page ${page}`,
        signal,
      },
      readPage,
    );
}

import { contactKey } from '../../src/records/contacts/key.ts';
import { type Page, readPage } from '../../src/records/page.ts';

/** A page of contacts, from the text of an answer. */
export function contactPage(text: string): Page {
  return readPage(Buffer.from(text), contactKey);
}

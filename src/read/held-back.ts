import type { ServiceRecord } from '../records/record.ts';

type Contacts = readonly ServiceRecord[];

/** Contacts of one page that wait until it is sure that nobody was passed over before them. */
export class HeldBack {
  #contacts: Contacts = [];

  get isEmpty(): boolean {
    return this.#contacts.length === 0;
  }

  hold(contacts: Contacts): void {
    this.#contacts = contacts;
  }

  release(): Contacts {
    const contacts = this.#contacts;
    this.#contacts = [];
    return contacts;
  }

  /** Those of a page that was read again whose turn it is: `fresh` ones, and some held back till now. */
  takeDue(page: Contacts, fresh: Contacts): Contacts {
    const held = new Map(this.#contacts.map((contact) => [contact.key, contact]));
    const isFresh = new Set(fresh);
    const due = page.filter((contact) => isFresh.has(contact) || held.delete(contact.key));
    this.#contacts = [...held.values()];
    return due;
  }
}

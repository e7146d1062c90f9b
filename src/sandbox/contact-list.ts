import { type Answer, refusal } from './answers.ts';
import type { FaultKind, Trouble } from './faults.ts';
import { BadRequest } from './fields.ts';
import { type ListRequest, readListRequest } from './filters.ts';
import { Printer } from './printer.ts';
import type { Roll } from './roll.ts';
import { send } from './spoiling.ts';
import { type Reply, strike } from './strikes.ts';

/** The answers to POST /inbox/users. */
export class ContactList {
  readonly #roll: Roll;
  readonly #printer: Printer;
  readonly #troubles: readonly Trouble[];

  constructor(roll: Roll, troubles: readonly Trouble[]) {
    this.#roll = roll;
    this.#printer = new Printer(roll.people);
    this.#troubles = troubles;
  }

  reply(body: string): Reply {
    try {
      return this.#replyTo(readListRequest(body));
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      return { answer: refusal(400, error.message), send };
    }
  }

  #replyTo(request: ListRequest): Reply {
    const { page, filters } = request;
    const lastPage = () => this.#roll.lastPage(filters);
    const { kinds, sendSpoilt } = strike(this.#troubles, page, lastPage);
    if (kinds.has('inserts')) this.#roll.insert();
    if (kinds.has('deletes')) this.#roll.remove();
    if (kinds.has('moves')) this.#roll.move();
    return { answer: this.#page(request, kinds), send: sendSpoilt ?? send };
  }

  #page(request: ListRequest, kinds: ReadonlySet<FaultKind>): Answer {
    const { contactsOnly } = request.filters;
    const filters = kinds.has('ignore-filters') ? { contactsOnly } : request.filters;
    let page = kinds.has('repeat') ? 1 : request.page;
    if (kinds.has('repeat-last')) page = Math.min(page, this.#roll.lastPage(filters));
    return { status: 200, body: this.#printer.print(this.#roll.page(filters, page)) };
  }
}

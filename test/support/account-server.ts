import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One contact of an account; `created` may be missing or nonsense. */
export interface Person {
  readonly _id: string;
  readonly createdAt?: string;
  readonly profile?: { readonly userDetails: { readonly tags: readonly string[] } };
}

/** An account that a test fills as it goes along. Applies the creation window, as the service may. */
export class AccountServer {
  /** As the service sends them, newest first. */
  people: Person[] = [];
  /** Answers with 500 from this page on; 0 for never. */
  brokenFrom = 0;
  requests = 0;
  /** Called before each answer, with the number of requests so far. */
  before: (request: number) => void = () => {};
  url = '';
  readonly token = 'a-token-of-the-tests';
  readonly #pageSize: number;
  readonly #server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    this.requests += 1;
    this.before(this.requests);
    const { page, createdAt } = JSON.parse(body);
    if (this.brokenFrom > 0 && page >= this.brokenFrom) {
      response.writeHead(500).end('{"success":false,"message":"broken"}');
      return;
    }
    const start =
      createdAt.startAt === '' ? Number.NEGATIVE_INFINITY : Date.parse(createdAt.startAt);
    // Whose creation can't be read is in every window.
    const within = this.people.filter((person) => !(Date.parse(person.createdAt ?? '') < start));
    const data = within.slice((page - 1) * this.#pageSize, page * this.#pageSize);
    response.end(JSON.stringify({ success: true, message: '', data, code: 200 }));
  });

  constructor(pageSize = 5) {
    this.#pageSize = pageSize;
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** New contacts at the front; the last one given is the first of the list. */
  add(...people: Person[]): void {
    this.people.unshift(...people.reverse());
  }
}

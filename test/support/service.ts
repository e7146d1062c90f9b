import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';
import { type Answer, type Call, readCall, sendAnswer } from './http.ts';

/** A record, or its JSON text, which keeps what parsing would lose. */
export type Item = object | string;

/** What the service holds and how it behaves; a test may change it while it is read. */
export interface Script {
  /** Newest first, or what there is at the moment of a call. */
  contacts?: readonly Item[] | ((call: Call) => readonly Item[]);
  /** Pages that never change, as JSON text; they go before `contacts`. */
  pages?: readonly string[];
  pageSize?: number;
  /** Whether the creation window is applied. */
  window?: boolean;
  /** Which contacts a search finds; none unless told. */
  search?: (text: string, json: string) => boolean;
  segments?: readonly object[];
  agents?: readonly object[];
  leads?: readonly Item[];
  latencyMs?: number;
  /** Runs before each answer. */
  before?: (call: Call) => unknown;
  /** Decides on answers of its own; undefined leaves it to the service. */
  answer?: (call: Call) => Answer | undefined;
}

const open: Service[] = [];

afterAll(async () => {
  await Promise.all(open.splice(0).map((service) => service.close()));
});

/** A service on this machine until the tests of the file end. It applies no filter unless told. */
export async function serve(script: Script = {}): Promise<Service> {
  const service = new Service(script);
  await service.listen();
  open.push(service);
  return service;
}

export class Service {
  url = '';
  readonly token = 'a-token-of-the-tests';
  /** Every call, in order. */
  readonly requests: Call[] = [];
  readonly script: Script;
  /** The list of contacts, to be changed while it is read. */
  contacts: Item[];
  readonly #server = createServer((request, response) => void this.#reply(request, response));

  constructor(script: Script) {
    this.script = script;
    this.contacts = Array.isArray(script.contacts) ? [...script.contacts] : [];
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Every call, as `GET /inbox/segments`. */
  get calls(): readonly string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  /** The calls for contacts. */
  get #listed(): readonly Call[] {
    return this.requests.filter(({ path }) => path === '/inbox/users');
  }

  // biome-ignore lint/suspicious/noExplicitAny: read as freely as a test likes
  get bodies(): readonly any[] {
    return this.#listed.map(({ body }) => body);
  }

  /** The numbers of the pages of contacts that were asked for. */
  get asked(): readonly number[] {
    return this.#listed.map(({ page }) => page);
  }

  /** New contacts at the front; the last one given is the first of the list. */
  insert(...items: Item[]): void {
    this.contacts.unshift(...items.toReversed());
  }

  remove(id: string): Item {
    const index = this.contacts.findIndex((item) => parsed(item)._id === id);
    const item = this.contacts[index];
    if (item === undefined) throw new Error(`no contact has the id ${id}`);
    this.contacts.splice(index, 1);
    return item;
  }

  /** Puts a contact elsewhere, at the front unless told. */
  move(id: string, to = 0): void {
    const item = this.remove(id);
    this.contacts.splice(to, 0, item);
  }

  async #reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await readCall(request);
    this.requests.push(call);
    await this.script.before?.(call);
    const own = this.script.answer?.(call);
    const { latencyMs = 0 } = this.script;
    await sendAnswer(response, { delayMs: latencyMs, ...(own ?? this.#usual(call)) });
  }

  #usual(call: Call): Answer {
    const { segments = [], agents = [], leads = [], pages } = this.script;
    switch (call.path) {
      case '/inbox/users':
        return success(
          pages === undefined
            ? this.#pageOf(this.#found(call), call)
            : (pages[call.page - 1] ?? '[]'),
        );
      case '/inbox/segments':
        return success(JSON.stringify(segments));
      case '/custom-user':
        return success(JSON.stringify(call.page === 1 ? agents : []));
      case '/inbox/direct/chats':
        return success(this.#pageOf(leads, call), 'ok');
      default:
        return { status: 404, body: '{"success":false,"message":"Not Found","code":404}' };
    }
  }

  #found(call: Call): readonly Item[] {
    const { contacts, window = false, search } = this.script;
    const { searchText = '', createdAt = {} } = call.body;
    const all = typeof contacts === 'function' ? contacts(call) : this.contacts;
    return all
      .filter((item) => searchText === '' || (search?.(searchText, textOf(item)) ?? false))
      .filter((item) => !window || isWithin(item, createdAt));
  }

  #pageOf(items: readonly Item[], { page }: Call): string {
    const { pageSize = 3 } = this.script;
    return `[${items.slice((page - 1) * pageSize, page * pageSize).map(textOf)}]`;
  }
}

/** The nth id, made at about this time. */
export function idOf(n: number, made = '2026-11-01T00:00:00Z'): string {
  const seconds = Math.floor(Date.parse(made) / 1000).toString(16);
  return `${seconds}${n.toString(16).padStart(16, '0')}`;
}

/** Breaks down at every page from this one on. */
export function failFrom(page: number): (call: Call) => Answer | undefined {
  const broken = { status: 500, body: '{"success":false,"message":"broken"}' };
  return (call) => (call.page >= page ? broken : undefined);
}

function success(data: string, message = ''): Answer {
  return { body: `{"success":true,"message":"${message}","data":${data},"code":200}` };
}

function textOf(item: Item): string {
  return typeof item === 'string' ? item : JSON.stringify(item);
}

function parsed(item: Item): { readonly _id?: string; readonly createdAt?: unknown } {
  return JSON.parse(textOf(item));
}

/** Whose creation can't be read is in every window. */
function isWithin(item: Item, { startAt = '', endsAt = '' }): boolean {
  const created = Date.parse(String(parsed(item).createdAt ?? ''));
  return !(created < Date.parse(startAt)) && !(created > Date.parse(endsAt));
}

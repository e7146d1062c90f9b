import type { IncomingMessage } from 'node:http';
import { agents, bots, customerId, segments } from './account.ts';
import { type Answer, corrupting, refusal, type Send, send, success } from './answers.ts';
import { ActiveFault, type Fault, type FaultKind } from './faults.ts';
import { BadRequest, type Filters, notAnId, readListRequest } from './filters.ts';
import type { Ordering } from './ordering.ts';
import type { Person } from './people.ts';
import { leadOf, recordOf } from './record.ts';

/** The one POST that only reads. */
export function asksForContacts({ method, url = '/' }: IncomingMessage): boolean {
  return method === 'POST' && url.split('?', 1)[0] === '/inbox/users';
}

function asksForLeads({ method, url = '/' }: IncomingMessage): boolean {
  return method === 'GET' && url.split('?', 1)[0] === '/inbox/direct/chats';
}

interface Secrets {
  readonly token: string;
  readonly botToken: string;
}

/** Answers calls as the service does, but for the faults. */
export class Service {
  readonly #ordering: Ordering;
  readonly #secrets: Secrets;
  readonly #faults: readonly ActiveFault[];

  constructor(ordering: Ordering, secrets: Secrets, faults: readonly Fault[]) {
    this.#ordering = ordering;
    this.#secrets = secrets;
    this.#faults = faults.map((fault) => new ActiveFault(fault));
  }

  reply(request: IncomingMessage, body: string): Send {
    const { authorization, authtype } = request.headers;
    if (asksForLeads(request)) return this.#replyWithLeads(request);
    // the key header counts before the token, as at the service
    if (authtype !== 'Key') return sending(refusal(401, 'Unauthorized'));
    if (authorization !== `Bearer ${this.#secrets.token}`) return sending(refusal(400, notAnId));
    if (!asksForContacts(request)) return this.#replyWithoutPages(request);
    try {
      return this.#replyWithPage(body);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      return sending(refusal(400, error.message));
    }
  }

  #replyWithLeads({ headers, url = '' }: IncomingMessage): Send {
    const asked = new URLSearchParams(url.split('?')[1]);
    const [bot, type, page] = ['botId', 'type', 'page'].map((name) => asked.get(name));
    if (headers['x-bot-token'] !== this.#secrets.botToken) {
      return sending(refusal(401, 'Unauthorized'));
    }
    const isKnown = bots.website.some(({ _id }) => _id === bot);
    if (!isKnown || asked.get('customerId') !== customerId) return sending(refusal(400, notAnId));
    if (!/^(non-)?lead$/.test(type ?? '') || !/^[1-9]\d*$/.test(page ?? '')) {
      return sending(refusal(400, 'page and type must be given'));
    }
    const visitorsOnly = type !== 'lead';
    const filters = { contactsOnly: !visitorsOnly, visitorsOnly, wanted: { _botWebsite: [bot] } };
    return this.#replyWithRecords(Number(page), filters, leadOf, 'ok');
  }

  #replyWithPage(body: string): Send {
    const { page, filters } = readListRequest(body);
    return this.#replyWithRecords(page, filters, recordOf);
  }

  #replyWithRecords(
    page: number,
    filters: Filters,
    form: (person: Person) => object,
    message = '',
  ): Send {
    const ordering = this.#ordering;
    const { kinds, corrupted } = inject(this.#faults, page, () => ordering.lastPage(filters));
    if (kinds.has('inserts')) ordering.insert();
    if (kinds.has('deletes')) ordering.remove();
    if (kinds.has('moves')) ordering.move();

    const kept = kinds.has('ignore-filters') ? { ...filters, wanted: {} } : filters;
    let shown = kinds.has('repeat') ? 1 : page;
    if (kinds.has('repeat-last')) shown = Math.min(shown, ordering.lastPage(kept));
    return sending(success(ordering.page(kept, shown).map(form), message), corrupted);
  }

  /** Faults of paging have nothing to change here. */
  #replyWithoutPages(request: IncomingMessage): Send {
    const faults = this.#faults.filter(({ fault }) => corrupting(fault) !== undefined);
    const { corrupted } = inject(faults, undefined, () => 1);
    return sending(answerWithoutPages(request), corrupted);
  }
}

function sending(answer: Answer, how = send): Send {
  return (response) => how(response, answer);
}

/** The kinds of the faults that are due, and how the one that corrupts the answer sends it. */
function inject(faults: readonly ActiveFault[], page: number | undefined, lastPage: () => number) {
  const kinds = new Set<FaultKind>();
  let corrupted: typeof send | undefined;
  for (const active of faults) {
    const instead = corrupting(active.fault);
    // an answer is corrupted once: the next fault in line waits for the next request
    if (instead !== undefined && corrupted !== undefined) continue;
    if (!active.isDue(page, lastPage)) continue;
    kinds.add(active.fault.kind);
    corrupted ??= instead;
  }
  return { kinds, corrupted };
}

const otherLists = new Map<string, (query: URLSearchParams) => readonly object[]>([
  ['/inbox/segments', () => segments],
  ['/whatsapp-automation', () => bots.whatsapp],
  ['/custom-user', findAgents],
]);

function answerWithoutPages({ method = 'GET', url = '/' }: IncomingMessage): Answer {
  const [path = '/', query = ''] = url.split('?', 2);
  if (method !== 'GET' && method !== 'HEAD') {
    return refusal(405, 'The sandbox is read-only: it changes nothing');
  }
  const list = otherLists.get(path);
  if (list === undefined) return refusal(404, `Cannot ${method} ${path}`);
  return success(list(new URLSearchParams(query)));
}

function findAgents(query: URLSearchParams) {
  if (Number(query.get('page') ?? 1) > 1) return [];
  const wanted = (query.get('searchText') ?? '').toLowerCase();
  return agents.filter(({ name, contact }) =>
    `${name} ${contact.email}`.toLowerCase().includes(wanted),
  );
}

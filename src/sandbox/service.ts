import type { IncomingMessage } from 'node:http';
import { agents, bots, segments } from './account.ts';
import { type Answer, corrupting, refusal, type Send, send, success } from './answers.ts';
import { ActiveFault, type Fault, type FaultKind } from './faults.ts';
import { BadRequest, notAnId, readListRequest } from './filters.ts';
import type { Ordering } from './ordering.ts';
import { recordOf } from './record.ts';

/** The one POST that only reads. */
export function asksForContacts({ method, url = '/' }: IncomingMessage): boolean {
  return method === 'POST' && url.split('?', 1)[0] === '/inbox/users';
}

/** Answers calls as the service does, but for the faults. */
export class Service {
  readonly #ordering: Ordering;
  readonly #token: string;
  readonly #faults: readonly ActiveFault[];

  constructor(ordering: Ordering, token: string, faults: readonly Fault[]) {
    this.#ordering = ordering;
    this.#token = token;
    this.#faults = faults.map((fault) => new ActiveFault(fault));
  }

  reply(request: IncomingMessage, body: string): Send {
    const { authorization, authtype } = request.headers;
    // the key header counts before the token, as at the service
    if (authtype !== 'Key') return sending(refusal(401, 'Unauthorized'));
    if (authorization !== `Bearer ${this.#token}`) return sending(refusal(400, notAnId));
    if (!asksForContacts(request)) return this.#replyWithoutPages(request);
    try {
      return this.#replyWithPage(body);
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      return sending(refusal(400, error.message));
    }
  }

  #replyWithPage(body: string): Send {
    const ordering = this.#ordering;
    const { page, filters } = readListRequest(body);
    const { kinds, corrupted } = inject(this.#faults, page, () => ordering.lastPage(filters));
    if (kinds.has('inserts')) ordering.insert();
    if (kinds.has('deletes')) ordering.remove();
    if (kinds.has('moves')) ordering.move();

    const kept = kinds.has('ignore-filters') ? { ...filters, wanted: {} } : filters;
    let shown = kinds.has('repeat') ? 1 : page;
    if (kinds.has('repeat-last')) shown = Math.min(shown, ordering.lastPage(kept));
    return sending(success(ordering.page(kept, shown).map(recordOf)), corrupted);
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

import type { IncomingMessage } from 'node:http';
import { type Answer, refusal, success } from './answers.ts';
import { agents, bots, segments } from './companions.ts';
import { notAnId } from './filters.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
}

export function readCall({ method = 'GET', url = '/' }: IncomingMessage): Call {
  const [path = '/', query = ''] = url.split('?', 2);
  return { method, path, query: new URLSearchParams(query) };
}

/** The one POST that only reads. */
export function asksForContacts({ method, path }: Call): boolean {
  return method === 'POST' && path === '/inbox/users';
}

/** The key header counts before the token, as at the service. */
export function refuseCaller({ headers }: IncomingMessage, token: string): Answer | undefined {
  if (headers['authtype'] !== 'Key') return refusal(401, 'Unauthorized');
  if (headers.authorization !== `Bearer ${token}`) return refusal(400, notAnId);
  return undefined;
}

/** Every call but the one for contacts. */
export function answerCompanion({ method, path, query }: Call): Answer {
  if (method !== 'GET' && method !== 'HEAD') {
    return refusal(405, 'The sandbox is read-only: it changes nothing');
  }
  switch (path) {
    case '/inbox/segments':
      return success(segments);
    case '/whatsapp-automation':
      return success(bots.whatsapp);
    case '/custom-user':
      return success(findAgents(query));
    default:
      return refusal(404, `Cannot ${method} ${path}`);
  }
}

function findAgents(query: URLSearchParams) {
  if (Number(query.get('page') ?? 1) > 1) return [];
  const wanted = (query.get('searchText') ?? '').toLowerCase();
  return agents.filter(({ name, contact }) =>
    `${name} ${contact.email}`.toLowerCase().includes(wanted),
  );
}

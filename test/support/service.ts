import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';

/** What a small service holds; contacts may be given as JSON text, to keep what parsing would lose. */
export interface Holdings {
  readonly contacts?: readonly (object | string)[];
  readonly segments?: readonly object[];
  readonly agents?: readonly object[];
  /** Which contacts a search finds; none unless told. */
  readonly search?: (text: string, json: string) => boolean;
}

export interface Service {
  readonly url: string;
  readonly token: string;
  /** Every call, as `GET /inbox/segments`, in order. */
  readonly calls: readonly string[];
  /** The bodies of the calls for contacts. */
  // biome-ignore lint/suspicious/noExplicitAny: read as freely as a test likes
  readonly bodies: readonly any[];
}

const pageSize = 3;
const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A service that holds exactly these records, and applies no filter but its search. */
export async function serve({ contacts = [], search, ...rest }: Holdings): Promise<Service> {
  const { segments = [], agents = [] } = rest;
  const texts = contacts.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  const calls: string[] = [];
  const bodies: Service['bodies'][number][] = [];
  const answer = (text: string) => `{"success":true,"message":"","data":${text},"code":200}`;
  const listed = (request: IncomingMessage, body: string): string => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    calls.push(`${request.method} ${url.pathname}`);
    if (url.pathname === '/inbox/segments') return JSON.stringify(segments);
    if (url.pathname === '/custom-user') {
      return JSON.stringify(url.searchParams.get('page') === '1' ? agents : []);
    }
    const asked = JSON.parse(body);
    bodies.push(asked);
    const found = texts.filter((json) =>
      asked.searchText === '' ? true : (search?.(asked.searchText, json) ?? false),
    );
    return `[${found.slice((asked.page - 1) * pageSize, asked.page * pageSize).join(',')}]`;
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => response.end(answer(listed(request, body))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, token: 'a-token-of-the-tests', calls, bodies };
}

/** The nth id, made at about this time. */
export function idOf(n: number, made = '2026-11-01T00:00:00Z'): string {
  const seconds = Math.floor(Date.parse(made) / 1000).toString(16);
  return `${seconds}${n.toString(16).padStart(16, '0')}`;
}

import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { afterEach } from 'vitest';
import { type Client, openClient } from '../../src/api/client.ts';
import { headersFor } from '../../src/api/headers.ts';
import { Throttle } from '../../src/api/throttle.ts';
import type { Env } from '../../src/context.ts';
import { servicePages } from '../../src/read/source.ts';
import { contacts } from '../../src/records/contacts/resource.ts';

export const token = 'a-very-secret-token-0123456789';
export const page = '{"success":true,"message":"","data":[{"_id":"one"}],"code":200}';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Opens a server on this machine until the test ends; returns its port. */
export async function open(server: Server | NetServer): Promise<number> {
  socketsOf(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** The sockets that are open to a server, as they come and go. */
export function socketsOf(server: Server | NetServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return sockets;
}

export function atEnd(close: () => void): void {
  closers.push(close);
}

export interface ScriptedService {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  /** When each request came. */
  readonly times: readonly number[];
  readonly sockets: ReadonlySet<Socket>;
}

/** A service that gives its answers one after another, the last one for ever. */
export async function serveAnswers(...answers: RequestListener[]): Promise<ScriptedService> {
  const requests: IncomingMessage[] = [];
  const times: number[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    times.push(performance.now());
    request.resume().on('end', () => answer?.(request, response));
  });
  const sockets = socketsOf(server);
  return { url: `http://127.0.0.1:${await open(server)}/`, requests, times, sockets };
}

export function say(
  status: number,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): RequestListener {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

export const good = say(200, page);
export const reset: RequestListener = ({ socket }) => void socket.resetAndDestroy();
export const hang: RequestListener = () => {};
export const cut = (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'content-length': page.length });
  response.write(page.slice(0, 20), () => response.socket?.destroy());
};

export interface Asked {
  readonly client: Client;
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
  /** The keys of the last page, or the error. */
  readonly outcome: unknown;
}

export interface AskOptions {
  readonly maxAttempts?: number;
  readonly timeoutMs?: number;
  readonly env?: Env;
  readonly times?: number;
  readonly once?: boolean;
  readonly signal?: AbortSignal;
}

/** Asks for a page of contacts, once or several times. */
export async function ask(url: string, options: AskOptions = {}): Promise<Asked> {
  const { maxAttempts = 3, timeoutMs = 2000, env = {}, times = 1 } = options;
  const { signal = new AbortController().signal, once = false } = options;
  const lines: string[] = [];
  const warnings: string[] = [];
  const client = await openClient({
    url: new URL(url),
    headers: headersFor('token', token, 'test'),
    secrets: [token],
    timeoutMs,
    maxAttempts,
    throttle: new Throttle({ concurrency: 'auto' }),
    env,
    log: { debug: (line) => lines.push(line), warn: (line) => warnings.push(line) },
  });
  const fetchPage = servicePages(client, contacts, [], { once });
  let outcome: unknown;
  try {
    for (let time = 0; time < times; time += 1) {
      outcome = (await fetchPage(1, signal)).records.map(({ key }) => key);
    }
  } catch (error) {
    outcome = error;
  } finally {
    client.close();
  }
  return { client, lines, warnings, outcome };
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { errnoOf, localError } from '../errors.ts';
import { refusal, send } from './answers.ts';
import type { Fault } from './faults.ts';
import { Ordering } from './ordering.ts';
import { People } from './people.ts';
import { asksForContacts, Service } from './service.ts';

export interface SandboxOptions {
  /** 0, the default, is any free one. */
  readonly port?: number;
  readonly contacts?: number;
  readonly pageSize?: number;
  /** Added to every answer. */
  readonly latencyMs?: number;
  readonly seed?: number;
  /** Just after the newest contact; by default the start of the UTC day, so that a day's runs agree. */
  readonly now?: Date;
  readonly faults?: readonly Fault[];
  readonly token?: string;
  readonly botToken?: string;
}

export interface Sandbox {
  readonly url: string;
  readonly token: string;
  readonly botToken: string;
  /** Calls for contacts that have been begun, answered or not. */
  readonly requests: number;
  /** Every contact there is at this moment, newest first. */
  idsNow(): string[];
  close(): Promise<void>;
}

const host = '127.0.0.1';
const dayMs = 86_400_000;
const idleMs = 5000;
const largestBody = 1_000_000;
const portErrors: { readonly [errno: string]: readonly [code: string, reason: string] } = {
  EADDRINUSE: ['port-in-use', 'is already in use'],
  EACCES: ['port-forbidden', 'is for root alone'],
};

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, contacts = 240, pageSize = 50, latencyMs = 0, seed = 1 } = options;
  const { token = 'sandbox-token-0123456789abcdef', faults = [] } = options;
  const { botToken = 'sandbox-bot-token-0123456789abcdef' } = options;
  const now = options.now ?? new Date(Math.floor(Date.now() / dayMs) * dayMs);
  const ordering = new Ordering(new People(seed, contacts, now), pageSize);
  const service = new Service(ordering, { token, botToken }, faults);
  let requests = 0;

  const server = createServer({ keepAliveTimeout: idleMs }, async (request, response) => {
    if (asksForContacts(request)) requests += 1;
    const body = await buffer(request).catch(() => undefined);
    if (body === undefined) return; // the caller has hung up
    if (body.length > largestBody) return send(response, refusal(413, 'The body is too large'));
    const reply = service.reply(request, body.toString());
    if (latencyMs === 0) reply(response);
    else setTimeout(reply, latencyMs, response).unref();
  });
  await listen(server, port);

  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    token,
    botToken,
    get requests() {
      return requests;
    },
    idsNow: () => ordering.everyone({ contactsOnly: true, wanted: {} }).map(({ id }) => id),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const [code, reason] = portErrors[errnoOf(error) ?? ''] ?? [];
    if (code === undefined) throw error;
    const hint = 'choose another with --port, or leave --port out for any free one';
    throw localError(code, `port ${port} ${reason}`, hint);
  }
}

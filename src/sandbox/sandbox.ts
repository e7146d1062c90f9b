import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errnoOf, localError } from '../errors.ts';
import { refusal } from './answers.ts';
import { ContactList } from './contact-list.ts';
import { type Fault, Trouble } from './faults.ts';
import { People } from './people.ts';
import { Roll } from './roll.ts';
import { answerCompanion, asksForContacts, readCall, refuseCaller } from './routes.ts';
import { send } from './spoiling.ts';
import { type Reply, replyWith } from './strikes.ts';

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
}

export interface Sandbox {
  readonly url: string;
  readonly token: string;
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

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, contacts = 240, pageSize = 50, latencyMs = 0, seed = 1 } = options;
  const { token = 'sandbox-token-0123456789abcdef', faults = [] } = options;
  const now = options.now ?? new Date(Math.floor(Date.now() / dayMs) * dayMs);
  const roll = new Roll(new People(seed, contacts, now), pageSize);
  const troubles = faults.map((fault) => new Trouble(fault));
  const list = new ContactList(roll, troubles);
  let requests = 0;

  const server = createServer({ keepAliveTimeout: idleMs }, (request, response) => {
    const call = readCall(request);
    const wantsContacts = asksForContacts(call);
    if (wantsContacts) requests += 1;
    readBody(request, response, (body) => {
      let reply: Reply;
      const refused = refuseCaller(request, token);
      if (refused !== undefined) reply = { answer: refused, send };
      else if (wantsContacts) reply = list.reply(body);
      else reply = replyWith(answerCompanion(call), troubles);

      if (latencyMs === 0) reply.send(response, reply.answer);
      else setTimeout(() => reply.send(response, reply.answer), latencyMs).unref();
    });
  });
  await listen(server, port);

  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    token,
    get requests() {
      return requests;
    },
    idsNow: () => roll.everyone({ contactsOnly: true }).map((person) => roll.people.id(person)),
    close: () => close(server),
  };
}

function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  whenRead: (body: string) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= largestBody) chunks.push(chunk);
  });
  request.on('end', () => {
    if (size > largestBody) send(response, refusal(413, 'The body is too large'));
    else whenRead(Buffer.concat(chunks).toString());
  });
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explain(error, port)));
    server.listen(port, host, resolve);
  });
}

function explain(error: Error, port: number): Error {
  if (errnoOf(error) !== 'EADDRINUSE') return error;
  const hint = 'choose another with --port, or leave --port out for any free one';
  return localError('port-in-use', `port ${port} is already in use`, hint);
}

async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import got, { type Request } from 'got';
import { errnoOf } from '../errors.ts';
import type { Connections } from './connections.ts';
import { ProxyError } from './pending.ts';
import { TooLarge, unpack } from './unpack.ts';
import { longestTimerMs } from './wait.ts';

/** The most that is read of an answer, packed or unpacked. */
export const largestAnswer = 64 * 1024 * 1024;

export interface Message {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Unpacked. */
  readonly bytes: Buffer;
}

/** No answer came, or not to its end. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** The system's word, e.g. ECONNRESET. */
  readonly code: string;
  readonly waitedMs: number;
  /** The connection was one that had been used before. */
  readonly reused: boolean;
  /** The proxy failed, before the service was reached. */
  readonly proxy: ProxyError | undefined;

  constructor(code: string, waitedMs: number, reused = false, proxy?: ProxyError) {
    super(code);
    this.code = code;
    this.waitedMs = waitedMs;
    this.reused = reused;
    this.proxy = proxy;
  }
}

/** Sends once. Rejects with NoAnswer, TooLarge, Unpackable, or the signal's reason. */
export type Send = (message: Message) => Promise<Answer>;

export function prepareSend(
  connections: Connections,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): Send {
  const open = got.extend({
    agent: { http: connections.agent, https: connections.agent as HttpsAgent },
    headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
    // Retries, redirects, status codes and packing are ours to judge.
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    decompress: false,
    isStream: true,
  });
  return async (message) => {
    const { method, url, body } = message;
    message.signal.throwIfAborted();
    const stream = open(url, { method, ...(body !== undefined && { body }) }) as unknown as Request;
    // Got hands on forty options, most of them undefined, on hidden classes that V8 makes anew for
    // each request: 16 kB that only a full collection frees. These are all that are in use.
    const createNativeRequestOptions = () => {
      return { agent: connections.agent, method, headers: stream.options.headers };
    };
    Object.assign(stream.options, { createNativeRequestOptions });
    const received = await receive(stream, message.signal, timeoutMs, connections);
    const bytes = await unpack(received.bytes, received.headers['content-encoding'], largestAnswer);
    return { ...received, bytes };
  };
}

/**
 * Got's own promise and time-outs may never settle: after a 101, or while a proxy is silent. So
 * one timer bounds all, and whatever ends the wait closes the connection.
 */
function receive(
  stream: Request,
  signal: AbortSignal,
  timeoutMs: number,
  connections: Connections,
) {
  return new Promise<Answer>((resolve, reject) => {
    const began = performance.now();
    let sent: ClientRequest | undefined;
    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const fail = (error: unknown) => {
      release();
      reject(error);
      stream.destroy();
      if (sent !== undefined) connections.abandon(sent);
    };
    const abort = () => fail(signal.reason);
    const expire = () => {
      const isAtProxy = sent !== undefined && connections.abandon(sent);
      const proxy = isAtProxy ? new ProxyError(undefined) : undefined;
      fail(new NoAnswer('ETIMEDOUT', timeoutMs, false, proxy));
    };
    const timer = setTimeout(expire, Math.min(timeoutMs, longestTimerMs));
    signal.addEventListener('abort', abort);
    stream.on('request', (request: ClientRequest) => {
      sent = request;
      // A second error of a request that is given up has no other listener.
      request.on('error', () => {});
    });
    stream.on('error', (error: Error) => {
      fail(noAnswerOf(error, performance.now() - began, sent?.reusedSocket === true));
    });
    const finish = (answer: Answer) => {
      release();
      resolve(answer);
    };
    collect(stream, finish, fail);
  });
}

/** Reads an answer to its end, or to the limit. */
function collect(
  stream: Request,
  finish: (answer: Answer) => void,
  fail: (error: unknown) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let status = 0;
  let headers: IncomingHttpHeaders = {};
  stream.on('response', (response: IncomingMessage) => {
    status = response.statusCode ?? 0;
    headers = response.headers;
    if (Number(headers['content-length']) > largestAnswer) fail(new TooLarge());
  });
  stream.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > largestAnswer) fail(new TooLarge());
    else chunks.push(chunk);
  });
  stream.on('end', () => {
    const [only] = chunks;
    const isWhole = only !== undefined && chunks.length === 1;
    finish({ status, headers, bytes: isWhole ? only : Buffer.concat(chunks, size) });
  });
  // 101: the connection is handed over, and nothing more is heard of the request.
  stream.on('upgrade', (response: IncomingMessage, socket: Socket) => {
    socket.destroy();
    stream.destroy();
    finish({ status: response.statusCode ?? 101, headers: {}, bytes: Buffer.alloc(0) });
  });
}

function noAnswerOf(error: Error, waitedMs: number, reused: boolean): NoAnswer {
  const proxy = error.cause instanceof ProxyError ? error.cause : undefined;
  const source = proxy === undefined ? error : proxy.cause;
  return new NoAnswer(errnoOf(source) ?? 'no answer', waitedMs, reused, proxy);
}

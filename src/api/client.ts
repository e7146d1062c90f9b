import type { ClientRequest } from 'node:http';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import got, { RequestError, type Response, TimeoutError } from 'got';
import { type ExplainedError, errnoOf } from '../errors.ts';
import { UnusableAnswer } from '../records/page.ts';
import { at } from '../records/record.ts';
import { explainAnswer, explainSilence, isCertificateCode } from './explain.ts';
import { headersFor } from './headers.ts';
import { openProxyAgents } from './proxy.ts';
import {
  longestWaitMs,
  readRetryAfter,
  retryDelay,
  type Setback,
  setbackOfStatus,
} from './retry.ts';
import type { Throttle } from './throttle.ts';

export interface ClientOptions {
  /** The service's base address, checked by readApiUrl; ends in a slash. */
  readonly url: URL;
  readonly token: string;
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly throttle: Throttle;
  readonly userAgent: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The in-process sandbox is never behind a proxy. */
  readonly direct?: boolean;
  /** Told what is asked, retried and waited for; never the token. */
  readonly note: (line: string) => void;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  /** What is asked for, said with --verbose. */
  readonly label?: string;
  readonly signal: AbortSignal;
}

/** What is asked of the service, with the token, politely and until it is answered. */
export interface Client {
  /** The service's own clock less ours, in milliseconds; 0 until an answer told. */
  readonly skewMs: number;
  /** How many requests went out, retries included. */
  readonly requests: number;
  /**
   * Sends a call, again where that may help, until `read` accepts the answer's text.
   * Throws ExplainedError: exit 4, 5 or 6. `read` throws UnusableAnswer to refuse a text.
   */
  ask<T>(call: Call, read: (text: string) => T): Promise<T>;
  close(): void;
}

interface Failed {
  readonly failure: ExplainedError;
  /** Why it may be worth another attempt; absent when it is not. */
  readonly setback?: Setback;
  /** True when the attempt need not be counted. */
  readonly free?: boolean;
}

type Attempt<T> = { readonly value: T } | (Failed & { readonly began: number });

export async function openClient(options: ClientOptions): Promise<Client> {
  const { url, token, throttle, note, timeoutMs, maxAttempts } = options;
  const agents = (options.direct ? undefined : await openProxyAgents(url, options.env)) ?? {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  };
  const send = got.extend({
    agent: agents,
    headers: headersFor(token, options.userAgent),
    // Retries, redirects and status codes are ours to judge: all requests share one throttle.
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    timeout: { request: timeoutMs },
    responseType: 'buffer',
  });
  let skewMs = 0;
  let requests = 0;

  async function attempt<T>(
    call: Call,
    target: URL,
    read: (text: string) => T,
  ): Promise<Attempt<T>> {
    const began = await throttle.enter(call.signal);
    let sent: ClientRequest | undefined;
    requests += 1;
    try {
      const body = call.body === undefined ? {} : { body: call.body };
      const answering = send(target, { method: call.method, signal: call.signal, ...body });
      void answering.on('request', (request: ClientRequest) => {
        sent = request;
      });
      const response = (await answering) as unknown as Response<Uint8Array>;
      skewMs = skewOf(response, skewMs);
      const result = judge(response, read);
      if (!('value' in result)) return { ...result, began };
      throttle.succeeded();
      return result;
    } catch (error) {
      if (call.signal.aborted) throw call.signal.reason;
      if (!(error instanceof RequestError)) throw error;
      return { ...judgeSilence(error, sent?.reusedSocket === true), began };
    } finally {
      throttle.leave();
    }
  }

  function judge<T>(
    response: Response<Uint8Array>,
    read: (text: string) => T,
  ): { readonly value: T } | Failed {
    const status = response.statusCode;
    const { buffer, byteOffset, byteLength } = response.body;
    const text = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
    if (status >= 200 && status < 300) {
      try {
        return { value: read(text) };
      } catch (error) {
        if (!(error instanceof UnusableAnswer)) throw error;
        const failure = explainAnswer({ status, text, json: error.json }, token);
        // What is not JSON at all was cut short, or came from a proxy in between.
        const code = at(error.json, 'code');
        const kind = typeof code === 'number' ? setbackOfStatus(code) : undefined;
        if (kind !== undefined) return { failure, setback: { kind } };
        return error.json === undefined ? { failure, setback: { kind: 'garbled' } } : { failure };
      }
    }
    const failure = explainAnswer({ status, text, json: jsonOf(text) }, token);
    const kind = setbackOfStatus(status);
    if (kind === undefined) return { failure };
    const retryAfterMs = readRetryAfter(response.headers['retry-after'], new Date());
    return { failure, setback: { kind, retryAfterMs } };
  }

  function judgeSilence(error: RequestError, reused: boolean): Failed {
    const code = error instanceof TimeoutError ? 'ETIMEDOUT' : (errnoOf(error) ?? 'no answer');
    // An answer that can't be unpacked came all the same.
    if (code.startsWith('Z_')) {
      const failure = explainAnswer(
        { status: 200, text: `packed data it can't unpack (${code})` },
        token,
      );
      return { failure, setback: { kind: 'garbled' } };
    }
    const failure = explainSilence(url.host, code, timeoutMs);
    if (isCertificateCode(code)) return { failure };
    const kind = code === 'ETIMEDOUT' ? 'timeout' : 'network';
    // The service closes idle connections: a reset on a used one says nothing about its health.
    const free = reused && (code === 'ECONNRESET' || code === 'EPIPE');
    return { failure, setback: { kind }, free };
  }

  async function ask<T>(call: Call, read: (text: string) => T): Promise<T> {
    const target = new URL(call.path, url);
    let free = 2;
    for (let count = 1; ; ) {
      note(
        [call.method, target.pathname, call.label, count > 1 && `attempt ${count}`]
          .filter(Boolean)
          .join(' '),
      );
      const result = await attempt(call, target, read);
      if ('value' in result) return result.value;
      const { failure, setback } = result;
      if (setback === undefined) throw failure;
      if (result.free === true && free > 0) {
        free -= 1;
        note('the connection was closed while idle; asking again');
        continue;
      }
      if (count >= maxAttempts) throw failure;
      const wait = retryDelay(setback, count, Math.random());
      if (wait > longestWaitMs) throw failure;
      count += 1;
      const seconds = (wait / 1000).toFixed(1);
      note(`${failure.message}; attempt ${count} of ${maxAttempts} in ${seconds} s`);
      await waitAfter(setback, wait, result.began, call.signal);
    }
  }

  /** Where the service itself asks for less, every request waits; else this one alone does. */
  async function waitAfter(setback: Setback, wait: number, began: number, signal: AbortSignal) {
    const { kind } = setback;
    const forAll = kind === 'limited' || kind === 'unavailable';
    if (forAll || kind === 'timeout')
      throttle.slowDown(began, forAll ? wait : 0, kind === 'limited');
    if (!forAll) await sleep(wait, undefined, { signal });
  }

  return {
    get skewMs() {
      return skewMs;
    },
    get requests() {
      return requests;
    },
    ask,
    close() {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function skewOf(response: Response<Uint8Array>, known: number): number {
  if (known !== 0) return known;
  const theirs = Date.parse(response.headers.date ?? '');
  return Number.isNaN(theirs) ? known : theirs - Date.now();
}

function jsonOf(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

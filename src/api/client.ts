import type { Env } from '../context.ts';
import { ExplainedError } from '../errors.ts';
import type { Credential } from '../records/resource.ts';
import { type Connections, openConnections } from './connections.ts';
import { proxyFor } from './proxy.ts';
import { type Asked, type Judged, judgeAnswer, judgeSilence, type Read } from './response.ts';
import { longestWaitMs, type RetryReason, retryDelay } from './retry.ts';
import { type Answer, prepareSend, type Send } from './send.ts';
import type { Throttle } from './throttle.ts';
import { wait } from './wait.ts';

export interface ClientOptions {
  /** The service's base address, checked by readApiUrl; ends in a slash. */
  readonly url: URL;
  /** Complete, the credential included. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the headers hold. */
  readonly credential?: Credential;
  /** Cut out of whatever is quoted. */
  readonly secrets: readonly string[];
  /** Bounds each attempt, whatever happens on the wire. */
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly throttle: Throttle;
  /** Its proxy variables are honoured. */
  readonly env: Env;
  /** The in-process sandbox is never behind a proxy. */
  readonly direct?: boolean;
  readonly log: { debug(line: string): void; warn(line: string): void };
}

export interface ServiceRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** JSON text. */
  readonly body?: string;
  /** What is asked for, said with --verbose. */
  readonly label?: string;
  readonly signal: AbortSignal;
  /** Not asked again where that might help: it is not worth holding others up. */
  readonly once?: boolean;
}

/** What is asked of the service, politely and until it is answered. */
export interface Client {
  /** The service's own clock less ours, in milliseconds; 0 until an answer told. */
  readonly skewMs: number;
  /** How many requests went out, retries included. */
  readonly requests: number;
  /**
   * Sends a request, again where that may help, until `read` accepts the answer. Throws
   * ExplainedError: exit 4, 5 or 6. `read` throws UnusableAnswer to refuse an answer.
   */
  ask<T>(request: ServiceRequest, read: Read<T>): Promise<T>;
  close(): void;
}

/** Throws a usage error for a proxy variable that can't be read. */
export async function openClient(options: ClientOptions): Promise<Client> {
  const proxy = options.direct ? undefined : proxyFor(options.url, options.env);
  const connections = await openConnections(options.url, proxy, options.timeoutMs);
  return new ServiceClient(options, connections);
}

/** How often a request is repeated for free where its idle connection had been closed. */
const freeAttempts = 2;

/** A wait that is longer is announced. */
const longWaitMs = 60_000;

type Attempt<T> = Judged<T> & { readonly began: number };

class ServiceClient implements Client {
  skewMs = 0;
  requests = 0;
  readonly #options: ClientOptions;
  readonly #connections: Connections;
  readonly #send: Send;
  readonly #asked: Asked;
  #announcedUntil = 0;

  constructor(options: ClientOptions, connections: Connections) {
    this.#options = options;
    this.#connections = connections;
    this.#send = prepareSend(connections, options.headers, options.timeoutMs);
    const { url, secrets, credential = 'token' } = options;
    this.#asked = { host: url.host, secrets, proxy: connections.proxy, credential };
  }

  async ask<T>(request: ServiceRequest, read: Read<T>): Promise<T> {
    const { maxAttempts, log } = this.#options;
    const url = new URL(request.path, this.#options.url);
    let free = freeAttempts;
    for (let attempt = 1; ; ) {
      const result = await this.#attempt(request, url, read);
      if ('value' in result) return result.value;
      const { error, retry, idleReset, began } = result;
      if (retry === undefined) throw error;
      if (idleReset && free > 0) {
        free -= 1;
        log.debug('the connection was closed while idle; asking again');
        continue;
      }
      const delayMs = retryDelay(retry, attempt, Math.random());
      if (attempt >= maxAttempts || delayMs > longestWaitMs) {
        throw retry.retryAfterMs === undefined ? error : withRetryAfter(error, retry.retryAfterMs);
      }
      if (request.once) {
        if (retry.kind === 'limited') await this.#pause(retry, delayMs, began, request.signal);
        throw error;
      }
      attempt += 1;
      const seconds = (delayMs / 1000).toFixed(1);
      log.debug(`${error.message}; attempt ${attempt} of ${maxAttempts} in ${seconds} s`);
      await this.#pause(retry, delayMs, began, request.signal);
    }
  }

  close(): void {
    this.#connections.close();
  }

  async #attempt<T>(request: ServiceRequest, url: URL, read: Read<T>): Promise<Attempt<T>> {
    const { throttle } = this.#options;
    const { method, body, signal } = request;
    const began = await throttle.enter(signal);
    const start = performance.now();
    this.requests += 1;
    try {
      const answer = await this.#send({ method, url, body, signal });
      this.#learnSkew(answer);
      const result = judgeAnswer(answer, read, this.#asked);
      if ('value' in result) throttle.succeeded(began);
      this.#report(request, url, start, `${answer.status}`, result);
      return { ...result, began };
    } catch (failure) {
      if (signal.aborted) throw signal.reason;
      const result = judgeSilence(failure, this.#asked);
      this.#report(request, url, start, 'no answer', result);
      return { ...result, began };
    } finally {
      throttle.leave();
    }
  }

  #report<T>(
    { method, label }: ServiceRequest,
    url: URL,
    start: number,
    outcome: string,
    result: Judged<T>,
  ): void {
    const name = [method, url.pathname, label].filter(Boolean).join(' ');
    const facts = [outcome, `${Math.round(performance.now() - start)} ms`];
    const rows = 'value' in result ? rowsIn(result.value) : undefined;
    if (rows !== undefined) facts.push(rows === 1 ? '1 row' : `${rows} rows`);
    this.#options.log.debug(`${name}: ${facts.join(', ')}`);
  }

  #learnSkew({ headers }: Answer): void {
    if (this.skewMs !== 0) return;
    const theirs = Date.parse(headers.date ?? '');
    if (!Number.isNaN(theirs)) this.skewMs = theirs - Date.now();
  }

  /** Where the service itself asks for less, every request waits; else this one alone does. */
  async #pause({ kind }: RetryReason, delayMs: number, began: number, signal: AbortSignal) {
    const { throttle } = this.#options;
    const forAll = kind === 'limited' || kind === 'unavailable';
    if (delayMs > longWaitMs) this.#announce(delayMs);
    if (forAll || kind === 'timeout') {
      throttle.slowDown(began, forAll ? delayMs : 0, kind === 'limited');
    }
    if (!forAll) await wait(delayMs, signal);
  }

  /** Once for all requests that wait together. */
  #announce(delayMs: number): void {
    const now = performance.now();
    if (now < this.#announcedUntil) return;
    this.#announcedUntil = now + delayMs;
    const minutes = Math.ceil(delayMs / 60_000);
    this.#options.log.warn(
      `the service asks to be left alone for ${minutes} minutes: waiting (Ctrl-C ends it)`,
    );
  }
}

/** Who goes on asking later must know of it. */
function withRetryAfter(error: ExplainedError, retryAfterMs: number): ExplainedError {
  const { exit, code, message, hint, status } = error;
  return new ExplainedError({ exit, code, message, hint, status, retryAfterMs });
}

function rowsIn(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  const records = (value as { readonly records?: unknown } | null)?.records;
  return Array.isArray(records) ? records.length : undefined;
}

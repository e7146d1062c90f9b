import type { ExplainedError } from '../errors.ts';
import { isFailure, statusIn, UnusableAnswer } from '../records/page.ts';
import { at } from '../records/record.ts';
import type { Credential } from '../records/resource.ts';
import type { Json } from '../table.ts';
import {
  explainAnswer,
  explainProxyRefusal,
  explainProxySilence,
  explainSilence,
  explainUnreadable,
  isCertificateCode,
  isTlsCode,
} from './explain.ts';
import type { ProxyAddress } from './proxy.ts';
import { type RetryReason, readRetryAfter, retryKindOf } from './retry.ts';
import { type Answer, largestAnswer, NoAnswer } from './send.ts';
import { TooLarge, Unpackable } from './unpack.ts';

/** An attempt that brought nothing to use. */
export interface Failure {
  readonly error: ExplainedError;
  /** Why it may be worth another attempt; absent when it is not. */
  readonly retry?: RetryReason;
  /** The service closes idle connections: a reset of one says nothing about its health. */
  readonly idleReset?: boolean;
}

export type Judged<T> = { readonly value: T } | Failure;

/** Who was asked, and what must not be repeated. */
export interface Asked {
  readonly host: string;
  readonly secrets: readonly string[];
  readonly proxy: ProxyAddress | undefined;
  readonly credential: Credential;
}

export type Read<T> = (bytes: Uint8Array) => T;

/** What an answer is worth. `read` throws UnusableAnswer to refuse one that looks good. */
export function judgeAnswer<T>(answer: Answer, read: Read<T>, asked: Asked): Judged<T> {
  const { status, headers, bytes } = answer;
  if (status >= 200 && status < 300) return judgeGood(answer, read, asked);
  if (status === 407 && asked.proxy !== undefined) {
    return { error: explainProxyRefusal(asked.proxy, asked.host, status) };
  }
  const text = bytes.toString('utf8');
  const error = explainAnswer(
    { status, text, json: jsonOf(text) },
    asked.secrets,
    asked.credential,
  );
  const kind = retryKindOf(status);
  if (kind === undefined) return { error };
  // A date is by the service's clock.
  const now = new Date(headers.date ?? '');
  const wish = headers['retry-after'];
  const retryAfterMs = readRetryAfter(wish, Number.isNaN(now.getTime()) ? new Date() : now);
  return { error, retry: { kind, retryAfterMs } };
}

function judgeGood<T>(
  { status, bytes }: Answer,
  read: Read<T>,
  { secrets, credential }: Asked,
): Judged<T> {
  try {
    return { value: read(bytes) };
  } catch (unusable) {
    if (!(unusable instanceof UnusableAnswer)) throw unusable;
    const { json } = unusable;
    const text = bytes.toString('utf8');
    const error = explainAnswer({ status, text, json }, secrets, credential);
    const data = at(json, 'data');
    const named = statusIn(json);
    // Cut short, from a proxy in between, or a page that contradicts itself.
    const isGarbled =
      named === undefined
        ? json === undefined || (isFailure(json) && Array.isArray(data))
        : Array.isArray(data) && data.length > 0;
    const kind = named === undefined ? undefined : retryKindOf(named);
    if (kind !== undefined) return { error, retry: { kind } };
    return isGarbled ? { error, retry: { kind: 'garbled' } } : { error };
  }
}

/** What it means that an attempt brought no answer. Throws what is no such failure. */
export function judgeSilence(failure: unknown, asked: Asked): Failure {
  if (failure instanceof TooLarge) {
    const limit = `more than ${largestAnswer / 1024 / 1024} MB, which is read no further`;
    return { error: explainUnreadable(limit, 'narrow the filters, or check --api-url') };
  }
  if (failure instanceof Unpackable) {
    return garbled(`packed data that can't be unpacked (${failure.message})`);
  }
  if (!(failure instanceof NoAnswer)) throw failure;
  const { code, waitedMs, proxy } = failure;
  if (proxy !== undefined && asked.proxy !== undefined) {
    return judgeProxy(proxy.refusal, failure, asked.proxy, asked.host);
  }
  if (code.startsWith('HPE_')) return garbled('something that is not HTTP');
  const error = explainSilence(asked.host, code, waitedMs);
  if (isCertificateCode(code) || isTlsCode(code)) return { error };
  const idleReset = failure.reused && (code === 'ECONNRESET' || code === 'EPIPE');
  return { error, retry: { kind: code === 'ETIMEDOUT' ? 'timeout' : 'network' }, idleReset };
}

function garbled(what: string): Failure {
  const hint = 'check --api-url; a proxy may have answered instead of the service';
  return { error: explainUnreadable(what, hint), retry: { kind: 'garbled' } };
}

function judgeProxy(
  refusal: number | string | undefined,
  { code, waitedMs }: NoAnswer,
  proxy: ProxyAddress,
  host: string,
): Failure {
  if (refusal !== undefined) {
    const error = explainProxyRefusal(proxy, host, refusal);
    const isPassing = typeof refusal === 'number' ? refusal >= 500 : !/auth/i.test(refusal);
    return isPassing ? { error, retry: { kind: 'network' } } : { error };
  }
  const error = explainProxySilence(proxy, code, waitedMs);
  if (isCertificateCode(code) || isTlsCode(code)) return { error };
  return { error, retry: { kind: code === 'ETIMEDOUT' ? 'timeout' : 'network' } };
}

function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Why an attempt failed in a way that another attempt may mend. */
export interface RetryReason {
  readonly kind: 'limited' | 'unavailable' | 'timeout' | 'network' | 'garbled';
  /** The service's own wish, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** A longer Retry-After than this is not waited for. */
export const longestWaitMs = 3_600_000;

/**
 * Milliseconds to wait before attempt `attempt + 1` (the first is 1): exponential backoff with equal
 * jitter, 250 ms doubling up to 15 s, or longer where the service asks for it: its wish may be 0, and
 * would use up all attempts at once. `random` is in [0, 1).
 */
export function retryDelay(reason: RetryReason, attempt: number, random: number): number {
  const ceiling = Math.min(15_000, 500 * 2 ** (attempt - 1));
  return Math.max(reason.retryAfterMs ?? 0, ceiling / 2 + (ceiling / 2) * random);
}

/** The wait that a Retry-After header asks for, in milliseconds: seconds or an HTTP date (RFC 9110, 10.2.3). */
export function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

/** Answers that another attempt may mend; others never change by asking again. */
export function retryKindOf(status: number): RetryReason['kind'] | undefined {
  if (status === 429) return 'limited';
  if (status === 503) return 'unavailable';
  if (status === 408 || status >= 500) return 'garbled';
  return undefined;
}

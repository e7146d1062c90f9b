import { describe, expect, it } from 'vitest';
import { readRetryAfter, retryDelay, retryKindOf } from '../../src/api/retry.ts';

describe('the wait before another attempt', () => {
  it('doubles from a quarter or half of a second up to 15 seconds', () => {
    const least = [1, 2, 3, 4, 5, 6, 7, 50].map((n) => retryDelay({ kind: 'network' }, n, 0));
    expect(least).toEqual([250, 500, 1000, 2000, 4000, 7500, 7500, 7500]);
    const most = [1, 2, 3, 4, 5, 6, 7, 50].map((n) => retryDelay({ kind: 'network' }, n, 1));
    expect(most).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it('is what the service asks for, but never so short that all attempts go at once', () => {
    const wish = (retryAfterMs: number) => retryDelay({ kind: 'limited', retryAfterMs }, 1, 0);
    expect(wish(7000)).toBe(7000);
    expect(wish(0)).toBe(250);
    expect(wish(100)).toBe(250);
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-11-01T00:00:00Z');
  for (const [header, expected] of [
    ['0', 0],
    ['1', 1000],
    [' 120 ', 120_000],
    ['1.5', 1500],
    ['1.25', 1250],
    ['30 seconds', undefined],
    ['in 30', undefined],
    ['Sun, 01 Nov 2026 00:00:30 GMT', 30_000],
    ['Sat, 31 Oct 2026 23:59:00 GMT', 0],
    ['', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ] as const) {
    it(`${header === undefined ? 'absent' : `"${header}"`} is ${expected} ms`, () => {
      expect(readRetryAfter(header, now)).toBe(expected);
    });
  }
});

describe('a status', () => {
  it('is worth another attempt only where that may help', () => {
    const kinds = [400, 401, 403, 404, 405, 408, 413, 422, 429, 500, 501, 502, 503, 504, 520];
    expect(kinds.map((status) => retryKindOf(status) ?? 'no').join(' ')).toBe(
      'no no no no no garbled no no limited garbled garbled garbled unavailable garbled garbled',
    );
  });
});

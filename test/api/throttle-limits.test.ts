import { describe, expect, it } from 'vitest';
import { fixedWindow, laterRate, readLimited, tokenBucket } from '../support/rate-limits.ts';

describe('a service that answers 429 above R requests a second', () => {
  const limits = { 'a token bucket': tokenBucket, 'a fixed window': fixedWindow };
  for (const rate of [5, 20, 100]) {
    for (const [name, limit] of Object.entries(limits)) {
      it(`is asked about ${rate} times a second, with ${name}`, async () => {
        const served = await readLimited({ limit: limit(rate), pages: rate * 30, latencyMs: 50 });
        expect(served.arrivals).toHaveLength(rate * 30);
        expect(laterRate(served)).toBeGreaterThan(rate * 0.6);
        expect(laterRate(served)).toBeLessThan(rate * 1.05);
        expect(served.attempts).toBeLessThanOrEqual(5);
      });

      it(`is not worn out when it says Retry-After: 0, with ${name} of ${rate}`, async () => {
        const served = await readLimited({
          limit: limit(rate),
          pages: rate * 20,
          latencyMs: 20,
          retryAfterMs: 0,
        });
        expect(laterRate(served)).toBeGreaterThan(rate * 0.6);
        expect(served.attempts).toBeLessThanOrEqual(5);
      });

      it(`is obeyed when it says Retry-After: 1, with ${name} of ${rate}`, async () => {
        const served = await readLimited({
          limit: limit(rate),
          pages: rate * 30,
          latencyMs: 50,
          retryAfterMs: 1000,
        });
        // A second of silence at each refusal is the service's own wish, and costs its share.
        expect(laterRate(served)).toBeGreaterThan(rate * 0.5);
        expect(served.attempts).toBeLessThanOrEqual(5);
      });
    }
  }

  for (const rate of [10, 20, 40]) {
    for (const latencyMs of [20, 50, 100]) {
      it(`of ${rate} a second is rarely overstepped, and used up, at ${latencyMs} ms`, async () => {
        const pages = 400;
        const served = await readLimited({ limit: tokenBucket(rate), pages, latencyMs });
        const ideal = ((pages - rate) / rate) * 1000 + latencyMs;
        expect(served.refused / pages).toBeLessThan(0.05);
        expect((served.arrivals.at(-1) ?? 0) / ideal).toBeLessThan(1.1);
      });
    }
  }

  it('is not slowed down where the limit is never reached', async () => {
    const served = await readLimited({ limit: tokenBucket(1000), pages: 400, latencyMs: 50 });
    expect(served).toMatchObject({ refused: 0, attempts: 1, widest: 8 });
    expect(laterRate(served)).toBeGreaterThan(150);
  });
});

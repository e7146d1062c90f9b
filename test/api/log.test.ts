import { describe, expect, it } from 'vitest';
import { type Asked, ask, good, hang, reset, say, serveAnswers } from '../support/wire.ts';

describe('with --verbose', () => {
  it('each answer is told with its page, status, time and rows', async () => {
    const service = await serveAnswers(say(500, '{}'), good);
    const { lines } = await ask(service.url);
    expect(lines).toEqual([
      expect.stringMatching(/^POST \/inbox\/users page 1: 500, \d+ ms$/),
      expect.stringMatching(/^the service answered HTTP 500 with {}; attempt 2 of 3 in 0\.\d s$/),
      expect.stringMatching(/^POST \/inbox\/users page 1: 200, \d+ ms, 1 row$/),
    ]);
  });

  it('so is silence', async () => {
    const service = await serveAnswers(reset, hang);
    const { lines } = await ask(service.url, { maxAttempts: 2, timeoutMs: 100 });
    expect(lines[0]).toMatch(/^POST \/inbox\/users page 1: no answer, \d+ ms$/);
    expect(lines.at(-1)).toMatch(/^POST \/inbox\/users page 1: no answer, \d\d\d ms$/);
  });
});

describe('a service that asks for a long wait', () => {
  /** Asks until 200 ms have passed. */
  async function askBriefly(seconds: string): Promise<Asked> {
    const service = await serveAnswers(say(429, '{}', { 'retry-after': seconds }));
    const signal = AbortSignal.timeout(200);
    return ask(service.url, { signal });
  }

  it('of more than a minute is told of once, without --verbose', async () => {
    const asked = await askBriefly('3500');
    expect(asked.warnings).toEqual([
      'the service asks to be left alone for 59 minutes: waiting (Ctrl-C ends it)',
    ]);
  });

  it('of less is waited for in silence', async () => {
    const asked = await askBriefly('50');
    expect(asked.warnings).toEqual([]);
    expect(asked.outcome).toMatchObject({ name: 'TimeoutError' });
  });

  it('of more than an hour is given up at once', async () => {
    const asked = await askBriefly('99999999999999999999');
    expect(asked.outcome).toMatchObject({ exit: 5, status: 429 });
    expect(asked.warnings).toEqual([]);
  });

  it('by a date is understood by its own clock, which may be wrong', async () => {
    const date = 'Sun, 01 Nov 2020 00:00:00 GMT';
    const later = 'Sun, 01 Nov 2020 00:10:00 GMT';
    const service = await serveAnswers(say(503, '', { date, 'retry-after': later }));
    const { warnings } = await ask(service.url, { signal: AbortSignal.timeout(200) });
    expect(warnings).toEqual([expect.stringContaining('10 minutes')]);
  });
});

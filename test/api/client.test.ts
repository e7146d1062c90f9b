import { describe, expect, it } from 'vitest';
import { ask, cut, good, hang, reset, say, serveAnswers, token } from '../support/wire.ts';

const notAnId =
  '{"success":false,"message":"Argument passed in must be a single String of 12 bytes or a string of 24 hex characters","code":400}';

describe('an error of the service', () => {
  const html = '<html><body>Sign in</body></html>';
  for (const [name, answer, expected, attempts] of [
    ['400 for a malformed token', say(400, notAnId), { exit: 4, code: 'token-refused' }, 1],
    ['400 for something else', say(400, '{"message":"bad page"}'), { exit: 5, status: 400 }, 1],
    ['401', say(401, '{"success":false}'), { exit: 4, status: 401 }, 1],
    ['403', say(403, '{"success":false}'), { exit: 4, status: 403 }, 1],
    ['404', say(404, html), { exit: 5, status: 404 }, 1],
    ['422', say(422, '{}'), { exit: 5, status: 422 }, 1],
    ['200 with success: false', say(200, '{"success":false,"message":"no"}'), { exit: 5 }, 1],
    ['200 with the code 401', say(200, '{"success":false,"code":401}'), { exit: 4 }, 1],
    ['200 without data', say(200, '{"success":true}'), { exit: 5 }, 1],
    ['200 with data that is no list', say(200, '{"data":{}}'), { exit: 5 }, 1],
    ['200 that is JSON, but no object', say(200, 'null'), { exit: 5 }, 1],
    ['200 with a web page', say(200, html), { exit: 5, code: 'bad-answer' }, 2],
    ['200 with nothing', say(200, ''), { exit: 5 }, 2],
    ['204', say(204, ''), { exit: 5 }, 2],
    ['408', say(408, ''), { exit: 5 }, 2],
    ['429', say(429, '{}'), { exit: 5, code: 'rate-limited', status: 429 }, 2],
    ['500', say(500, '{}'), { exit: 5, status: 500 }, 2],
    ['502 with a web page', say(502, html), { exit: 5, status: 502 }, 2],
    ['503', say(503, ''), { exit: 5, status: 503 }, 2],
    ['504', say(504, ''), { exit: 5, status: 504 }, 2],
    ['a reset', reset, { exit: 6, code: 'unreachable' }, 2],
    ['an answer that is cut', cut, { exit: 6, code: 'unreachable' }, 2],
    ['no answer', hang, { exit: 6, message: expect.stringContaining('within 0.2 s') }, 2],
  ] as const) {
    const again = attempts > 1 ? 'after all attempts' : 'at once';
    it(`${name}: exit ${expected.exit}, ${again}`, async () => {
      const service = await serveAnswers(answer);
      const { outcome } = await ask(service.url, { maxAttempts: 2, timeoutMs: 200 });
      expect(outcome).toMatchObject({ ...expected, hint: expect.stringMatching(/./) });
      expect(service.requests).toHaveLength(attempts);
    });

    if (attempts === 1) continue;
    it(`${name}, once: the page arrives`, async () => {
      const service = await serveAnswers(answer, good);
      const { outcome, client } = await ask(service.url, { maxAttempts: 2, timeoutMs: 200 });
      expect(outcome).toEqual(['one']);
      expect(client.requests).toBe(2);
    });
  }

  it('no server at all: exit 6, saying so', async () => {
    const { outcome } = await ask('http://127.0.0.1:9/', { maxAttempts: 1 });
    expect(outcome).toMatchObject({
      exit: 6,
      message: expect.stringContaining('nothing answers on that port'),
    });
  });

  it('a name that nobody knows: exit 6', async () => {
    const { outcome } = await ask('http://nobody.localhost.invalid/', { maxAttempts: 1 });
    expect(outcome).toMatchObject({
      exit: 6,
      message: expect.stringMatching(/could not be found/),
    });
  });
});

describe('a request', () => {
  it('is a POST with the token, the key header and JSON', async () => {
    const service = await serveAnswers(good);
    await ask(service.url);
    const [request] = service.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/inbox/users' });
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${token}`,
      authtype: 'Key',
      'content-type': 'application/json',
    });
  });

  it('goes under the path of the address', async () => {
    const service = await serveAnswers(good);
    await ask(`${service.url}proxy/v7/`);
    expect(service.requests[0]?.url).toBe('/proxy/v7/inbox/users');
  });
});

describe('a request that is made but once', () => {
  it.each([
    ['503', say(503, ''), { exit: 5, status: 503 }],
    ['a reset', reset, { exit: 6 }],
    ['429', say(429, '{}'), { exit: 5, status: 429 }],
  ])('fails at %s', async (_, answer, expected) => {
    const service = await serveAnswers(answer, good);
    expect((await ask(service.url, { once: true })).outcome).toMatchObject(expected);
    expect(service.requests).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  it('in seconds is waited for', async () => {
    const service = await serveAnswers(say(429, '{}', { 'retry-after': '1' }), good);
    expect((await ask(service.url)).outcome).toEqual(['one']);
    const [first = 0, second = 0] = service.times;
    expect(second - first).toBeGreaterThanOrEqual(990);
  });

  it('as a date is waited for', async () => {
    const date = new Date(Date.now() + 2000).toUTCString();
    const service = await serveAnswers(say(503, '', { 'retry-after': date }), good);
    expect((await ask(service.url)).outcome).toEqual(['one']);
    const waited = (service.times[1] ?? 0) - (service.times[0] ?? 0);
    expect(waited).toBeGreaterThanOrEqual(900);
  });

  it('of more than an hour is not waited for: exit 5', async () => {
    const service = await serveAnswers(say(429, '{}', { 'retry-after': '4000' }), good);
    expect((await ask(service.url)).outcome).toMatchObject({ exit: 5, status: 429 });
    expect(service.requests).toHaveLength(1);
  });
});

describe('a kept connection', () => {
  it('that the service closed while idle is no attempt', async () => {
    const service = await serveAnswers(good, reset, good);
    const { outcome, lines } = await ask(service.url, { maxAttempts: 1, times: 2 });
    expect(outcome).toEqual(['one']);
    expect(lines).toContain('the connection was closed while idle; asking again');
  });

  it('that is reset again and again counts in the end', async () => {
    const service = await serveAnswers(good, reset);
    const { outcome } = await ask(service.url, { maxAttempts: 2, times: 2 });
    expect(outcome).toMatchObject({ exit: 6 });
    expect(service.requests.length).toBeLessThanOrEqual(1 + 2 + 2);
  });
});

describe('the token', () => {
  it('does not follow a redirect, to another host or to the same', async () => {
    const other = await serveAnswers(good);
    for (const status of [301, 302, 303, 307, 308]) {
      const service = await serveAnswers(say(status, '', { location: other.url }));
      const { outcome } = await ask(service.url);
      expect(outcome).toMatchObject({ exit: 5, status, hint: expect.stringContaining('redirect') });
      expect(service.requests).toHaveLength(1);
    }
    expect(other.requests).toHaveLength(0);
  });

  for (const [name, answer] of [
    ['in a refusal', say(400, `{"message":"no such token: ${token}"}`)],
    ['in a web page', say(500, `<p>${token}</p>`)],
    ['across the place where a quote is cut', say(500, `${'x'.repeat(185)}${token}`)],
    ['in a redirect', say(302, `see ${token}`, { location: `http://localhost:9/?t=${token}` })],
    ['in words that are not JSON', say(200, `Bearer ${token}`)],
  ] as const) {
    it(`is not repeated when the service does, ${name}`, async () => {
      const service = await serveAnswers(answer);
      const { outcome, lines } = await ask(service.url, { maxAttempts: 2 });
      const { message, hint, stack } = outcome as Error & { hint?: string };
      const said = [message, hint, stack, ...lines].join('\n');
      expect(said).toContain('inbox/users');
      for (let length = 12; length <= token.length; length += 1) {
        expect(said).not.toContain(token.slice(0, length));
      }
    });
  }
});

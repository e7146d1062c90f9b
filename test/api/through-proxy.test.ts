import { createServer } from 'node:http';
import { createServer as createPlainServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openClient } from '../../src/api/client.ts';
import { Throttle } from '../../src/api/throttle.ts';
import type { Env } from '../../src/context.ts';
import { runMain } from '../support/context.ts';
import { openProxy } from '../support/http-proxy.ts';
import { openSocksServer } from '../support/socks-server.ts';
import { type Asked, ask, good, open, serveAnswers, socketsOf } from '../support/wire.ts';

const secure = 'https://service.example.com/';

function through(env: Env, url = secure): Promise<Asked> {
  return ask(url, { env, maxAttempts: 1, timeoutMs: 2000 });
}

describe('plain http, for this machine', () => {
  it('asks the proxy for the whole address, once for each request, with its credential', async () => {
    const service = await serveAnswers(good);
    const proxy = await openProxy();
    const env = { HTTP_PROXY: proxy.url.replace('//', '//me:p%23ss@') };
    const { outcome } = await ask(service.url, { env, times: 3 });
    expect(outcome).toEqual(['one']);
    const address = `POST ${new URL('inbox/users', service.url)}`;
    expect(proxy.asked).toEqual(Array(3).fill(address));
    const basic = `Basic ${Buffer.from('me:p#ss').toString('base64')}`;
    expect(proxy.credentials).toEqual(Array(3).fill(basic));
    expect(service.requests.map(({ url }) => url)).toEqual(Array(3).fill('/inbox/users'));
  });

  it('may name the proxy without a scheme, as curl allows', async () => {
    const service = await serveAnswers(good);
    const proxy = await openProxy();
    const { outcome } = await through(
      { http_proxy: proxy.url.replace('http://', '') },
      service.url,
    );
    expect(outcome).toEqual(['one']);
    expect(proxy.asked).toHaveLength(1);
  });

  it('leaves the proxy out for the hosts of NO_PROXY, and for the sandbox', async () => {
    const service = await serveAnswers(good);
    const proxy = await openProxy();
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: 'example.com,127.0.0.1' };
    expect((await through(env, service.url)).outcome).toEqual(['one']);
    const words = ['contacts', 'list', '--limit', '1', '--profile', 'sandbox'];
    const { exit } = await runMain(words, { env: { ...env, NO_PROXY: '' } });
    expect({ exit, asked: proxy.asked }).toEqual({ exit: 0, asked: [] });
  });

  it('says that the proxy asks for a password, when it does', async () => {
    const service = await serveAnswers(good);
    const proxy = await openProxy('HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n');
    const { outcome } = await through({ HTTP_PROXY: proxy.url }, service.url);
    expect(outcome).toMatchObject({ exit: 6, message: expect.stringContaining(proxy.url) });
  });
});

describe('https', () => {
  it('lets the proxy see only where the connection leads', async () => {
    const proxy = await openProxy();
    const port = await open(createServer());
    const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: 'http://127.0.0.1:9' };
    await ask(`https://localhost:${port}/`, { env, maxAttempts: 1, timeoutMs: 300 });
    expect(proxy.asked).toEqual([`CONNECT localhost:${port}`]);
  });

  for (const [status, words] of [
    [401, 'does not connect to service.example.com (HTTP 401)'],
    [403, 'does not connect to service.example.com (HTTP 403)'],
    [407, 'asks for a user name and password (HTTP 407)'],
    [302, 'does not connect to service.example.com (HTTP 302)'],
    [404, 'does not connect to service.example.com (HTTP 404)'],
    [502, 'does not connect to service.example.com (HTTP 502)'],
  ] as const) {
    it(`${status} in answer to CONNECT is exit 6, and names the proxy`, async () => {
      const proxy = await openProxy(
        `HTTP/1.1 ${status} No\r\nLocation: https://login.example.com/\r\nContent-Length: 2\r\n\r\n{}`,
      );
      const env = { HTTPS_PROXY: proxy.url.replace('//', '//me:s3cret@') };
      const { outcome, client } = await ask(secure, { env, maxAttempts: 2 });
      expect(outcome).toMatchObject({
        exit: 6,
        message: `the proxy ${proxy.url} ${words}`,
        hint: expect.stringContaining('HTTPS_PROXY'),
      });
      expect(client.requests).toBe(status === 502 ? 2 : 1);
      expect(JSON.stringify(outcome)).not.toContain('s3cret');
      await expect.poll(() => proxy.sockets.size).toBe(0);
    });
  }

  it('garbage in answer to CONNECT is exit 6, and names the proxy', async () => {
    const proxy = await openProxy('no HTTP at all\r\n\r\n');
    const { outcome } = await through({ HTTPS_PROXY: proxy.url });
    expect(outcome).toMatchObject({ exit: 6, message: expect.stringContaining(proxy.url) });
  });

  it('a proxy that never answers CONNECT: --timeout ends it, and its connection', async () => {
    const proxy = await openProxy('');
    const env = { HTTPS_PROXY: proxy.url };
    const { outcome } = await ask(secure, { env, maxAttempts: 1, timeoutMs: 300 });
    const message = `the proxy ${proxy.url} did not answer within 0.3 s`;
    expect(outcome).toMatchObject({ exit: 6, message });
    await expect.poll(() => proxy.sockets.size).toBe(0);
  });

  it('a proxy that never answers CONNECT is left before it is asked again', async () => {
    const proxy = await openProxy('');
    await ask(secure, { env: { HTTPS_PROXY: proxy.url }, maxAttempts: 3, timeoutMs: 100 });
    expect(proxy.asked).toHaveLength(3);
    expect(proxy.most()).toBe(1);
  });

  it('a proxy that never answers CONNECT: an abort ends it at once, and its connection', async () => {
    const proxy = await openProxy('');
    const stop = new AbortController();
    const why = new Error('Ctrl-C');
    setTimeout(() => stop.abort(why), 100);
    const began = performance.now();
    const env = { HTTPS_PROXY: proxy.url };
    const { outcome } = await ask(secure, { env, timeoutMs: 60_000, signal: stop.signal });
    expect(outcome).toBe(why);
    expect(performance.now() - began).toBeLessThan(1000);
    await expect.poll(() => proxy.sockets.size).toBe(0);
  });

  for (const scheme of ['http', 'https', 'socks4a', 'socks5', 'socks5h']) {
    it(`an ${scheme} proxy that is down is said to be`, async () => {
      const { outcome } = await through(
        { ALL_PROXY: `${scheme}://127.0.0.1:9` },
        'https://[::1]:8/',
      );
      expect(outcome).toMatchObject({
        exit: 6,
        message: `the proxy ${scheme}://127.0.0.1:9 could not be reached: nothing answers on that port`,
        hint: expect.stringContaining('ALL_PROXY'),
      });
    });
  }

  it('a proxy that can not be read is exit 2 before anything is sent', async () => {
    const opening = openClient({
      url: new URL(secure),
      headers: {},
      secrets: [],
      timeoutMs: 1000,
      maxAttempts: 1,
      throttle: new Throttle({ concurrency: 'auto' }),
      env: { HTTPS_PROXY: 'http://me:s3cret@proxy:port' },
      log: { debug() {}, warn() {} },
    });
    await expect(opening).rejects.toMatchObject({ exit: 2 });
  });
});

describe('a SOCKS proxy', () => {
  for (const [scheme, asked] of [
    ['socks', '5 localhost'],
    ['socks5h', '5 localhost'],
    ['socks5', '5 127.0.0.1'],
    ['socks4', '4 127.0.0.1'],
    ['socks4a', '4 localhost'],
  ] as const) {
    it(`${scheme} leads to the service, looking its name up on the right side`, async () => {
      const service = await serveAnswers(good);
      const proxy = await openSocksServer();
      const url = service.url.replace('127.0.0.1', 'localhost');
      const env = { ALL_PROXY: `${scheme}://127.0.0.1:${proxy.port}` };
      const { outcome } = await ask(url, { env, times: 2 });
      expect(outcome).toEqual(['one']);
      expect(proxy.asked).toEqual([`${asked}:${new URL(url).port}`]);
    });
  }

  it('is given user and password', async () => {
    const service = await serveAnswers(good);
    const proxy = await openSocksServer({ credential: 'me:p#ss' });
    const address = `127.0.0.1:${proxy.port}`;
    const right = await through({ ALL_PROXY: `socks5://me:p%23ss@${address}` }, service.url);
    expect(right.outcome).toEqual(['one']);
    expect(proxy.asked[0]).toMatch(/ as me$/);
    const wrong = await through({ ALL_PROXY: `socks5://me:s3cret@${address}` }, service.url);
    expect(wrong.outcome).toMatchObject({
      exit: 6,
      message: expect.stringMatching(/socks5:\/\/127.0.0.1:\d+ asks for a user name and password/),
    });
    expect(JSON.stringify(wrong.outcome)).not.toContain('s3cret');
  });

  for (const [scheme, refusal] of [
    ['socks5', 2],
    ['socks4', 91],
  ] as const) {
    it(`${scheme} that refuses is exit 6, and named`, async () => {
      const service = await serveAnswers(good);
      const { port } = await openSocksServer({ refusal });
      const { outcome } = await through(
        { ALL_PROXY: `${scheme}://127.0.0.1:${port}` },
        service.url,
      );
      expect(outcome).toMatchObject({
        exit: 6,
        message: expect.stringContaining(
          `the proxy ${scheme}://127.0.0.1:${port} does not connect to 127.0.0.1`,
        ),
      });
      expect(service.requests).toHaveLength(0);
    });
  }

  it('that is asked by an address does not answer for a name that nobody knows', async () => {
    const proxy = await openSocksServer();
    const env = { ALL_PROXY: `socks5://127.0.0.1:${proxy.port}` };
    const { outcome } = await through(env, 'https://nobody.localhost.invalid/');
    const message = expect.stringMatching(/^nobody.localhost.invalid could not be found/);
    expect(outcome).toMatchObject({ exit: 6, message });
    expect(proxy.asked).toEqual([]);
  });

  it('that stays silent: --timeout ends it, and its connection', async () => {
    const server = createPlainServer((socket) => socket.resume());
    const sockets = socketsOf(server);
    const env = { ALL_PROXY: `socks5h://127.0.0.1:${await open(server)}` };
    const { outcome } = await ask(secure, { env, maxAttempts: 1, timeoutMs: 300 });
    expect(outcome).toMatchObject({ exit: 6, message: expect.stringContaining('within 0.3 s') });
    await expect.poll(() => sockets.size).toBe(0);
  });
});

import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  ask,
  good,
  hang,
  open,
  page,
  reset,
  say,
  serveAnswers,
  socketsOf,
} from '../support/wire.ts';

const switching: RequestListener = ({ socket }) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
};

const trickle: RequestListener = (_request, response) => {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 10);
  response.on('close', () => clearInterval(timer));
};

const hints: RequestListener = (_request, response) => {
  const timer = setInterval(() => response.writeProcessing(), 10);
  response.on('close', () => clearInterval(timer));
};

/** Soon: what was closed here is heard of there. */
async function closed(sockets: ReadonlySet<unknown>): Promise<void> {
  await expect.poll(() => sockets.size).toBe(0);
}

describe('an answer that never ends', () => {
  for (const [name, answer] of [
    ['silence', hang],
    ['a trickle', trickle],
    ['an answer without an end', (_: unknown, response) => void response.writeHead(200).write('{')],
    ['provisional answers', hints],
  ] as const satisfies readonly (readonly [string, RequestListener])[]) {
    it(`${name}: --timeout ends it, and its connection`, async () => {
      const service = await serveAnswers(answer);
      const began = performance.now();
      const { outcome } = await ask(service.url, { maxAttempts: 1, timeoutMs: 300 });
      expect(outcome).toMatchObject({ exit: 6, message: expect.stringContaining('within 0.3 s') });
      expect(performance.now() - began).toBeLessThan(1000);
      await closed(service.sockets);
    });

    it(`${name}: an abort ends it at once, and its connection`, async () => {
      const service = await serveAnswers(answer);
      const stop = new AbortController();
      const why = new Error('Ctrl-C');
      setTimeout(() => stop.abort(why), 100);
      const began = performance.now();
      const { outcome } = await ask(service.url, { timeoutMs: 60_000, signal: stop.signal });
      expect(outcome).toBe(why);
      expect(performance.now() - began).toBeLessThan(500);
      await closed(service.sockets);
    });
  }

  it('101 is an answer that makes no sense: exit 5 at once', async () => {
    const service = await serveAnswers(switching);
    const { outcome } = await ask(service.url, { timeoutMs: 60_000 });
    expect(outcome).toMatchObject({ exit: 5, status: 101 });
    await closed(service.sockets);
  });

  it('an abort before the request sends nothing', async () => {
    const service = await serveAnswers(good);
    const why = new Error('before');
    const { outcome } = await ask(service.url, { signal: AbortSignal.abort(why) });
    expect(outcome).toBe(why);
    expect(service.requests).toHaveLength(0);
  });

  it('--timeout of a month is no time-out of a millisecond', async () => {
    const service = await serveAnswers((_request, response) => {
      setTimeout(() => response.end(page), 50);
    });
    const { outcome } = await ask(service.url, { timeoutMs: 3_000_000_000 });
    expect(outcome).toEqual(['one']);
  });
});

describe('a packed answer', () => {
  const text = Buffer.from(page);
  for (const [encoding, bytes] of [
    ['gzip', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['gzip, br', brotliCompressSync(gzipSync(text))],
    ['identity', text],
    ['GZIP', gzipSync(text)],
  ] as const) {
    it(`as ${encoding} is unpacked`, async () => {
      const service = await serveAnswers(say(200, bytes, { 'content-encoding': encoding }));
      expect((await ask(service.url)).outcome).toEqual(['one']);
      expect(service.requests[0]?.headers['accept-encoding']).toBe('gzip, deflate, br');
    });
  }

  for (const [name, encoding, bytes] of [
    ['brotli garbage', 'br', Buffer.from('no brotli, but {"data":[]}')],
    ['gzip garbage', 'gzip', Buffer.from('no gzip')],
    ['deflate garbage', 'deflate', Buffer.from('no deflate')],
    ['half a gzip', 'gzip', gzipSync(text).subarray(0, 30)],
    ['half a brotli', 'br', brotliCompressSync(text).subarray(0, 30)],
    ['an unknown packing', 'snappy', text],
    ['a packing with a strange name', 'constructor', text],
  ] as const) {
    it(`that is ${name} is exit 5, after another attempt`, async () => {
      const garbage = say(200, bytes, { 'content-encoding': encoding });
      const service = await serveAnswers(garbage);
      const { outcome } = await ask(service.url, { maxAttempts: 2 });
      expect(outcome).toMatchObject({ exit: 5, message: expect.stringContaining('unpacked') });
      expect(service.requests).toHaveLength(2);
      const once = await serveAnswers(garbage, good);
      expect((await ask(once.url, { maxAttempts: 2 })).outcome).toEqual(['one']);
    });
  }
});

describe('an answer of more than 64 MB is exit 5, asked for once, and read no further', () => {
  const size = 70 * 1024 * 1024;
  const block = Buffer.alloc(1024 * 1024, ' ');
  const chunked: RequestListener = (_request, response) => {
    response.writeHead(200);
    let left = 2 * size;
    const more = () => {
      while (left > 0 && !response.destroyed) {
        left -= block.length;
        if (!response.write(block)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  };
  const bomb = gzipSync(Buffer.alloc(size, ' '));
  const declared: RequestListener = (_request, response) => {
    response.writeHead(200, { 'content-length': 10 * size }).write(block);
  };
  for (const [name, answer] of [
    ['that it declares', declared],
    ['in pieces', chunked],
    ['once unpacked', say(200, bomb, { 'content-encoding': 'gzip' })],
    ['of an error', say(500, Buffer.alloc(size))],
  ] as const) {
    it(name, async () => {
      const service = await serveAnswers(answer);
      const { outcome } = await ask(service.url, { timeoutMs: 20_000 });
      expect(outcome).toMatchObject({ exit: 5, message: expect.stringContaining('64 MB') });
      expect(service.requests).toHaveLength(1);
      await closed(service.sockets);
    }, 30_000);
  }
});

describe('what is not HTTP', () => {
  it('is exit 5, after another attempt', async () => {
    const server = createServer((socket) => socket.resume().end('220 mail.example.com ESMTP\r\n'));
    const sockets = socketsOf(server);
    const { outcome } = await ask(`http://127.0.0.1:${await open(server)}/`, { maxAttempts: 2 });
    expect(outcome).toMatchObject({ exit: 5, message: expect.stringContaining('not HTTP') });
    await closed(sockets);
  });

  it('a reset is exit 6', async () => {
    const service = await serveAnswers(reset);
    const { outcome } = await ask(service.url, { maxAttempts: 1 });
    expect(outcome).toMatchObject({
      exit: 6,
      message: expect.stringContaining('the connection was cut'),
    });
  });
});

import { createServer, request } from 'node:http';
import { createServer as createPlainServer, type LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { attemptMs, openConnections } from '../../src/api/connections.ts';
import { shakeHands } from '../../src/api/probe.ts';
import { open, socketsOf } from '../support/wire.ts';

const { signal } = new AbortController();

describe('one address of several', () => {
  it('is tried for a third of --timeout, and for four seconds at the most', () => {
    expect([900, 3000, 20_000, 86_400_000].map(attemptMs)).toEqual([300, 1000, 4000, 4000]);
  });

  it.each(['http', 'https'])(
    'keeps its time also where the host has another one, by %s',
    async (protocol) => {
      const service = new URL(`${protocol}://service.example.com`);
      const connections = await openConnections(service, undefined, 20_000);
      expect(connections.agent).toMatchObject({
        protocol: `${protocol}:`,
        options: { autoSelectFamilyAttemptTimeout: 4000 },
      });
      connections.close();
    },
  );

  it('that is dead does not keep the other from being tried', async () => {
    const server = createServer((_request, response) => response.end('ok'));
    const port = await open(server);
    const connections = await openConnections(
      new URL('http://service.example.com'),
      undefined,
      3000,
    );
    const addresses = [
      { address: '::1', family: 6 },
      { address: '127.0.0.1', family: 4 },
    ];
    const status = await new Promise((resolve, reject) => {
      const lookup: LookupFunction = (_host, _options, done) => done(null, addresses);
      request(
        { host: 'service.example.com', port, agent: connections.agent, lookup },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    connections.close();
  });
});

describe('a handshake', () => {
  it('tells how long it took, and closes its connection', async () => {
    const server = createPlainServer((socket) => socket.resume());
    const sockets = socketsOf(server);
    const url = new URL(`http://127.0.0.1:${await open(server)}/`);
    expect(await shakeHands(url, 1000, signal)).toEqual({
      ms: expect.any(Number),
      secured: undefined,
    });
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('with a server that is silent ends in time: exit 6', async () => {
    const server = createPlainServer((socket) => socket.resume());
    const url = new URL(`https://127.0.0.1:${await open(server)}/`);
    const shaking = shakeHands(url, 200, signal);
    await expect(shaking).rejects.toMatchObject({
      exit: 6,
      message: expect.stringMatching('0.2 s'),
    });
  });

  it('ends at once by its signal, with its reason', async () => {
    const server = createPlainServer((socket) => socket.resume());
    const sockets = socketsOf(server);
    const url = new URL(`https://127.0.0.1:${await open(server)}/`);
    const stop = new AbortController();
    const why = new Error('Ctrl-C');
    setTimeout(() => stop.abort(why), 50);
    await expect(shakeHands(url, 60_000, stop.signal)).rejects.toBe(why);
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('with a server that does not speak https is no matter of certificates', async () => {
    const server = createPlainServer((socket) => socket.resume().end('220 mail\r\n'));
    const url = new URL(`https://127.0.0.1:${await open(server)}/`);
    const message = expect.stringContaining('does not speak https');
    await expect(shakeHands(url, 1000, signal)).rejects.toMatchObject({ exit: 6, message });
  });
});

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Client, openClient } from '../../src/api/client.ts';
import { contactPages } from '../../src/api/contacts.ts';
import { Throttle } from '../../src/api/throttle.ts';
import type { Body } from '../../src/records/contacts/request-body.ts';
import { runCli } from '../support/cli.ts';

const token = 'a-very-secret-token-0123456789';
const page = '{"success":true,"message":"","data":[{"_id":"one"}],"code":200}';
const notAnId =
  '{"success":false,"message":"Argument passed in must be a single String of 12 bytes or a string of 24 hex characters","code":400}';

const closers: (() => void)[] = [];

afterEach(() => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) close();
});

/** Opens a server on this machine until the test ends; returns its port. */
async function open(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

interface Service {
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  /** When each request came. */
  readonly times: readonly number[];
}

/** A service that gives its answers one after another, the last one for ever. */
async function serve(...answers: RequestListener[]): Promise<Service> {
  const requests: IncomingMessage[] = [];
  const times: number[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    times.push(performance.now());
    request.resume().on('end', () => answer?.(request, response));
  });
  return { url: `http://127.0.0.1:${await open(server)}/`, requests, times };
}

function say(status: number, body: string, headers: Record<string, string> = {}): RequestListener {
  return (_request, response) => response.writeHead(status, headers).end(body);
}

const good = say(200, page);
const reset: RequestListener = ({ socket }) => void socket.resetAndDestroy();
const hang: RequestListener = () => {};
const cut = (_: IncomingMessage, response: ServerResponse) => {
  response.writeHead(200, { 'content-length': page.length });
  response.write(page.slice(0, 20), () => response.socket?.destroy());
};

interface Asked {
  readonly client: Client;
  readonly notes: readonly string[];
  readonly outcome: unknown;
}

interface Wanted {
  readonly maxAttempts?: number;
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly times?: number;
}

/** Asks for a page, once or several times; the outcome is the last one's keys, or its error. */
async function ask(url: string, wanted: Wanted = {}): Promise<Asked> {
  const { maxAttempts = 3, timeoutMs = 2000, env = {}, times = 1 } = wanted;
  const notes: string[] = [];
  const client = await openClient({
    url: new URL(url),
    token,
    timeoutMs,
    maxAttempts,
    throttle: new Throttle({ concurrency: 'auto' }),
    userAgent: 'test',
    env,
    note: (line) => notes.push(line),
  });
  const fetchPage = contactPages(client, {} as Body);
  let outcome: unknown;
  try {
    for (let time = 0; time < times; time += 1) {
      const found = await fetchPage(1, new AbortController().signal);
      outcome = found.contacts.map(({ key }) => key);
    }
  } catch (error) {
    outcome = error;
  } finally {
    client.close();
  }
  return { client, notes, outcome };
}

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
      const service = await serve(answer);
      const { outcome } = await ask(service.url, { maxAttempts: 2, timeoutMs: 200 });
      expect(outcome).toMatchObject({ ...expected, hint: expect.stringMatching(/./) });
      expect(service.requests).toHaveLength(attempts);
    });

    if (attempts === 1) continue;
    it(`${name}, once: the page arrives`, async () => {
      const service = await serve(answer, good);
      const { outcome, client } = await ask(service.url, { maxAttempts: 2, timeoutMs: 200 });
      expect(outcome).toEqual(['one']);
      expect(client.requests).toBe(2);
    });
  }

  it('no server at all: exit 6, saying so', async () => {
    const { outcome } = await ask('http://127.0.0.1:9/', { maxAttempts: 1 });
    expect(outcome).toMatchObject({ exit: 6, message: expect.stringContaining('ECONNREFUSED') });
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
    const service = await serve(good);
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
    const service = await serve(good);
    await ask(`${service.url}proxy/v7/`);
    expect(service.requests[0]?.url).toBe('/proxy/v7/inbox/users');
  });
});

describe('Retry-After', () => {
  it('in seconds is waited for', async () => {
    const service = await serve(say(429, '{}', { 'retry-after': '1' }), good);
    expect((await ask(service.url)).outcome).toEqual(['one']);
    const [first = 0, second = 0] = service.times;
    expect(second - first).toBeGreaterThanOrEqual(990);
  });

  it('as a date is waited for', async () => {
    const date = new Date(Date.now() + 2000).toUTCString();
    const service = await serve(say(503, '', { 'retry-after': date }), good);
    expect((await ask(service.url)).outcome).toEqual(['one']);
    const waited = (service.times[1] ?? 0) - (service.times[0] ?? 0);
    expect(waited).toBeGreaterThanOrEqual(900);
  });

  it('of more than an hour is not waited for: exit 5', async () => {
    const service = await serve(say(429, '{}', { 'retry-after': '4000' }), good);
    expect((await ask(service.url)).outcome).toMatchObject({ exit: 5, status: 429 });
    expect(service.requests).toHaveLength(1);
  });
});

describe('a kept connection', () => {
  it('that the service closed while idle is no attempt', async () => {
    const service = await serve(good, reset, good);
    const { outcome, notes } = await ask(service.url, { maxAttempts: 1, times: 2 });
    expect(outcome).toEqual(['one']);
    expect(notes).toContain('the connection was closed while idle; asking again');
  });

  it('that is reset again and again counts in the end', async () => {
    const service = await serve(good, reset);
    const { outcome } = await ask(service.url, { maxAttempts: 2, times: 2 });
    expect(outcome).toMatchObject({ exit: 6 });
    expect(service.requests.length).toBeLessThanOrEqual(1 + 2 + 2);
  });
});

describe('the token', () => {
  it('does not follow a redirect, to another host or to the same', async () => {
    const other = await serve(good);
    for (const status of [301, 302, 303, 307, 308]) {
      const service = await serve(say(status, '', { location: other.url }));
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
      const service = await serve(answer);
      const { outcome, notes } = await ask(service.url, { maxAttempts: 2 });
      const { message, hint, stack } = outcome as Error & { hint?: string };
      const said = [message, hint, stack, ...notes].join('\n');
      expect(said).toContain('inbox/users');
      for (let length = 12; length <= token.length; length += 1) {
        expect(said).not.toContain(token.slice(0, length));
      }
    });
  }
});

describe('a proxy', () => {
  interface Proxy {
    readonly url: string;
    readonly asked: readonly string[];
  }

  /** Opens tunnels, to this machine whatever the name. */
  async function openProxy(): Promise<Proxy> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      const { method, headers } = request;
      const onward = forward(request.url ?? '', { method, headers, agent: false }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    });
    server.on('connect', (request: IncomingMessage, socket: Socket) => {
      asked.push(`CONNECT ${request.url}`);
      const port = Number(request.url?.split(':')[1]);
      const onward = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      closers.push(() => onward.destroy());
    });
    return { url: `http://127.0.0.1:${await open(server)}`, asked };
  }

  /** proxy-from-env reads the process's own environment. */
  function withEnv(env: Record<string, string>): Wanted {
    for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']) {
      vi.stubEnv(name, undefined);
      vi.stubEnv(name.toUpperCase(), undefined);
    }
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    return { env, maxAttempts: 1 };
  }

  it('of HTTP_PROXY is asked for the whole address, once for each request', async () => {
    const service = await serve(good);
    const proxy = await openProxy();
    const { outcome } = await ask(service.url, {
      ...withEnv({ HTTP_PROXY: proxy.url }),
      times: 3,
    });
    expect(outcome).toEqual(['one']);
    const address = `POST ${new URL('inbox/users', service.url)}`;
    expect(proxy.asked).toEqual(Array(3).fill(address));
    expect(service.requests.map(({ url }) => url)).toEqual(Array(3).fill('/inbox/users'));
  });

  it('may be written without a scheme, as curl allows', async () => {
    const service = await serve(good);
    const proxy = await openProxy();
    const bare = proxy.url.replace('http://', '');
    expect((await ask(service.url, withEnv({ http_proxy: bare }))).outcome).toEqual(['one']);
    expect(proxy.asked).toHaveLength(1);
  });

  it('is left out for the hosts of NO_PROXY', async () => {
    const service = await serve(good);
    const proxy = await openProxy();
    const env = { HTTP_PROXY: proxy.url, NO_PROXY: 'example.com,127.0.0.1' };
    expect((await ask(service.url, withEnv(env))).outcome).toEqual(['one']);
    expect(proxy.asked).toEqual([]);
  });

  it('that is down is said to be', async () => {
    const service = await serve(good);
    const wanted = withEnv({ HTTP_PROXY: 'http://127.0.0.1:9' });
    expect((await ask(service.url, wanted)).outcome).toMatchObject({ exit: 6 });
    expect(service.requests).toHaveLength(0);
  });

  it('of HTTPS_PROXY only sees where a secure connection leads to', async () => {
    const proxy = await openProxy();
    const wanted = withEnv({ HTTPS_PROXY: proxy.url, HTTP_PROXY: 'http://127.0.0.1:9' });
    const service = createServer();
    const port = await open(service);
    await ask(`https://localhost:${port}/`, { ...wanted, timeoutMs: 300 });
    expect(proxy.asked).toEqual([`CONNECT localhost:${port}`]);
  });
});

describe('a certificate', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reekolect-tls-'));
  const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const canMake = makeCertificate();

  function makeCertificate(): boolean {
    const words = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost';
    const names = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const files = ['-keyout', keyFile, '-out', certFile];
    try {
      execFileSync('openssl', [...words.split(' '), ...names, ...files], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  let secure: { readonly key: Buffer; readonly cert: Buffer };

  beforeAll(() => {
    if (canMake) secure = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function serveSecurely(): Promise<{ url: string; requests: () => number }> {
    let requests = 0;
    const server = createSecureServer(secure, (_request, response) => {
      requests += 1;
      response.end(requests === 1 ? page : '{"success":true,"data":[]}');
    });
    server.on('tlsClientError', () => {});
    const port = await open(server as unknown as Server);
    return { url: `https://localhost:${port}/`, requests: () => requests };
  }

  it.skipIf(!canMake)('that is not trusted is explained, and not tried again', async () => {
    const { url, requests } = await serveSecurely();
    const { outcome, client } = await ask(url);
    expect(outcome).toMatchObject({
      exit: 6,
      message: expect.stringMatching(/certificate of localhost:\d+ is not trusted/),
      hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(client.requests).toBe(1);
    expect(requests()).toBe(0);
  });

  it.skipIf(!canMake)('is trusted when NODE_EXTRA_CA_CERTS holds it', async () => {
    const { url } = await serveSecurely();
    const env = {
      REEKOLECT_API_URL: url,
      REEKOLECT_TOKEN: token,
      NODE_EXTRA_CA_CERTS: certFile,
    };
    const words = ['contacts', 'export', '--format', 'csv', '--columns', 'id'];
    const outcome = await runCli(words, { env });
    expect(outcome).toMatchObject({ code: 0, stdout: 'id\none\n', stderr: '' });
  });
});

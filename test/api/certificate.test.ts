import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { openProxy } from '../support/http-proxy.ts';
import { openSocksServer } from '../support/socks-server.ts';
import { ask, open, page, token } from '../support/wire.ts';

const nothing = '{"success":true,"data":[]}';

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
    const server = createServer(secure, async (request, response) => {
      requests += 1;
      let body = '';
      for await (const chunk of request) body += chunk;
      response.end(body.includes('"page":1,') || body.endsWith('"page":1}') ? page : nothing);
    });
    server.on('tlsClientError', () => {});
    const port = await open(server);
    return { url: `https://localhost:${port}/`, requests: () => requests };
  }

  it.skipIf(!canMake)('not trusted is explained, not tried again (needs openssl)', async () => {
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

  it.skipIf(!canMake)('is trusted in NODE_EXTRA_CA_CERTS (needs openssl)', async () => {
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

  for (const scheme of ['http', 'socks5h']) {
    it.skipIf(!canMake)(`is checked through an ${scheme} proxy (needs openssl)`, async () => {
      const { url } = await serveSecurely();
      const http = await openProxy();
      const socks = await openSocksServer();
      const proxy = scheme === 'http' ? http.url : `socks5h://127.0.0.1:${socks.port}`;
      const env = { REEKOLECT_API_URL: url, REEKOLECT_TOKEN: token, HTTPS_PROXY: proxy };
      const words = ['contacts', 'export', '--format', 'csv', '--columns', 'id'];
      const trusted = await runCli(words, { env: { ...env, NODE_EXTRA_CA_CERTS: certFile } });
      expect(trusted).toMatchObject({ code: 0, stdout: 'id\none\n', stderr: '' });
      const { host } = new URL(url);
      const ways = scheme === 'http' ? http.asked : socks.asked;
      expect(new Set(ways)).toEqual(new Set([scheme === 'http' ? `CONNECT ${host}` : `5 ${host}`]));
      const doubted = await runCli([...words, '--max-attempts', '1'], { env });
      expect(doubted.code).toBe(6);
      expect(doubted.stderr).toContain(`the certificate of ${host} is not trusted`);
    });
  }
});

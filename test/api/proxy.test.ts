import { afterEach, expect, test, vi } from 'vitest';
import { openProxyAgents } from '../../src/api/proxy.ts';

afterEach(() => vi.unstubAllEnvs());

test.each([
  ['https://api.example.com/', 'HTTPS_PROXY', 'http://me:secret@proxy:3128', 'http://proxy:3128'],
  ['https://api.example.com/', 'HTTPS_PROXY', 'https://proxy:3128', 'https://proxy:3128'],
  ['https://api.example.com/', 'HTTPS_PROXY', 'proxy:3128', 'http://proxy:3128'],
  ['https://api.example.com/', 'HTTP_PROXY', 'http://proxy:3128', undefined],
  ['http://127.0.0.1:8080/', 'HTTP_PROXY', 'http://127.0.0.1:3128', 'http://127.0.0.1:3128'],
  ['http://127.0.0.1:8080/', 'HTTP_PROXY', 'http://proxy:3128', undefined],
])('%s with %s=%s goes through %s', async (target, name, value, expected) => {
  for (const known of Object.keys(process.env)) {
    if (/_proxy$/i.test(known)) vi.stubEnv(known, undefined);
  }
  vi.stubEnv(name, value);
  const agents = await openProxyAgents(new URL(target), { [name]: value });
  const { proxy } = (agents?.https ?? {}) as { proxy?: URL };
  expect(proxy && `${proxy.protocol}//${proxy.host}`).toBe(expected);
});

import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { isLoopback } from './host.ts';

export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** Agents that go through the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY; undefined for a direct way. */
export async function openProxyAgents(
  url: URL,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Agents | undefined> {
  if (!Object.keys(env).some((name) => /^(https?|all)_proxy$/i.test(name))) return undefined;
  const { getProxyForUrl } = await import('proxy-from-env');
  const found = getProxyForUrl(url.href);
  if (found === '') return undefined;
  const proxy = new URL(withScheme(found, url, env));
  // Plain http is for this machine only: a proxy elsewhere could not reach it, and would see the token.
  if (url.protocol === 'http:' && !isLoopback(proxy.hostname)) return undefined;
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  // A tunnel (CONNECT) for plain http too: its sister package sends got's requests twice.
  const agent = new HttpsProxyAgent(proxy, { keepAlive: true });
  return { http: agent as unknown as HttpAgent, https: agent as unknown as HttpsAgent };
}

/** `proxy:3128` without a scheme means http, as it does for curl; the library would take the target's. */
function withScheme(found: string, url: URL, env: Readonly<Record<string, string | undefined>>) {
  const bare = found.replace(url.protocol, '').replace(/^\/\//, '');
  return bare !== found && Object.values(env).includes(bare) ? `http://${bare}` : found;
}

import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';
import { isLoopback } from './api-url.ts';

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
  const tunnel = new HttpsProxyAgent(proxy, { keepAlive: true });
  const http = proxy.protocol === 'http:' ? new ForwardAgent(proxy) : tunnel;
  return { http: http as HttpAgent, https: tunnel as unknown as HttpsAgent };
}

interface Target {
  readonly host?: string;
  readonly port?: number | string;
}

/** For plain http: asks the proxy for the whole address (RFC 9112, 3.2.2), as every proxy knows. */
class ForwardAgent extends HttpAgent {
  readonly #proxy: URL;

  constructor(proxy: URL) {
    super({ keepAlive: true });
    this.#proxy = proxy;
  }

  /** Node calls it before the request's head is written. */
  addRequest(request: ClientRequest, target: Target): void {
    const { hostname, port, username, password } = this.#proxy;
    request.path = `http://${target.host}:${target.port}${request.path}`;
    if (username !== '') {
      const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
      const basic = Buffer.from(secret).toString('base64');
      request.setHeader('proxy-authorization', `Basic ${basic}`);
    }
    const through = { ...target, host: hostname, port: Number(port || 80) };
    // @ts-expect-error Node's agents have had this method for ever, but not its types.
    super.addRequest(request, through);
  }
}

/** `proxy:3128` without a scheme means http, as it does for curl; the library would take the target's. */
function withScheme(found: string, url: URL, env: Readonly<Record<string, string | undefined>>) {
  const bare = found.replace(url.protocol, '').replace(/^\/\//, '');
  return bare !== found && Object.values(env).includes(bare) ? `http://${bare}` : found;
}

import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type ConnectOptions, PendingConnections } from './pending.ts';
import type { ProxyAddress } from './proxy.ts';

/** Keeps connections, to the service or through its proxy. */
export interface Connections {
  /** Of the service's protocol. */
  readonly agent: HttpAgent;
  readonly proxy: ProxyAddress | undefined;
  /** Gives up the way through the proxy that a request still waits for; false where it had one. */
  abandon(request: ClientRequest): boolean;
  close(): void;
}

/** Opens the way to a service; `close` must be called. */
export async function openConnections(
  service: URL,
  proxy: ProxyAddress | undefined,
  timeoutMs: number,
): Promise<Connections> {
  const options = { keepAlive: true, autoSelectFamilyAttemptTimeout: attemptMs(timeoutMs) };
  const isSecure = service.protocol === 'https:';
  if (proxy === undefined) {
    const agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options);
    return { agent, proxy, abandon: () => false, close: () => agent.destroy() };
  }
  const pending = new PendingConnections();
  const agent = await openProxied(proxy, isSecure, options, pending);
  return {
    agent,
    proxy,
    abandon: (request) => pending.abandon(request),
    close() {
      pending.abandonAll();
      agent.destroy();
    },
  };
}

/** How long one address of several is tried: Node's 250 ms are too short for a slow way. */
export function attemptMs(timeoutMs: number): number {
  return Math.max(10, Math.min(4000, Math.floor(timeoutMs / 3)));
}

async function openProxied(
  { url }: ProxyAddress,
  isSecure: boolean,
  options: ConnectOptions,
  pending: PendingConnections,
): Promise<HttpAgent> {
  if (url.protocol.startsWith('socks')) {
    return (await import('./socks.ts')).openSocksAgent(url, options, pending) as HttpAgent;
  }
  const { openForwarder, openTunnel } = await import('./http-proxy.ts');
  const open = isSecure ? openTunnel : openForwarder;
  return open(url, options, pending) as unknown as HttpAgent;
}

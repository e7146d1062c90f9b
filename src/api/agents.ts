import { type ClientRequest, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type ConnectOptions, PendingConnections } from './pending.ts';
import type { ProxyAddress } from './proxy.ts';

/** Keeps connections, to the service or through its proxy. */
export interface Agents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  readonly proxy: ProxyAddress | undefined;
  /** Gives up the way through the proxy that a request still waits for; false where it had one. */
  abandon(request: ClientRequest): boolean;
  close(): void;
}

/** Opens the way; `close` must be called. */
export async function openAgents(
  proxy: ProxyAddress | undefined,
  timeoutMs: number,
): Promise<Agents> {
  const options = { keepAlive: true, autoSelectFamilyAttemptTimeout: attemptMs(timeoutMs) };
  if (proxy === undefined) {
    const http = new HttpAgent(options);
    const https = new HttpsAgent(options);
    return { http, https, proxy, abandon: () => false, close: () => closeAll(http, https) };
  }
  const pending = new PendingConnections();
  const { http, https } = await openProxied(proxy, options, pending);
  return {
    http: http as HttpAgent,
    https: https as unknown as HttpsAgent,
    proxy,
    abandon: (request) => pending.abandon(request),
    close() {
      pending.abandonAll();
      closeAll(http, https);
    },
  };
}

/** How long one address of several is tried: Node's 250 ms are too short for a slow way. */
export function attemptMs(timeoutMs: number): number {
  return Math.max(10, Math.min(4000, Math.floor(timeoutMs / 3)));
}

async function openProxied(
  proxy: ProxyAddress,
  options: ConnectOptions,
  pending: PendingConnections,
) {
  if (proxy.url.protocol.startsWith('socks')) {
    const { openSocksAgent } = await import('./socks.ts');
    const agent = openSocksAgent(proxy.url, options, pending);
    return { http: agent, https: agent };
  }
  const { openForwarder, openTunnel } = await import('./http-proxy.ts');
  return {
    http: openForwarder(proxy.url, options, pending),
    https: openTunnel(proxy.url, options, pending),
  };
}

function closeAll(...agents: readonly { destroy(): void }[]): void {
  for (const agent of agents) agent.destroy();
}

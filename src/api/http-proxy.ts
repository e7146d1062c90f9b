import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { type ConnectOptions, type PendingConnections, ProxyError } from './pending.ts';

/** For https: the proxy is asked by CONNECT, and sees only where the connection leads. */
export function openTunnel(proxy: URL, options: ConnectOptions, pending: PendingConnections) {
  return new Tunnel(proxy, options, pending);
}

/** For plain http: the proxy is asked for the whole address. */
export function openForwarder(proxy: URL, options: ConnectOptions, pending: PendingConnections) {
  return new Forwarder(proxy, options, pending);
}

class Tunnel extends HttpsProxyAgent<string> {
  readonly #pending: PendingConnections;
  readonly #connectOpts: HttpsProxyAgent<string>['connectOpts'];

  constructor(proxy: URL, options: ConnectOptions, pending: PendingConnections) {
    super(proxy, options);
    this.#pending = pending;
    this.#connectOpts = this.connectOpts;
  }

  override connect(
    request: ClientRequest,
    target: Parameters<HttpsProxyAgent<string>['connect']>[1],
  ): Promise<Socket> {
    let status: number | undefined;
    request.once('proxyConnect', (answer: { readonly statusCode: number }) => {
      status = answer.statusCode;
    });
    return this.#pending.open(request, async (signal) => {
      // Read at once by `connect`, before another request can set its own.
      this.connectOpts = { ...this.#connectOpts, signal };
      const socket = await super.connect(request, target);
      if (status === 200) return socket;
      socket.destroy();
      throw new ProxyError(undefined, status ?? Number.NaN);
    });
  }
}

class Forwarder extends HttpProxyAgent<string> {
  readonly #pending: PendingConnections;
  readonly #connectOpts: HttpProxyAgent<string>['connectOpts'];

  constructor(proxy: URL, options: ConnectOptions, pending: PendingConnections) {
    super(proxy, options);
    this.#pending = pending;
    this.#connectOpts = this.connectOpts;
  }

  override connect(...[request, target]: Parameters<HttpProxyAgent<string>['connect']>) {
    return this.#pending.open(request, async (signal) => {
      // The library would repeat the head of a request that is still being written.
      while (!request.writableEnded && !signal.aborted) await immediate();
      this.connectOpts = { ...this.#connectOpts, signal };
      return super.connect(request, target);
    });
  }
}

import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import type { ClientRequest } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { SocksClient, SocksClientError } from 'socks';
import { SocksProxyAgent } from 'socks-proxy-agent';
import { type ConnectOptions, type PendingConnections, ProxyError } from './pending.ts';
import { longestTimerMs } from './wait.ts';

type Target = Parameters<SocksProxyAgent['connect']>[1];

/** For a proxy that speaks SOCKS 4, 4a or 5; socks4 and socks5 look names up on this machine. */
export function openSocksAgent(
  proxy: URL,
  options: ConnectOptions,
  pending: PendingConnections,
): SocksProxyAgent {
  return new SocksAgent(proxy, options, pending);
}

/** The library's own sockets can't be closed while a silent proxy is waited for: this one's can. */
class SocksAgent extends SocksProxyAgent {
  readonly #options: ConnectOptions;
  readonly #pending: PendingConnections;

  constructor(proxy: URL, options: ConnectOptions, pending: PendingConnections) {
    super(proxy, options);
    this.#options = options;
    this.#pending = pending;
  }

  override async connect(request: ClientRequest, target: Target): Promise<Socket> {
    const destination = { host: await this.#resolve(target.host ?? ''), port: Number(target.port) };
    if (request.destroyed) throw new Error('given up while the name was looked up');
    return this.#pending.open(request, async (signal) => {
      const socket = await this.#throughProxy(destination, signal);
      return target.secureEndpoint ? secured(socket, target) : socket;
    });
  }

  async #throughProxy(
    destination: { readonly host: string; readonly port: number },
    signal: AbortSignal,
  ): Promise<Socket> {
    const proxyHost = this.proxy.host?.replace(/^\[|\]$/g, '') ?? '';
    const socket = connect({ ...this.#options, host: proxyHost, port: this.proxy.port, signal });
    socket.on('error', () => {});
    try {
      await once(socket, 'connect', { signal });
      const proxy = { ...this.proxy, ...this.#credential(), host: proxyHost };
      await SocksClient.createConnection({
        command: 'connect',
        proxy,
        destination,
        existing_socket: socket,
        // The attempt's own timer bounds it.
        timeout: longestTimerMs,
      });
      return socket;
    } catch (error) {
      const closed = socket.destroyed && socket.errored !== null;
      socket.destroy();
      if (closed || !(error instanceof SocksClientError)) throw socket.errored ?? error;
      throw new ProxyError(error, error.message);
    }
  }

  async #resolve(host: string): Promise<string> {
    if (!this.shouldLookup || isIP(host) !== 0) return host;
    return (await lookup(host, { family: this.proxy.type === 4 ? 4 : 0 })).address;
  }

  /** The library hides them from spreading. */
  #credential() {
    const { userId, password } = this.proxy;
    return { ...(userId && { userId }), ...(password && { password }) };
  }
}

function secured(socket: Socket, target: Target): Socket {
  const { host = '', path: _path, port: _port, ...options } = target as Target & { path?: string };
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return connectSecurely({ ...servername, ...(options as object), socket });
}

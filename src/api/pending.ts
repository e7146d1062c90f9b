import type { ClientRequest } from 'node:http';
import type { TcpNetConnectOpts } from 'node:net';

/** How connections to a proxy are made. */
export type ConnectOptions = Pick<
  TcpNetConnectOpts,
  'autoSelectFamilyAttemptTimeout' | 'keepAlive'
>;

/** What happened on the way to the proxy, or what it answered. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  /** The HTTP status with which it refused, or a SOCKS proxy's reason; undefined for silence. */
  readonly refusal: number | string | undefined;

  constructor(cause: unknown, refusal?: number | string) {
    super('the proxy did not open a way', { cause });
    this.refusal = refusal;
  }
}

/** Connections through a proxy while they are opened: their requests have no socket to close yet. */
export class PendingConnections {
  readonly #stops = new Map<ClientRequest, AbortController>();

  /** Opens a connection that `abandon` ends. Throws ProxyError. */
  async open<T>(request: ClientRequest, connect: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    this.#stops.set(request, stop);
    try {
      return await connect(stop.signal);
    } catch (error) {
      throw error instanceof ProxyError ? error : new ProxyError(error);
    } finally {
      this.#stops.delete(request);
    }
  }

  abandon(request: ClientRequest): boolean {
    const stop = this.#stops.get(request);
    stop?.abort();
    return stop !== undefined;
  }

  abandonAll(): void {
    for (const stop of this.#stops.values()) stop.abort();
  }
}

import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as immediate } from 'node:timers/promises';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { type ConnectOptions, type PendingConnections, ProxyError } from './pending.ts';

/** For https: the proxy is asked by CONNECT, and sees only where the connection leads. */
export function openTunnel(proxy: URL, options: ConnectOptions, pending: PendingConnections) {
  const agent = new HttpsProxyAgent(proxy, options);
  return abandonable(agent, pending, async (request, connect) => {
    let status: number | undefined;
    request.once('proxyConnect', (answer: { readonly statusCode: number }) => {
      status = answer.statusCode;
    });
    const socket = await connect();
    if (status === 200) return socket;
    socket.destroy();
    throw new ProxyError(undefined, status ?? Number.NaN);
  });
}

/** For plain http: the proxy is asked for the whole address. */
export function openForwarder(proxy: URL, options: ConnectOptions, pending: PendingConnections) {
  const agent = new HttpProxyAgent(proxy, options);
  return abandonable(agent, pending, async (request, connect, signal) => {
    // The library would repeat the head of a request that is still being written.
    while (!request.writableEnded && !signal.aborted) await immediate();
    return connect();
  });
}

interface ProxyAgent<Request, Target> {
  connectOpts: object;
  connect(request: Request, target: Target): Promise<Socket>;
}

type OpenWay = (
  request: ClientRequest,
  connect: () => Promise<Socket>,
  signal: AbortSignal,
) => Promise<Socket>;

/** Has an agent open its ways so that each can be given up while it is waited for. */
function abandonable<
  Request extends ClientRequest,
  Target,
  Agent extends ProxyAgent<Request, Target>,
>(agent: Agent & ProxyAgent<Request, Target>, pending: PendingConnections, open: OpenWay): Agent {
  const { connectOpts } = agent;
  const connect = agent.connect.bind(agent);
  agent.connect = (request, target) =>
    pending.open(request, (signal) => {
      const start = () => {
        // Read at once by `connect`, before another request can set its own.
        agent.connectOpts = { ...connectOpts, signal };
        return connect(request, target);
      };
      return open(request, start, signal);
    });
  return agent;
}

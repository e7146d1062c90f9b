import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecurely, TLSSocket } from 'node:tls';
import { errnoOf } from '../errors.ts';
import { attemptMs } from './connections.ts';
import { explainSilence } from './explain.ts';
import { longestTimerMs } from './wait.ts';

export interface Handshake {
  readonly ms: number;
  /** The protocol and who vouches for the host; undefined for plain http. */
  readonly secured: string | undefined;
}

/** Opens a connection, without a proxy, and closes it. Throws ExplainedError (exit 6) or the signal's reason. */
export async function shakeHands(
  url: URL,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Handshake> {
  signal.throwIfAborted();
  const began = performance.now();
  const socket = open(url, timeoutMs);
  try {
    await opened(socket, timeoutMs, signal);
    return { ms: performance.now() - began, secured: describe(socket) };
  } catch (error) {
    signal.throwIfAborted();
    throw explainSilence(url.host, errnoOf(error) ?? 'no answer', performance.now() - began);
  } finally {
    socket.destroy();
  }
}

function open(url: URL, timeoutMs: number): Socket {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isSecure = url.protocol === 'https:';
  const port = Number(url.port) || (isSecure ? 443 : 80);
  const to = { host, port, autoSelectFamilyAttemptTimeout: attemptMs(timeoutMs) };
  if (!isSecure) return connectPlain(to);
  return connectSecurely({ ...to, ...(isIP(host) === 0 && { servername: host }) });
}

async function opened(socket: Socket, timeoutMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const expire = () => reject(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(expire, Math.min(timeoutMs, longestTimerMs));
    const abort = () => reject(signal.reason);
    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort);
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', resolve);
    socket.on('error', reject);
    socket.once('close', release);
  });
}

function describe(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { issuer, valid_to: until } = socket.getPeerCertificate();
  const by = issuer?.O ?? issuer?.CN;
  return [socket.getProtocol(), `certificate by ${by}`, `until ${until}`].join(', ');
}

import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectSecure, TLSSocket } from 'node:tls';
import { errnoOf } from '../errors.ts';
import { explainSilence } from './explain.ts';

export interface Handshake {
  readonly ms: number;
  /** The protocol and who vouches for the host; undefined for plain http. */
  readonly secured: string | undefined;
}

/** Opens a connection, without a proxy, and closes it. Throws ExplainedError: exit 6. */
export async function shakeHands(
  url: URL,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Handshake> {
  const began = performance.now();
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const secure = url.protocol === 'https:';
  const port = Number(url.port) || (secure ? 443 : 80);
  const socket: Socket = secure
    ? connectSecure({ host, port, ...(isIP(host) === 0 && { servername: host }) })
    : connectPlain({ host, port });
  try {
    await opened(socket, secure ? 'secureConnect' : 'connect', timeoutMs, signal);
    return { ms: performance.now() - began, secured: describe(socket) };
  } catch (error) {
    throw explainSilence(url.host, errnoOf(error) ?? 'no answer', timeoutMs);
  } finally {
    socket.destroy();
  }
}

async function opened(
  socket: Socket,
  event: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.setTimeout(timeoutMs, () => {
      reject(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }));
    });
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function describe(socket: Socket): string | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const { issuer, valid_to: until } = socket.getPeerCertificate();
  return [socket.getProtocol(), `certificate by ${issuer.O ?? issuer.CN}`, `until ${until}`].join(
    ', ',
  );
}

import {
  createServer,
  request as forward,
  type IncomingMessage,
  type RequestListener,
} from 'node:http';
import { connect, type Socket } from 'node:net';
import { atEnd, open, socketsOf } from './wire.ts';

export interface ProxyServer {
  readonly url: string;
  readonly asked: readonly string[];
  readonly credentials: readonly (string | undefined)[];
  readonly sockets: ReadonlySet<Socket>;
  /** How many connections were open at once. */
  most(): number;
}

/** Opens tunnels to this machine whatever the name, unless `answer` says otherwise. */
export async function openProxy(answer?: string): Promise<ProxyServer> {
  const asked: string[] = [];
  const credentials: (string | undefined)[] = [];
  const pass: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    credentials.push(request.headers['proxy-authorization']);
    if (answer !== undefined) return void request.socket.end(answer);
    const { method, headers } = request;
    const onward = forward(request.url ?? '', { method, headers, agent: false }, (found) => {
      response.writeHead(found.statusCode ?? 502, found.headers);
      found.pipe(response);
    });
    onward.on('error', () => request.destroy());
    request.pipe(onward);
  };
  const server = createServer(pass);
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    credentials.push(request.headers['proxy-authorization']);
    if (answer === '') return void socket.resume().on('end', () => socket.destroy());
    if (answer !== undefined) return void socket.end(answer);
    const port = Number(request.url?.split(':')[1]);
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    atEnd(() => onward.destroy());
  });
  const sockets = socketsOf(server);
  let most = 0;
  server.on('connection', () => {
    most = Math.max(most, sockets.size);
  });
  const url = `http://127.0.0.1:${await open(server)}`;
  return { url, asked, credentials, sockets, most: () => most };
}

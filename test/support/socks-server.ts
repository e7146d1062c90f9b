import { connect, createServer, type Socket } from 'node:net';
import { open } from './wire.ts';

export interface SocksServer {
  readonly port: number;
  /** `version host:port`, and the user if one was given. */
  readonly asked: readonly string[];
}

export interface SocksOptions {
  /** `user:password` that SOCKS 5 asks for. */
  readonly credential?: string;
  /** The answer's code instead of the version's word for granted. */
  readonly refusal?: number;
}

/** A proxy that speaks SOCKS 4, 4a and 5 as far as CONNECT, and leads to this machine. */
export async function openSocksServer(options: SocksOptions = {}): Promise<SocksServer> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    void serve(socket, options, asked).catch(() => socket.destroy());
  });
  return { port: await open(server), asked };
}

async function serve(socket: Socket, options: SocksOptions, asked: string[]): Promise<void> {
  const [version = 0] = await read(socket, 1);
  const port = version === 4 ? await serve4(socket, asked) : await serve5(socket, options, asked);
  const granted = version === 4 ? 90 : 0;
  const code = options.refusal ?? granted;
  socket.write(Buffer.from(version === 4 ? [0, code, ...zeros(6)] : [5, code, 0, 1, ...zeros(6)]));
  if (code !== granted) return void socket.end();
  const onward = connect(port, '127.0.0.1', () => onward.pipe(socket).pipe(onward));
  onward.on('error', () => socket.destroy());
}

async function serve4(socket: Socket, asked: string[]): Promise<number> {
  const [, high = 0, low = 0, ...address] = await read(socket, 7);
  const user = await readText(socket);
  const isName = address.slice(0, 3).every((part) => part === 0);
  const host = isName ? await readText(socket) : address.join('.');
  const port = high * 256 + low;
  asked.push(`4 ${host}:${port}${user && ` as ${user}`}`);
  return port;
}

async function serve5(socket: Socket, options: SocksOptions, asked: string[]): Promise<number> {
  const [methods = 0] = await read(socket, 1);
  await read(socket, methods);
  socket.write(Buffer.from([5, options.credential === undefined ? 0 : 2]));
  let user = '';
  if (options.credential !== undefined) {
    const [, length = 0] = await read(socket, 2);
    user = text(await read(socket, length));
    const [more = 0] = await read(socket, 1);
    const right = `${user}:${text(await read(socket, more))}` === options.credential;
    socket.write(Buffer.from([1, right ? 0 : 1]));
    if (!right) throw new Error('refused');
  }
  const [, , , type] = await read(socket, 4);
  const host =
    type === 1
      ? [...(await read(socket, 4))].join('.')
      : text(await read(socket, (await read(socket, 1))[0] ?? 0));
  const [high = 0, low = 0] = await read(socket, 2);
  asked.push(`5 ${host}:${high * 256 + low}${user && ` as ${user}`}`);
  return high * 256 + low;
}

async function read(socket: Socket, bytes: number): Promise<Buffer> {
  for (;;) {
    const found: Buffer | null = bytes === 0 ? Buffer.alloc(0) : socket.read(bytes);
    if (found !== null) return found;
    if (socket.readableEnded) throw new Error('closed');
    await new Promise((resolve) => socket.once('readable', resolve));
  }
}

async function readText(socket: Socket): Promise<string> {
  let all = '';
  for (;;) {
    const [byte = 0] = await read(socket, 1);
    if (byte === 0) return all;
    all += String.fromCharCode(byte);
  }
}

function text(bytes: Buffer): string {
  return bytes.toString('latin1');
}

function zeros(count: number): number[] {
  return Array<number>(count).fill(0);
}

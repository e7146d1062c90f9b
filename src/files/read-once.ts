import { constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { errnoOf, localError } from '../errors.ts';

/**
 * Reads a file that may be readable only once, such as a pipe; waits for its writer until `signal`
 * aborts, and then throws its reason. Throws the system's error, or exit 7 beyond `limit` bytes.
 */
export async function readOnce(path: string, limit: number, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted();
  const stream = streamOf(openToRead(path));
  const stop = () => stream.destroy();
  signal.addEventListener('abort', stop);
  try {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of stream) {
      chunks.push(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
      if (bytes > limit) {
        const hint = 'name another file: this one holds something else';
        throw localError('file', `${path} is larger than ${limit} bytes`, hint);
      }
    }
    return Buffer.concat(chunks);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

function openToRead(path: string): number {
  try {
    // Without O_NONBLOCK a FIFO would hold a thread, and with it the process, for ever.
    return openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    // A socket, as standard input often is, can't be opened by a path.
    const [, number] = path.match(/^\/(?:dev\/fd|proc\/self\/fd)\/(\d+)$/) ?? [];
    if (errnoOf(error) !== 'ENXIO' || (number === undefined && path !== '/dev/stdin')) throw error;
    return Number(number ?? 0);
  }
}

/** A stream that waits in the event loop, not in a thread, wherever there is something to wait for. */
function streamOf(fd: number): Readable {
  const facts = fstatSync(fd);
  if (facts.isFIFO() || facts.isSocket())
    return new Socket({ fd, readable: true, writable: false });
  return isatty(fd) ? new ReadStream(fd) : createReadStream('', { fd });
}

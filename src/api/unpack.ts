import type { InputType, ZlibOptions } from 'node:zlib';
import { errnoOf } from '../errors.ts';

/** An answer of more bytes than anybody would wait for. */
export class TooLarge extends Error {}

/** An answer that is packed in a way that can't be undone. */
export class Unpackable extends Error {}

type Unpack = (
  bytes: InputType,
  options: ZlibOptions,
  done: (error: Error | null, unpacked: Buffer) => void,
) => void;

/** Undoes a Content-Encoding; `limit` in bytes. Throws TooLarge or Unpackable. */
export async function unpack(
  bytes: Buffer,
  encodings: string | undefined,
  limit: number,
): Promise<Buffer> {
  if (encodings === undefined || bytes.length === 0) return bytes;
  let unpacked = bytes;
  // The encoding that was applied last stands last.
  for (const encoding of encodings.toLowerCase().split(',').reverse()) {
    unpacked = await unpackOnce(unpacked, encoding.trim(), limit);
  }
  return unpacked;
}

async function unpackOnce(bytes: Buffer, encoding: string, limit: number): Promise<Buffer> {
  if (encoding === 'identity' || encoding === '') return bytes;
  const zlib = await import('node:zlib');
  const known: { readonly [encoding: string]: Unpack | undefined } = {
    gzip: zlib.gunzip,
    'x-gzip': zlib.gunzip,
    // Some services send the raw form, without the two bytes that should begin it.
    deflate: ((bytes[0] ?? 0) & 0x0f) === 8 ? zlib.inflate : zlib.inflateRaw,
    br: zlib.brotliDecompress as Unpack,
  };
  const run = Object.hasOwn(known, encoding) ? known[encoding] : undefined;
  if (run === undefined) throw new Unpackable(`packed as ${encoding.slice(0, 20)}`);
  return new Promise((resolve, reject) => {
    run(bytes, { maxOutputLength: limit, chunkSize: 131_072 }, (error, unpacked) => {
      if (error === null) resolve(unpacked);
      else if (errnoOf(error) === 'ERR_BUFFER_TOO_LARGE') reject(new TooLarge());
      else reject(new Unpackable('broken'));
    });
  });
}

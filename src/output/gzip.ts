import { once } from 'node:events';
import { createGzip } from 'node:zlib';

/** The chunks, compressed; the same input gives the same bytes. */
export async function* gzipped(
  chunks: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  const feeding = feed(chunks, gzip).catch((error: unknown) => {
    gzip.destroy(error as Error);
  });
  yield* gzip as AsyncIterable<Uint8Array>;
  await feeding;
}

async function feed(
  chunks: AsyncIterable<string | Uint8Array>,
  gzip: ReturnType<typeof createGzip>,
): Promise<void> {
  for await (const chunk of chunks) {
    if (!gzip.write(chunk)) await once(gzip, 'drain');
  }
  gzip.end();
}

import { createGzip, type Gzip } from 'node:zlib';

/**
 * The chunks, compressed; the same input gives the same bytes. The source is asked for a chunk when
 * the one before is packed, so that nothing goes on when the reader stops or the source fails.
 */
export async function* gzipped(
  chunks: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  const packed: Uint8Array[] = [];
  gzip.on('data', (piece: Uint8Array) => packed.push(piece));
  try {
    for await (const chunk of chunks) {
      await written(gzip, (done) => gzip.write(chunk, done));
      yield* packed.splice(0);
    }
    await written(gzip, (done) => {
      gzip.once('end', done);
      gzip.end();
    });
    yield* packed;
  } finally {
    gzip.destroy();
  }
}

function written(gzip: Gzip, work: (done: (error?: Error | null) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    gzip.once('error', reject);
    work((error) => {
      gzip.off('error', reject);
      if (error) reject(error);
      else resolve();
    });
  });
}

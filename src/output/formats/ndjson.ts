import type { Row } from '../../table.ts';
import type { Format } from '../format.ts';
import { pageText } from './page-text.ts';
import { recordWriter } from './record-json.ts';

/** One JSON record a line. */
export const ndjson: Format = (table) => {
  const write = recordWriter(table);
  if (!table.whole)
    return pageText(table, '', (rows) => rows.map((row) => `${write(row)}\n`).join(''));
  return wholeRecords(table.pages, write);
};

/** Most records are written as they came, without reading them as text. */
async function* wholeRecords(
  pages: AsyncIterable<readonly Row[]>,
  write: (row: Row) => string,
): AsyncGenerator<Uint8Array> {
  for await (const rows of pages) {
    if (rows.length === 0) continue;
    yield lines(rows.map((row) => row.plainJson ?? Buffer.from(write(row))));
  }
}

function lines(texts: readonly Uint8Array[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(texts.reduce((sum, { length }) => sum + length + 1, 0));
  let at = 0;
  for (const text of texts) {
    bytes.set(text, at);
    at += text.length + 1;
    bytes[at - 1] = 0x0a;
  }
  return bytes;
}

import type { Row, Table } from '../../table.ts';

/** One chunk of text per page. The head waits for the first page: a failed start writes nothing. */
export async function* pageText(
  table: Table,
  head: string,
  write: (rows: readonly Row[]) => string,
): AsyncGenerator<string> {
  let waiting = head;
  for await (const rows of table.pages) {
    const text = waiting + write(rows);
    waiting = '';
    if (text) yield text;
  }
  if (waiting) yield waiting;
}

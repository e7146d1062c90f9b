import type { Table } from '../../table.ts';
import { recordWriter } from './record.ts';

/** One array over all pages, one record a line. */
export async function* json(table: Table): AsyncGenerator<string> {
  const write = recordWriter(table);
  let before = '[\n';
  for await (const rows of table.pages) {
    if (rows.length === 0) continue;
    yield before + rows.map(write).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

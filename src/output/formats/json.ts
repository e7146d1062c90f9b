import type { Row } from '../../table.ts';
import type { Format } from '../format.ts';
import { indentJson } from '../json-layout.ts';
import { recordWriter } from './record-json.ts';

/** One array over all pages, one record a line; indented for people. */
export const json: Format = async function* (table, { indent = false }) {
  const compact = recordWriter(table);
  const write = indent ? (row: Row) => `  ${indentJson(compact(row), 1)}` : compact;
  let before = '[\n';
  for await (const rows of table.pages) {
    if (rows.length === 0) continue;
    yield before + rows.map(write).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
};

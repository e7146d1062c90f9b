import type { Format } from '../format.ts';
import { pageText } from './page-text.ts';
import { recordWriter } from './record-json.ts';

/** One JSON record a line. */
export const ndjson: Format = (table) => {
  const write = recordWriter(table);
  return pageText(table, '', (rows) => rows.map((row) => `${write(row)}\n`).join(''));
};

import type { Format } from '../format.ts';
import { indentJson } from '../json-layout.ts';
import { recordWriter } from './record-json.ts';

/** Records as JSON without an array around them; indented for people. */
export const loneJson: Format = async function* (table, { indent = false }) {
  const write = recordWriter(table);
  for await (const rows of table.pages) {
    for (const row of rows) yield `${indent ? indentJson(write(row)) : write(row)}\n`;
  }
};

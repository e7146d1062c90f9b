import type { Format } from '../format.ts';
import { recordWriter } from './record.ts';

/** Records as JSON without an array around them, spread over lines for people. */
export function loneJson(spread: boolean): Format {
  return async function* json(table) {
    const write = recordWriter(table);
    for await (const rows of table.pages) {
      for (const row of rows) yield `${spread ? spreadJson(write(row)) : write(row)}\n`;
    }
  };
}

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^"{}[\],:]+/g;

// A record of brackets alone would become a page of blanks.
const deepest = 40;

/** Never parsed, so that every digit stays. The text holds no white space between its tokens. */
function spreadJson(json: string): string {
  let depth = 0;
  let before = '';
  const line = () => `\n${'  '.repeat(Math.min(depth, deepest))}`;
  return json.replace(token, (part) => {
    const opened = before === '{' || before === '[';
    before = part;
    if (part === '}' || part === ']') {
      depth -= 1;
      return opened ? part : line() + part;
    }
    const start = opened ? line() : '';
    if (part === '{' || part === '[') depth += 1;
    if (part === ',') return part + line();
    return start + (part === ':' ? ': ' : part);
  });
}

import fc from 'fast-check';
import type { Format, FormatOptions } from '../../src/output/format.ts';
import type { Cell, Column, Row, Table } from '../../src/table.ts';
import type { Capabilities } from '../../src/terminal/capabilities.ts';

export const terminal: Capabilities = { width: 80, color: 0, unicode: true };

export const options: FormatOptions = {
  header: true,
  excel: false,
  delimiter: ',',
  guard: true,
  vcard: '4.0',
  terminal,
  timeZone: () => 'Africa/Johannesburg',
  warn: () => {},
  now: new Date('2026-11-12T12:00:00Z'),
};

export function textColumns(...names: string[]): Column[] {
  return names.map((name) => ({ name, kind: 'text' }));
}

export function rowOf(...cells: Cell[]): Row {
  return { cells, json: JSON.stringify(cells) };
}

/** A table of these pages; `whole` when no columns were chosen. */
export function tableOf(columns: readonly Column[], pages: readonly Row[][], whole = false): Table {
  return {
    columns,
    whole,
    pages: (async function* () {
      yield* pages;
    })(),
  };
}

export async function chunksOf(
  format: Format,
  table: Table,
  changed: Partial<FormatOptions> = {},
): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of format(table, { ...options, ...changed })) chunks.push(String(chunk));
  return chunks;
}

export async function textOf(
  format: Format,
  table: Table,
  changed: Partial<FormatOptions> = {},
): Promise<string> {
  return (await chunksOf(format, table, changed)).join('');
}

/** All that a format writes, as one piece. */
export async function bytesOf(chunks: AsyncIterable<string | Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(Buffer.from(chunk));
  return Buffer.concat(all);
}

const trouble = ['"', ',', ';', '\t', '\n', '\r', '\r\n', '\\', '=', '+', '-', '@', "'", ' ', '|'];
const hostile = [
  '\u001b[31m',
  '\u009b2J',
  '\u202e',
  '\u200b',
  '\u2028',
  '\ufeff',
  '＝',
  '<b>',
  '`',
];

/** Any text, with more than its share of what breaks formats. */
export const anyText = fc
  .array(fc.oneof(fc.constantFrom(...trouble, ...hostile), fc.string({ unit: 'binary' })), {
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

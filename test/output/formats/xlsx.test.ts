import fc from 'fast-check';
import { unzipSync } from 'fflate';
import readWorkbook from 'read-excel-file/node';
import { describe, expect, test } from 'vitest';
import { normalizeText } from '../../../src/output/formats/control-characters.ts';
import { xlsx } from '../../../src/output/formats/xlsx.ts';
import type { Column, Table } from '../../../src/table.ts';
import {
  anyText,
  bytesOf,
  options,
  rowOf,
  tableOf,
  textColumns,
} from '../../support/small-table.ts';

const columns: Column[] = [
  { name: 'id', kind: 'id' },
  { name: 'name', kind: 'text' },
  { name: 'phone', kind: 'phone' },
  { name: 'tags', kind: 'list' },
  { name: 'unread', kind: 'number' },
  { name: 'online', kind: 'boolean' },
  { name: 'created_at', kind: 'time' },
  { name: '.notes', kind: 'json' },
];

const time = '2026-11-12T06:30:15.923Z';
// What clocks in Johannesburg show, to the second.
const second = '2026-11-12T08:30:15Z';
const rows = [
  rowOf('12345678901234567890', 'Thandi & <Co>', '+27821234567', ['a', 'b'], 3, true, time, 1.5),
  rowOf('66e07', '=1+1', '0821234567', [], -0.5, false, 'long ago', { a: [1] }),
  rowOf('1e5', '_x0041_ _X000d_', null, null, null, null, '1899-12-31T00:00:00.000Z', 'x'),
];
const read = [
  ['id', 'name', 'phone', 'tags', 'unread', 'online', 'created_at', '.notes'],
  ['12345678901234567890', 'Thandi & <Co>', '+27821234567', 'a; b', 3, true, new Date(second), 1.5],
  ['66e07', '=1+1', '0821234567', null, -0.5, false, 'long ago', '{"a":[1]}'],
  ['1e5', '_x0041_ _X000d_', null, null, null, null, '1899-12-31T00:00:00.000Z', 'x'],
];

const write = (table: Table, changed = {}, rowsPerSheet?: number) =>
  bytesOf(xlsx(table, { ...options, ...changed }, rowsPerSheet));

async function cellsOf(book: Buffer) {
  const sheets = await readWorkbook(book, { trim: false });
  return sheets.map(({ sheet, data }) => ({ sheet, data }));
}

test('texts are text, numbers numbers, times dates', async () => {
  const book = await write(tableOf(columns, [rows]));
  expect(await cellsOf(book)).toEqual([{ sheet: 'Sheet1', data: read }]);
});

test('the header stays in sight, with a filter; without a header there is neither', async () => {
  const sheet = partOf(await write(tableOf(columns, [rows])), 'xl/worksheets/sheet1.xml');
  expect(sheet).toContain('<pane ySplit="1" topLeftCell="A2"');
  expect(sheet).toContain('<autoFilter ref="A1:H4"/>');
  const bare = await write(tableOf(columns, [rows]), { header: false });
  expect(partOf(bare, 'xl/worksheets/sheet1.xml')).not.toMatch(/<pane|<autoFilter/);
  expect(await cellsOf(bare)).toEqual([{ sheet: 'Sheet1', data: read.slice(1) }]);
});

test('times are shown as 2026-11-12 08:30, those of the zone', async () => {
  const book = await write(tableOf(columns, [rows]));
  expect(partOf(book, 'xl/styles.xml')).toContain('formatCode="yyyy\\-mm\\-dd\\ hh:mm"');
  const seconds = Date.parse(second) / 1000;
  const [day] =
    /(?<=<c r="G2" s="2"><v>)[\d.]+/.exec(partOf(book, 'xl/worksheets/sheet1.xml')) ?? [];
  expect((Number(day) - 25_569) * 86_400).toBeCloseTo(seconds, 3);
});

test('the zone is told in the properties and by a note on the header, in no row', async () => {
  const book = await write(tableOf(columns, [rows]));
  const told = 'Times are those of Africa/Johannesburg.';
  expect(partOf(book, 'docProps/core.xml')).toContain(`<dc:description>${told}</dc:description>`);
  expect(partOf(book, 'xl/comments1.xml')).toContain(
    `<comment ref="G1" authorId="0"><text><t>${told}`,
  );
  expect(partOf(book, 'xl/drawings/vmlDrawing1.vml')).toContain('<x:Column>6</x:Column>');
  expect(partOf(book, 'xl/worksheets/sheet1.xml')).toContain(
    '<legacyDrawing r:id="rId1"/></worksheet>',
  );
  const bare = Object.keys(unzipSync(await write(tableOf(textColumns('x'), []))));
  expect(bare.filter((path) => /comments|drawing/.test(path))).toEqual([]);
});

test('every part has a type and every link a part', async () => {
  const parts = unzipSync(await write(tableOf(columns, [rows]), {}, 3));
  const types = Buffer.from(parts['[Content_Types].xml'] ?? []).toString();
  for (const path of Object.keys(parts)) {
    if (/^\[|\.rels$|\.vml$/.test(path)) continue;
    expect(types).toContain(`PartName="/${path}"`);
  }
  for (const [path, bytes] of Object.entries(parts)) {
    if (!path.endsWith('.rels')) continue;
    for (const [, target = ''] of Buffer.from(bytes)
      .toString()
      .matchAll(/Target="([^"]+)"/g)) {
      const { pathname } = new URL(target, `file:///${path.replace('_rels/', '')}`);
      expect(Object.keys(parts)).toContain(pathname.slice(1));
    }
  }
});

test('no rows', async () => {
  const book = await write(tableOf(columns, []));
  expect(await cellsOf(book)).toEqual([{ sheet: 'Sheet1', data: read.slice(0, 1) }]);
});

test('what one sheet cannot hold goes on in the next, under the same header, and is told', async () => {
  const warned: string[] = [];
  const warn = (line: string) => warned.push(line);
  const book = await write(tableOf(columns, [rows]), { warn }, 3);
  expect(warned).toEqual(['the rows are on 2 sheets: one holds 3 at most']);
  expect(await cellsOf(book)).toEqual([
    { sheet: 'Sheet1', data: read.slice(0, 3) },
    { sheet: 'Sheet2', data: [read[0], read[3]] },
  ]);
});

test('the 28th column is AB, and more than a sheet can hold are refused', async () => {
  const names = Array.from({ length: 28 }, (_, i) => `c${i}`);
  const book = await write(tableOf(textColumns(...names), []));
  expect(partOf(book, 'xl/worksheets/sheet1.xml')).toMatch(/<c r="Z1" .*<c r="AA1" .*<c r="AB1" /);
  const wide = textColumns(...Array.from({ length: 16_385 }, (_, i) => `c${i}`));
  await expect(write(tableOf(wide, []))).rejects.toMatchObject({ exit: 7, code: 'too-wide' });
});

test('a text that is too long for a cell ends in an ellipsis, and is told', async () => {
  const long = '😀'.repeat(20_000);
  const warned: string[] = [];
  const warn = (line: string) => warned.push(line);
  const table = tableOf(textColumns('x'), [[rowOf(`a${long}`), rowOf('short')]]);
  const [sheet] = await cellsOf(await write(table, { warn }));
  expect(warned).toEqual([expect.stringMatching(/^1 cell was cut, .* 32,767 characters/)]);
  const cell = String(sheet?.data[1]?.[0]);
  expect(cell).toHaveLength(32_766);
  expect(cell.endsWith('😀…')).toBe(true);
});

test('the same bytes in any time zone', async () => {
  const zone = process.env['TZ'];
  const books = [];
  for (const TZ of ['Pacific/Kiritimati', 'America/Los_Angeles']) {
    process.env['TZ'] = TZ;
    books.push(await write(tableOf(columns, [rows])));
  }
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
  expect(books[0]?.equals(books[1] ?? Buffer.alloc(0))).toBe(true);
});

describe('whatever the cells hold', () => {
  const escapes = fc.constantFrom('_x0041_', '_x005F_', '_x000D_', '_', 'x', ']]>', '&#10;', '\0');
  const text = fc.array(fc.oneof(anyText, escapes), { maxLength: 4 }).map((all) => all.join(''));

  test('another reader gets it back, but for control characters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1 }), async (texts) => {
        const given = texts.map((each) => rowOf(`<${each}`));
        const [sheet] = await cellsOf(await write(tableOf(textColumns('x'), [given])));
        expect(sheet?.data.slice(1)).toEqual(texts.map((each) => [`<${normalizeText(each)}`]));
      }),
      { numRuns: 200 },
    );
  });

  test('every row of many pieces is there', async () => {
    const many = Array.from({ length: 6000 }, (_, i) => rowOf(`+2782${i}`, `name ${i}`));
    const [sheet] = await cellsOf(await write(tableOf(textColumns('a', 'b'), [many])));
    expect(sheet?.data.slice(1)).toEqual(many.map(({ cells }) => cells));
  });
});

function partOf(book: Buffer, path: string): string {
  return Buffer.from(unzipSync(book)[path] ?? []).toString();
}

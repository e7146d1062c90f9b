import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { table } from '../../../src/output/formats/table.ts';
import type { Column, Row } from '../../../src/table.ts';
import {
  anyText,
  chunksOf,
  rowOf,
  tableOf,
  terminal,
  textColumns,
  textOf,
} from '../../support/small-table.ts';

const columns: Column[] = [
  { name: 'id', kind: 'id' },
  { name: 'name', kind: 'text' },
  { name: 'phone', kind: 'phone' },
  {
    name: 'status',
    kind: 'text',
    tone: (cell) => (cell === 'open' ? 'good' : cell === 'pending' ? 'busy' : 'quiet'),
  },
  { name: 'unread', kind: 'number' },
  { name: 'online', kind: 'boolean' },
  { name: 'created_at', kind: 'time' },
];

const rows = [
  rowOf(
    '66f0a1b2c3d4e5f6a7b81000',
    'Thandi Nkosi',
    '+27821234567',
    'open',
    3,
    true,
    '2026-11-12T06:30:00Z',
  ),
  rowOf(
    '66f0a1b2c3d4e5f6a7b81001',
    '王小明',
    '+8613912345678',
    'pending',
    12,
    false,
    '2026-11-01T10:05:00Z',
  ),
  rowOf(
    '66f0a1b2c3d4e5f6a7b81002',
    '👩‍👩‍👧 Bakery',
    null,
    'closed',
    0,
    null,
    '2024-03-04T10:00:00Z',
  ),
];

test('wide enough', async () => {
  expect(
    await textOf(table, tableOf(columns, [rows]), { terminal: { ...terminal, width: 120 } }),
  ).toBe(`\
ID                        NAME          PHONE           STATUS   UNREAD  ONLINE  CREATED AT
66f0a1b2c3d4e5f6a7b81000  Thandi Nkosi  +27821234567    open          3  yes     08:30
66f0a1b2c3d4e5f6a7b81001  王小明        +8613912345678  pending      12  no      01 Nov 12:05
66f0a1b2c3d4e5f6a7b81002  👩‍👩‍👧 Bakery                     closed        0          04 Mar 2024
`);
});

test('too narrow: texts are cut, and columns go from the right rather than ids and phones', async () => {
  expect(
    await textOf(table, tableOf(columns, [rows]), { terminal: { ...terminal, width: 80 } }),
  ).toBe(`\
ID                        NAME          PHONE           STATUS   UNREAD  ONLINE
66f0a1b2c3d4e5f6a7b81000  Thandi Nkosi  +27821234567    open          3  yes
66f0a1b2c3d4e5f6a7b81001  王小明        +8613912345678  pending      12  no
66f0a1b2c3d4e5f6a7b81002  👩‍👩‍👧 Bakery                     closed        0
(1 more column: created_at; widen the terminal or use --columns)
`);
});

test('far too narrow: a last line, as wide as the rest, says which columns are not shown', async () => {
  const narrow = { ...terminal, width: 35 };
  expect(await textOf(table, tableOf(columns, [rows]), { terminal: narrow })).toBe(`\
ID                        NAME
66f0a1b2c3d4e5f6a7b81000  Thandi N…
66f0a1b2c3d4e5f6a7b81001  王小明
66f0a1b2c3d4e5f6a7b81002  👩‍👩‍👧 Bakery
(5 more columns: phone, status,
unread, online, created_at; widen
the terminal or use --columns)
`);
});

test('without Unicode the ellipsis is three dots, and no limit means no ellipsis', async () => {
  const one = () => tableOf(textColumns('name'), [[rowOf('Thandi Nkosi')]]);
  const plain = { ...terminal, width: 8, unicode: false };
  expect(await textOf(table, one(), { terminal: plain })).toBe('NAME\nThand...\n');
  const unlimited = { ...terminal, width: Number.POSITIVE_INFINITY };
  expect(await textOf(table, one(), { terminal: unlimited })).toBe('NAME\nThandi Nkosi\n');
});

test('headings: ours in capitals, the names of attributes as they are', async () => {
  const named = textColumns('last_seen_at', 'attr.Favourite_\u001b[31mshop', '.a.b');
  expect(await textOf(table, tableOf(named, []))).toBe('LAST SEEN AT  attr.Favourite_shop  .a.b\n');
  expect(await textOf(table, tableOf(named, []), { header: false })).toBe('');
  const given = tableOf(named, [[rowOf('a', 'b', 'c')]]);
  expect(await textOf(table, given, { header: false })).toBe('a  b  c\n');
});

test('colour: a bold head and toned cells, and none of it at level 0', async () => {
  const colored = { ...terminal, width: 120, color: 1 } as const;
  const text = await textOf(table, tableOf(columns, [rows]), { terminal: colored });
  expect(text).toContain('\u001b[1mID\u001b[22m');
  expect(text).toContain('\u001b[32mopen\u001b[39m     ');
  expect(text).toContain('\u001b[33mpending\u001b[39m');
  expect(text).toContain('\u001b[2mclosed\u001b[22m');
  const plain = await textOf(table, tableOf(columns, [rows]), {
    terminal: { ...terminal, width: 120 },
  });
  expect(text.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  expect(plain).not.toContain('\u001b');
});

test('rows after the first thousand are streamed into the widths of those', async () => {
  const page = (text: string): Row[] => Array.from({ length: 50 }, () => rowOf(text, 'x'));
  const pages = [...Array.from({ length: 20 }, () => page('12345')), page('1234567'), page('1')];
  const chunks = await chunksOf(table, tableOf(textColumns('a', 'b'), pages));
  expect(chunks).toHaveLength(3);
  expect(chunks[0]?.split('\n').slice(0, 2)).toEqual(['A      B', '12345  x']);
  expect(chunks[1]?.split('\n')[0]).toBe('1234…  x');
  expect(chunks[2]?.split('\n')[0]).toBe('1      x');
});

describe('whatever the cells hold', () => {
  const graphemes = fc.string({ unit: 'grapheme', maxLength: 30 });
  const scripts = fc.constantFrom(
    '👩‍👩‍👧‍👦 家族',
    'محمد علي',
    'e\u0301\u0301te\u0301',
    'नमस्ते',
    'ﾊﾝｶｸ',
    '🇿🇦🏳️‍🌈',
    '\u0301',
  );
  const cell = fc.oneof(graphemes, scripts, anyText, fc.constant(null));
  const grids = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 });

  test.each([40, 60, 80, 120])('no line is wider than %i, nor ends in spaces', async (width) => {
    await fc.assert(
      fc.asyncProperty(grids, async (grid) => {
        const given = tableOf(textColumns('a', 'b', 'c'), [grid.map((row) => rowOf(...row))]);
        const text = await textOf(table, given, { terminal: { ...terminal, width } });
        const lines = text.split('\n').slice(0, -1);
        expect(lines).toHaveLength(grid.length + 1);
        for (const line of lines) {
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
          expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}]| $/u);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('the last column starts at the same place in every line', async () => {
    await fc.assert(
      fc.asyncProperty(grids, async (grid) => {
        const marked = grid.map(([a, b]) => rowOf(a, b, '#END#'));
        const given = tableOf(textColumns('a', 'b', 'c'), [marked]);
        const unlimited = { ...terminal, width: Number.POSITIVE_INFINITY };
        const text = await textOf(table, given, { header: false, terminal: unlimited });
        const starts = text
          .split('\n')
          .slice(0, -1)
          .map((line) => stringWidth(line.slice(0, line.lastIndexOf('#END#'))));
        expect(new Set(starts).size).toBe(1);
      }),
      { numRuns: 300 },
    );
  });
});

test('lines that one long cell widens are handed on a few at a time', async () => {
  const rows = [rowOf('x'.repeat(100_000), 'a'), ...Array(19).fill(rowOf('y', 'b'))];
  const chunks = await chunksOf(table, tableOf(textColumns('name', 'city'), [rows]), {
    terminal: { ...terminal, width: Number.POSITIVE_INFINITY },
  });
  expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThan(200_000);
  expect(chunks.join('').trimEnd().split('\n')).toHaveLength(21);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { markdown } from '../../../src/output/formats/markdown.ts';
import type { Column } from '../../../src/table.ts';
import { anyText, rowOf, tableOf, textColumns, textOf } from '../../support/small-table.ts';

const columns: Column[] = [
  { name: 'name', kind: 'text' },
  { name: 'created_at', kind: 'time' },
  { name: 'unread', kind: 'number' },
];

test('a pipe table', async () => {
  const rows = [rowOf('Thandi', '2026-11-01T09:30:00Z', 3), rowOf(['a', 'b'], null, 0)];
  expect(await textOf(markdown, tableOf(columns, [rows]))).toBe(
    [
      '| name | created_at | unread |',
      '| --- | --- | ---: |',
      '| Thandi | 2026-11-01T09:30:00Z | 3 |',
      '| a; b |  | 0 |',
      '',
    ].join('\n'),
  );
});

test('without a header: rows alone', async () => {
  const table = tableOf(columns, [[rowOf('a', 'b', 1)]]);
  expect(await textOf(markdown, table, { header: false })).toBe('| a | b | 1 |\n');
});

test.each([
  ['a|b', 'a\\|b'],
  ['a\\|b', 'a\\\\\\|b'],
  ['line\r\none\n\ntwo\n', 'line<br>one<br><br>two'],
  ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
  ['&lt;b&gt;', '&amp;lt;b&amp;gt;'],
  ['`code`', '\\`code\\`'],
  ['![x](http://evil.example/t.png)', '!\\[x\\](http://evil.example/t.png)'],
  ['**vip** ~~no~~', '\\*\\*vip\\*\\* \\~\\~no\\~\\~'],
  ['_it_ a_b@example.com', '\\_it\\_ a_b@example.com'],
  ['\u001b[31mred\u202e\0', '\ufffd\\[31mred\ufffd\ufffd'],
  ['=1+1', "'=1+1"],
  ['Ann;=1', "Ann;'=1"],
  ['a|@b', "a\\|'@b"],
  ['+27821234567', '+27821234567'],
])('%j becomes %s', async (text, shown) => {
  const table = tableOf(textColumns('x'), [[rowOf(text)]]);
  expect(await textOf(markdown, table, { header: false })).toBe(`| ${shown} |\n`);
});

test('no text breaks the table or becomes HTML', async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyText, async (a, b) => {
      const table = tableOf(textColumns(a, 'b'), [[rowOf(a, b)]]);
      const lines = (await textOf(markdown, table)).split('\n');
      expect(lines).toHaveLength(4);
      for (const line of lines.slice(0, 3)) {
        const bare = line.replaceAll('<br>', '').replace(/\\[!-/:-@[-`{-~]/g, '');
        expect(bare.match(/\|/g)).toHaveLength(3);
        expect(bare).not.toMatch(/[<>`[\]\\\p{Cc}\p{Bidi_Control}]/u);
      }
    }),
    { numRuns: 500 },
  );
});

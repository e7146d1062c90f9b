import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tsv } from '../../../src/output/formats/tsv.ts';
import { anyText, rowOf, tableOf, textColumns, textOf } from '../../support/small-table.ts';

test('one line a row, whatever the cells hold', async () => {
  const rows = [
    rowOf('Thandi', ['vip', 'new'], null),
    rowOf('tab\tnew\nline\r', 'back\\slash \\n', true),
    rowOf('=1+1', '"quoted", yes', 7),
  ];
  expect(await textOf(tsv, tableOf(textColumns('a', 'b\t', 'c'), [rows]))).toBe(
    [
      'a\tb\\t\tc',
      'Thandi\tvip; new\t',
      'tab\\tnew\\nline\\r\tback\\\\slash \\\\n\ttrue',
      '=1+1\t"quoted", yes\t7',
      '',
    ].join('\n'),
  );
});

test('the header stands without rows, and goes when it is not wanted', async () => {
  expect(await textOf(tsv, tableOf(textColumns('a', 'b'), []))).toBe('a\tb\n');
  const table = tableOf(textColumns('a', 'b'), [[rowOf('1', '2')]]);
  expect(await textOf(tsv, table, { header: false })).toBe('1\t2\n');
});

test('splitting and unescaping gives the cells back', async () => {
  const pairs = fc.array(fc.tuple(anyText, anyText), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(pairs, async (rows) => {
      const table = tableOf(textColumns('a', 'b'), [rows.map((cells) => rowOf(...cells))]);
      const text = await textOf(tsv, table, { header: false });
      const lines = text.split('\n').slice(0, -1);
      expect(lines.map((line) => line.split('\t').map(unescapeText))).toEqual(rows);
    }),
    { numRuns: 500 },
  );
});

function unescapeText(text: string): string {
  const meanings: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
  return text.replace(/\\(.)/gs, (_, letter: string) => meanings[letter] ?? `?${letter}`);
}

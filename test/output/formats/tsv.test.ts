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
      '\'=1+1\t"quoted", yes\t7',
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
      const text = await textOf(tsv, table, { header: false, guard: false });
      expect(text).not.toMatch(/[^\P{Cc}\t\n]|[\p{Bidi_Control}\u2028\u2029]/u);
      const lines = text.split('\n').slice(0, -1);
      expect(lines.map((line) => line.split('\t').map(unescapeText))).toEqual(rows);
    }),
    { numRuns: 500 },
  );
});

test('control characters are escaped by their numbers', async () => {
  const row = rowOf('An\0na\u001b[31m', '\u009b2J\u202e\u2028', 'plain \u00a0 é');
  const table = tableOf(textColumns('a', 'b', 'c\u0007'), [[row]]);
  expect(await textOf(tsv, table)).toBe(
    'a\tb\tc\\x07\nAn\\x00na\\x1b[31m\t\\x9b2J\\u{202e}\\u{2028}\tplain \u00a0 é\n',
  );
});

test('formulas are guarded in every part, phones and numbers are not', async () => {
  const row = rowOf('Ann;=1+1;', '"=1+1"', ['+27821234567', '-5'], -5);
  const table = () => tableOf(textColumns('=h', 'b', 'c', 'd'), [[row]]);
  expect(await textOf(tsv, table())).toBe(
    "'=h\tb\tc\td\nAnn;'=1+1;\t'\"=1+1\"\t+27821234567; -5\t-5\n",
  );
  expect(await textOf(tsv, table(), { guard: false })).toBe(
    '=h\tb\tc\td\nAnn;=1+1;\t"=1+1"\t+27821234567; -5\t-5\n',
  );
});

function unescapeText(text: string): string {
  const meanings: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
  const escapes = /\\(?:x([\da-f]{2})|u\{([\da-f]+)\}|(.))/gs;
  return text.replace(escapes, (_, byte?: string, point?: string, letter = '') => {
    const hex = byte ?? point;
    return hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (meanings[letter] ?? `?${letter}`);
  });
}

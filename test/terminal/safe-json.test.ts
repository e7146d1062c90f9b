import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safeJson } from '../../src/terminal/safe-json.ts';
import { anyText } from '../support/small-table.ts';

test('it means the same, and holds nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.dictionary(anyText, anyText), fc.constantFrom(0, 2), (value, indent) => {
      const text = safeJson(JSON.stringify(value, null, indent));
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Bidi_Control}\u2028\u2029]/u);
      const whole = JSON.stringify(value).replace(
        /\\ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|\\ud[89a-f][\da-f]{2}/gi,
        (found) => (found.length === 12 ? found : '\\ufffd'),
      );
      expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(whole)));
    }),
  );
});

test('C1 and bidi controls are written as escapes', () => {
  expect(safeJson('{"a":"\u009b2J\u202e\u007f"}')).toBe('{"a":"\\u009b2J\\u202e\\u007f"}');
});

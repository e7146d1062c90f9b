import fc from 'fast-check';
import { expect, test } from 'vitest';
import { graphemesOf } from '../../src/terminal/graphemes.ts';

test('block by block the graphemes are those of the whole text', () => {
  const long = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('👩‍👩‍👧‍👦', '🇿🇦', 'e\u0301', '\r\n', '\u0301'),
      ),
      {
        minLength: 60,
        maxLength: 400,
      },
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(long, (text) => {
      const whole = Array.from(new Intl.Segmenter().segment(text), ({ segment, index }) => [
        segment,
        index,
      ]);
      expect([...graphemesOf(text)]).toEqual(whole);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

test('one grapheme longer than a block stays one', () => {
  const tower = `e${'\u0301'.repeat(2000)}`;
  expect([...graphemesOf(`${tower}x`)].map(([grapheme]) => grapheme)).toEqual([tower, 'x']);
});

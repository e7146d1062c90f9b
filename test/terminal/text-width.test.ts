import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { displayWidth, pad, truncate, wrap } from '../../src/terminal/text-width.ts';

const text = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));

describe('displayWidth', () => {
  test.each([
    ['abc', 3],
    ['Ayşe', 4],
    ['王小明', 6],
    ['👩‍👩‍👧‍👦', 2],
    ['e\u0301', 1],
    ['محمد', 4],
  ])('%s takes %i columns', (shown, width) => {
    expect(displayWidth(shown)).toBe(width);
  });

  test('its short cut agrees with string-width on every character below U+2100', () => {
    for (let code = 0x20; code < 0x2100; code++) {
      const character = String.fromCharCode(code);
      if (code >= 0x7f && code < 0xa0) continue;
      expect([code, displayWidth(character)]).toEqual([code, stringWidth(character)]);
    }
  });
});

describe('truncate', () => {
  test.each([
    ['Thandi Nkosi', 12, '…', 'Thandi Nkosi'],
    ['Thandi Nkosi', 11, '…', 'Thandi Nko…'],
    ['Thandi Nkosi', 8, '…', 'Thandi…'],
    ['Thandi Nkosi', 8, '...', 'Thand...'],
    ['王小明', 4, '…', '王…'],
    ['👩‍👩‍👧 Bakery', 4, '…', '👩‍👩‍👧…'],
    ['ne\u0301e Dupont', 4, '…', 'ne\u0301e…'],
    ['abcdef', 1, '…', '…'],
    ['abcdef', 2, '...', '..'],
    ['abcdef', 0, '…', ''],
    ['abcdef', Number.POSITIVE_INFINITY, '…', 'abcdef'],
  ])('%s in %d columns with %s: %s', (whole, width, ellipsis, short) => {
    expect(truncate(whole, width, ellipsis)).toBe(short);
  });

  test('never exceeds the width, and cuts between graphemes only', () => {
    fc.assert(
      fc.property(text, fc.nat(20), (whole, width) => {
        const short = truncate(whole, width, '…');
        expect(stringWidth(short)).toBeLessThanOrEqual(width);
        const kept = short.replace(/…$/, '');
        if (short !== whole) expect(whole.startsWith(kept)).toBe(true);
        expect(short === whole || /^$|…$/.test(short)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

test('pad fills up to the width, on the side that is asked for', () => {
  expect(pad('王', 4)).toBe('王  ');
  expect(pad('王', 4, 'right')).toBe('  王');
  expect(pad('wide', 2)).toBe('wide');
});

describe('wrap', () => {
  test.each([
    ['words on lines', 'one two three', 7, ['one two', 'three']],
    [
      'a long word goes on in the next line',
      'a attr.favourite b',
      6,
      ['a', 'attr.f', 'avouri', 'te b'],
    ],
    ['wide characters', '王小明王小', 5, ['王小', '明王', '小']],
    ['a character wider than the line', '王小', 1, ['王', '小']],
    ['no text', '', 5, ['']],
    ['spaces of one line stay', 'a  b', 9, ['a  b']],
  ])('%s', (_, words, width, lines) => {
    expect(wrap(words, width)).toEqual(lines);
  });

  test('keeps a long word whole where it is to be copied', () => {
    expect(wrap('see https://example.com/x now', 6, 'keep')).toEqual([
      'see',
      'https://example.com/x',
      'now',
    ]);
  });

  test('the first line may be shorter', () => {
    expect(wrap('one two three', 7, 'keep', 3)).toEqual(['one', 'two', 'three']);
  });

  test('no line is wider than the width, and no character is lost', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 20 }), (whole, width) => {
        const lines = wrap(whole, width);
        const widest = Math.max(
          ...Array.from(new Intl.Segmenter().segment(whole), ({ segment }) =>
            displayWidth(segment),
          ),
          width,
        );
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(widest);
        expect(lines.join('').replaceAll(' ', '')).toBe(whole.replaceAll(' ', ''));
      }),
    );
  });
});

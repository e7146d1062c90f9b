import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sanitizeLines, sanitizeText } from '../../src/terminal/sanitize.ts';
import { anyText } from '../support/small-table.ts';

describe('sanitizeText', () => {
  test.each([
    ['nothing to do', 'Thandi Nkosi', 'Thandi Nkosi'],
    ['other scripts', 'Ayşe 王小明 नमस्ते محمد Ελένη', 'Ayşe 王小明 नमस्ते محمد Ελένη'],
    ['colour codes', '\u001b[31mred\u001b[0m', 'red'],
    ['colour codes of eight bits', '\u009b31mred\u009b0m', 'red'],
    ['cursor and modes', 'a\u001b[?25l\u001b[2Jb\u001b[ qc', 'abc'],
    ['a window title', '\u001b]0;owned\u0007name', 'name'],
    ['a title that ends by ST', '\u001b]0;owned\u001b\\name\u009d0;y\u009c!', 'name!'],
    ['a link', '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007', 'click'],
    ['other strings', 'a\u001bPq#0\u001b\\b\u001b_x\u009cc\u001b^y\u0007d\u001bXz\u009ce', 'abcde'],
    ['DCS of eight bits', 'a\u0090q#0\u009cb', 'ab'],
    ['sequences without an end', 'name\u001b[31', 'name'],
    ['a title without an end', 'name\u001b]0;owned', 'name'],
    ['a title without an end, of eight bits', 'name\u009d0;owned', 'name'],
    ['DCS without an end', 'name\u001bP1$qowned', 'name'],
    ['which goes no further than its line', 'a\u001b]0;owned\nb', 'a b'],
    ['two-character escapes', 'a\u001bcb\u001b(Bc\u001b#8d\u001b', 'abcd'],
    ['nested starts', '\u001b\u001b[31mred', 'red'],
    ['text of a wrong encoding', 'â\u0080\u009dhello', 'âhello'],
    ['backspace, DEL and NUL', 'a\bb\u007fc\0', 'abc'],
    ['line breaks and tabs', 'a\r\nb\tc\u2028d\u0085e', 'a b c d e'],
    ['bidi controls', '\u202eevil\u202c \u2066x\u2069 \u200f\u200e\u061c', 'evil x '],
    ['zero width', 'a\u200bb\u2060c\ufeffd\u00ade', 'abcde'],
    ['joiners and selectors with nothing to join', 'a\u200db\ufe0fc\u{e0041}', 'abc'],
    ['lone surrogates', 'a\ud83db\ude00', 'a\ufffdb\ufffd'],
    ['surrogates that removal would join', '\ud83d\u200b\ude00', '\ufffd\ufffd'],
  ])('%s', (_, dirty, clean) => {
    expect(sanitizeText(dirty)).toBe(clean);
  });

  test.each([
    '👩‍👩‍👧‍👦',
    '🧑🏽‍🤝‍🧑🏻',
    '🏳️‍🌈',
    '❤️',
    '1️⃣',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    'ශ්‍රී', // joiner
    'می‌خواهم', // non-joiner
    '葛\u{e0100}',
  ])('keeps the invisible parts of %s', (text) => {
    expect(sanitizeText(text)).toBe(text);
  });

  test('takes the top off towers of marks', () => {
    expect(sanitizeText(`Z${'\u0351'.repeat(5000)}!`)).toBe(`Z${'\u0351'.repeat(8)}!`);
  });

  test('leaves nothing that a terminal obeys', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(sanitizeText(text)).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Zl}\p{Zp}\u200b\ufeff]/u,
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('sanitizeLines', () => {
  test('keeps lines and tabs, and nothing else that sanitizeText removes', () => {
    expect(sanitizeLines('a\tb\r\nc\u001b[2J\rd\n\u202e')).toBe('a\tb\nc d\n');
  });

  test('a sequence without an end hides nothing of the lines after it', () => {
    expect(sanitizeLines('a\u001b]0;x\nb\nc\u0007\n')).toBe('a\nb\nc\n');
  });

  test('line by line, it is sanitizeText', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = text.replace(/[\t-\r\x85\u2028\u2029]/g, '');
        expect(sanitizeLines(line)).toBe(sanitizeText(line));
      }),
    );
  });
});

// What a terminal, or a reader, could be tricked with. Real scripts and emoji need some of the
// invisible characters, so joiners, variation selectors and tags stay where they have work to do.
const invisible = [
  '[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x9f]',
  '[\\xad\\u034f\\u061c\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f]',
  '[\\ufeff\\ufff9-\\ufffb]',
  '(?<![\\p{M}\\p{Script=Arabic}]|\\p{Extended_Pictographic}[\\u{1f3fb}-\\u{1f3ff}]?)[\\u200c\\u200d]',
  '[\\u200c\\u200d](?![\\p{L}\\p{M}\\p{Extended_Pictographic}])',
  '(?<![\\p{Emoji}\\p{Script=Han}])[\\ufe00-\\ufe0f\\u{e0100}-\\u{e01ef}]',
  '(?<!\\u{1f3f4}[\\u{e0020}-\\u{e007e}]{0,5})[\\u{e0000}-\\u{e007f}]',
  // Marks piled higher than any script needs would be drawn over the lines around them.
  '(?<=\\p{M}{8})\\p{M}',
].join('|');

const printable = /^[ -~]*$/;
const printableLines = /^[ -~\n\t]*$/;
const unsafe = new RegExp(`([\\t-\\r\\x85\\u2028\\u2029]+)|(\\p{Surrogate})|${invisible}`, 'gu');
const unsafeInLines = new RegExp(
  `\\r(?=\\n)|([\\v\\f\\r\\x85\\u2028\\u2029])|(\\p{Surrogate})|${invisible}`,
  'gu',
);

/**
 * Untrusted text for one line of a terminal. Line breaks and tabs become one space, which any
 * terminal can show and nobody mistakes for data; what is left of an escape sequence stays visible.
 */
export function sanitizeText(text: string): string {
  return printable.test(text) ? text : text.replace(unsafe, replacement);
}

/** Untrusted text of many lines, such as raw CSV, for a terminal: keeps \n and \t. */
export function sanitizeLines(text: string): string {
  return printableLines.test(text) ? text : text.replace(unsafeInLines, replacement);
}

function replacement(_found: string, space?: string, loneSurrogate?: string): string {
  if (space) return ' ';
  return loneSurrogate ? '\ufffd' : '';
}

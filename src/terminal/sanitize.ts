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

const plain = '[^\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]*';

/**
 * Whole escape sequences (ECMA-48): CSI, then strings such as OSC and DCS up to their end or, where
 * they have none, the end of the line. Text garbled by a wrong encoding holds stray C1 characters:
 * an 8-bit string without an end must also begin like one.
 */
function escapeSequences(payload: string): string {
  return [
    '(?:\\x1b\\[|\\x9b)[0-?]*[ -\\/]*[@-~]?',
    `(?:\\x1b[\\]PX^_]|[\\x90\\x98\\x9d-\\x9f])${payload}(?:[\\x07\\x9c]|\\x1b\\\\)`,
    `\\x1b[\\]PX^_]${plain}`,
    `\\x9d\\d+;${plain}`,
    `\\x90[\\d;]*[ -\\/]*[@-~]${plain}`,
    '\\x1b[ -\\/]*[0-~]?',
  ].join('|');
}

const ofOneLine = '[^\\x07\\x1b\\x90\\x98\\x9c-\\x9f]*';
const ofManyLines = '[^\\n\\x07\\x1b\\x90\\x98\\x9c-\\x9f]*';
const breaks = '([\\t-\\r\\x85\\u2028\\u2029]+)';
const breaksInLines = '\\r(?=\\n)|([\\v\\f\\r\\x85\\u2028\\u2029])';

const printable = /^[ -~]*$/;
const printableLines = /^[ -~\n\t]*$/;
// Made when they are needed: each takes a millisecond and a half.
let unsafe: RegExp | undefined;
let unsafeInLines: RegExp | undefined;

function unsafeText(sequences: string, lineBreaks: string): RegExp {
  return new RegExp(`${sequences}|${lineBreaks}|(\\p{Surrogate})|${invisible}`, 'gu');
}

/**
 * Untrusted text for one line of a terminal. Escape sequences go as a whole; line breaks and tabs
 * become one space, which any terminal can show and nobody mistakes for data.
 */
export function sanitizeText(text: string): string {
  if (printable.test(text)) return text;
  unsafe ??= unsafeText(escapeSequences(ofOneLine), breaks);
  return text.replace(unsafe, replacement);
}

/** Untrusted text of many lines, such as raw CSV, for a terminal: keeps \n and \t. */
export function sanitizeLines(text: string): string {
  if (printableLines.test(text)) return text;
  unsafeInLines ??= unsafeText(escapeSequences(ofManyLines), breaksInLines);
  return text.replace(unsafeInLines, replacement);
}

function replacement(_found: string, space?: string, loneSurrogate?: string): string {
  if (space) return ' ';
  return loneSurrogate ? '\ufffd' : '';
}

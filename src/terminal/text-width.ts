import stringWidth from 'string-width';
import { graphemesOf } from './graphemes.ts';

// Latin, Greek, Cyrillic and signs of ours: one column for each character, and no need to measure.
const narrow = /^[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0530…\ufffd]*$/;
// Chinese, Japanese and Korean: two columns for each character.
const wide = /^[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*$/;
const longText = 256;

/** How many columns of a terminal the text, free of escape sequences, takes up. */
export function displayWidth(text: string): number {
  if (text.length <= longText || narrow.test(text)) return widthOf(text);
  let width = 0;
  for (const [grapheme] of graphemesOf(text)) width += widthOf(grapheme);
  return width;
}

function widthOf(text: string): number {
  if (narrow.test(text)) return text.length;
  if (wide.test(text)) return text.length * 2;
  return stringWidth(text, { countAnsiEscapeCodes: true });
}

/** The text, or as much of it as fits `width` with the ellipsis behind it. */
export function truncate(text: string, width: number, ellipsis: string): string {
  if (width === Number.POSITIVE_INFINITY || cut(text, width) === text) return text;
  const room = width - displayWidth(ellipsis);
  return room < 0 ? cut(ellipsis, width) : cut(text, room).trimEnd() + ellipsis;
}

/** The text with spaces up to `width`; a wider text stays as it is. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + spaces : spaces + text;
}

/**
 * Words on as many lines as they need. A word wider than a line goes on in the next, or with `keep`
 * stays whole, since it is to be copied. The first line may have another width.
 */
export function wrap(
  text: string,
  width: number,
  longWords: 'break' | 'keep' = 'break',
  firstWidth = width,
): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  let used = 0;
  const room = () => (lines.length === 0 ? firstWidth : width);
  for (const word of text.split(' ')) {
    let wordWidth = displayWidth(word);
    if (line !== undefined && used + 1 + wordWidth <= room()) {
      line += ` ${word}`;
      used += 1 + wordWidth;
      continue;
    }
    if (line) lines.push(line);
    line = word;
    if (longWords === 'break' && wordWidth > room()) {
      const pieces = broken(word, room(), width);
      line = pieces.pop() ?? '';
      lines.push(...pieces);
      wordWidth = displayWidth(line);
    }
    used = wordWidth;
  }
  return [...lines, line ?? ''];
}

/** The pieces of a word that is wider than a line; in one go, whatever its length. */
function broken(word: string, firstWidth: number, width: number): string[] {
  const pieces: string[] = [];
  let start = 0;
  let used = 0;
  let room = firstWidth;
  for (const [grapheme, index] of graphemesOf(word)) {
    const columns = widthOf(grapheme);
    if (used + columns > room && index > start) {
      pieces.push(word.slice(start, index));
      start = index;
      used = 0;
      room = width;
    }
    used += columns;
  }
  pieces.push(word.slice(start));
  return pieces;
}

function cut(text: string, width: number): string {
  if (narrow.test(text)) return text.slice(0, width);
  let used = 0;
  for (const [grapheme, index] of graphemesOf(text)) {
    used += widthOf(grapheme);
    if (used > width) return text.slice(0, index);
  }
  return text;
}

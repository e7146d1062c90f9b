import stringWidth from 'string-width';

// Latin, Greek, Cyrillic and the ellipsis: one column for each character, and no need to measure.
const narrow = /^[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0530…]*$/;
const graphemes = new Intl.Segmenter();

/** How many columns of a terminal the text takes up. */
export function displayWidth(text: string): number {
  return narrow.test(text) ? text.length : stringWidth(text);
}

/** The text, or as much of it as fits `width` with the ellipsis behind it. */
export function truncate(text: string, width: number, ellipsis: string): string {
  if (displayWidth(text) <= width) return text;
  const room = width - displayWidth(ellipsis);
  return room < 0 ? cut(ellipsis, width) : cut(text, room).trimEnd() + ellipsis;
}

/** The text with spaces up to `width`; a wider text stays as it is. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const spaces = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'left' ? text + spaces : spaces + text;
}

/** Words on as many lines as they need; a word wider than a line is cut with the ellipsis. */
export function wrap(text: string, width: number, ellipsis: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(truncate(word, width, ellipsis));
  }
  return lines;
}

function cut(text: string, width: number): string {
  if (narrow.test(text)) return text.slice(0, width);
  let used = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += displayWidth(segment);
    if (used > width) return text.slice(0, index);
  }
  return text;
}

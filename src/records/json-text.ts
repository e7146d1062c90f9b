import type { Json } from '../table.ts';

/** JSON.parse that keeps the digits of long numbers, as text. Throws SyntaxError. */
export function parseJson(text: string): Json {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  return JSON.parse(mayHoldLongNumber(json) ? quoteLongNumbers(json) : json) as Json;
}

// A number of 16 digits or more (a Facebook id, say) would be rounded; as text it stays exact.
const stringOrLongNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/**
 * A cheap look first: nearly all long runs of digits are ids, inside strings. A run of 16 holds
 * one of every 16 characters.
 */
function mayHoldLongNumber(text: string): boolean {
  for (let at = 15; at < text.length; at += 16) {
    if (!isDigit(text, at)) continue;
    let start = at;
    while (isDigit(text, start - 1)) start -= 1;
    while (isDigit(text, at + 1)) at += 1;
    if (at - start >= 15 && isOutsideStrings(text, start)) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

/** Whether what begins there looks like a number: it may still stand in a string. */
function isOutsideStrings(text: string, start: number): boolean {
  let before = start - 1;
  while (' \n\r\t-'.includes(text.charAt(before)) && before > 0) before -= 1;
  return ':[,'.includes(text.charAt(before));
}

function quoteLongNumbers(text: string): string {
  return text.replace(stringOrLongNumber, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

/** The texts of the elements of the top-level `data` array of a JSON object known to be valid. */
export function elementsOfData(text: string): readonly string[] {
  let elements: readonly string[] = [];
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] === '"') {
    const keyEnd = endOfString(text, at);
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = endOfValue(text, start);
    // The last of several equal keys counts, as it does for JSON.parse.
    if (JSON.parse(text.slice(at, keyEnd)) === 'data') elements = elementsOf(text, start);
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return elements;
}

function elementsOf(text: string, array: number): readonly string[] {
  const elements: string[] = [];
  let at = skipSpace(text, array + 1);
  while (at < text.length && text[at] !== ']') {
    const end = endOfValue(text, at);
    elements.push(text.slice(at, end));
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return elements;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= 32) at += 1;
  return at;
}

function endOfString(text: string, open: number): number {
  let close = open;
  for (;;) {
    close = text.indexOf('"', close + 1);
    if (close === -1) return text.length;
    let slashes = 0;
    while (text[close - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return close + 1;
  }
}

function endOfValue(text: string, start: number): number {
  const first = text[start];
  if (first === '"') return endOfString(text, start);
  if (first !== '{' && first !== '[') {
    let at = start;
    while (at < text.length && !',]} \n\r\t'.includes(text.charAt(at))) at += 1;
    return at;
  }
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    at += 1;
    if (depth === 0) return at;
  }
  return at;
}

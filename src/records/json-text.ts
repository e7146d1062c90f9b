import type { Json } from '../table.ts';

/** JSON.parse that keeps the digits of long numbers, as text. Throws SyntaxError. */
export function parseJson(text: string): Json {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  return JSON.parse(mayHoldLongNumber(json) ? quoteLongNumbers(json) : json) as Json;
}

// A number of 16 digits or more (a Facebook id, say) would be rounded; as text it stays exact.
const quoteOrLongNumber = /"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

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
  let quoted = '';
  let from = 0;
  quoteOrLongNumber.lastIndex = 0;
  for (;;) {
    const found = quoteOrLongNumber.exec(text);
    if (found === null) return quoted + text.slice(from);
    const [token] = found;
    // No regex for a whole string survives one of many megabytes.
    if (token === '"') quoteOrLongNumber.lastIndex = afterString(text, found.index);
    else {
      quoted += `${text.slice(from, found.index)}"${token}"`;
      from = quoteOrLongNumber.lastIndex;
    }
  }
}

function afterString(text: string, open: number): number {
  for (let at = open + 1; ; ) {
    const close = text.indexOf('"', at);
    if (close < 0) return text.length;
    let slashes = 0;
    while (text[close - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return close + 1;
    at = close + 1;
  }
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;

/**
 * The texts of the elements of the top-level `data` array of a JSON object known to be valid, as
 * parts of its bytes, not copied.
 */
export function elementsOfData(bytes: Uint8Array): readonly Uint8Array[] {
  let elements: readonly Uint8Array[] = [];
  let at = skipSpace(bytes, bytes.indexOf(0x7b) + 1);
  while (bytes[at] === quote) {
    const keyEnd = endOfString(bytes, at);
    const start = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    const found: Uint8Array[] = [];
    const isData = JSON.parse(decode(bytes.subarray(at, keyEnd))) === 'data';
    const end = isData ? endOfArray(bytes, start, found) : endOfValue(bytes, start);
    // The last of several equal keys counts, as it does for JSON.parse.
    if (isData) elements = found;
    at = skipComma(bytes, end);
  }
  return elements;
}

/** UTF-8 as text. */
export function decode({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

/** Puts the elements into `found`. */
function endOfArray(bytes: Uint8Array, start: number, found: Uint8Array[]): number {
  if (bytes[start] !== 0x5b) return endOfValue(bytes, start);
  let at = skipSpace(bytes, start + 1);
  while (at < bytes.length && bytes[at] !== 0x5d) {
    const end = endOfValue(bytes, at);
    found.push(bytes.subarray(at, end));
    at = skipComma(bytes, end);
  }
  return at + 1;
}

function skipComma(bytes: Uint8Array, from: number): number {
  const at = skipSpace(bytes, from);
  return bytes[at] === comma ? skipSpace(bytes, at + 1) : at;
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && byte <= 0x20;
}

function endOfString(bytes: Uint8Array, open: number): number {
  const { length } = bytes;
  for (let at = open + 1; at < length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) return at + 1;
    if (byte === backslash) at += 1;
  }
  return length;
}

/** An object or a list ends where as many brackets are closed as were opened. */
function endOfValue(bytes: Uint8Array, start: number): number {
  const first = bytes[start];
  if (first === quote) return endOfString(bytes, start);
  if (first !== 0x7b && first !== 0x5b) return endOfWord(bytes, start);
  const { length } = bytes;
  let depth = 0;
  for (let at = start; at < length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) at = endOfString(bytes, at) - 1;
    else if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return length;
}

/** A number, true, false or null. */
function endOfWord(bytes: Uint8Array, start: number): number {
  const end = bytes.subarray(start).findIndex((byte) => isSpace(byte) || isDelimiter(byte));
  return end < 0 ? bytes.length : start + end;
}

function isDelimiter(byte: number): boolean {
  return byte === comma || byte === 0x5d || byte === 0x7d;
}

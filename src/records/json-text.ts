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

/** A part of a JSON text, in UTF-8, not copied. */
export interface JsonPart {
  readonly bytes: Uint8Array;
  /** Whether it can be written as it is: no space between its tokens, nothing that is not to be shown. */
  readonly isPlain: boolean;
}

/** The elements of the top-level `data` array of a JSON object known to be valid. */
export function elementsOfData(bytes: Uint8Array): readonly JsonPart[] {
  return new Cutter(bytes).elementsOfData();
}

/** UTF-8 as text. */
export function decode({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
}

/** Looks at each byte once: in an export of records as they came, that is a tenth of the time. */
class Cutter {
  readonly #bytes: Uint8Array;
  /** Of what was passed since it was set. */
  #isPlain = true;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  elementsOfData(): readonly JsonPart[] {
    const bytes = this.#bytes;
    let elements: readonly JsonPart[] = [];
    let at = this.#skipSpace(bytes.indexOf(0x7b) + 1);
    while (bytes[at] === quote) {
      const keyEnd = this.#endOfString(at);
      const start = this.#skipSpace(this.#skipSpace(keyEnd) + 1);
      const isData = JSON.parse(decode(bytes.subarray(at, keyEnd))) === 'data';
      const found: JsonPart[] = [];
      const end = isData ? this.#endOfArray(start, found) : this.#endOfValue(start);
      // The last of several equal keys counts, as it does for JSON.parse.
      if (isData) elements = found;
      at = this.#skipComma(end);
    }
    return elements;
  }

  /** Puts the elements into `found`. */
  #endOfArray(start: number, found: JsonPart[]): number {
    const bytes = this.#bytes;
    if (bytes[start] !== 0x5b) return this.#endOfValue(start);
    let at = this.#skipSpace(start + 1);
    while (at < bytes.length && bytes[at] !== 0x5d) {
      this.#isPlain = true;
      const end = this.#endOfValue(at);
      found.push({ bytes: bytes.subarray(at, end), isPlain: this.#isPlain });
      at = this.#skipComma(end);
    }
    return at + 1;
  }

  #skipComma(from: number): number {
    const at = this.#skipSpace(from);
    return this.#bytes[at] === comma ? this.#skipSpace(at + 1) : at;
  }

  #skipSpace(from: number): number {
    let at = from;
    while (isSpace(this.#bytes[at])) at += 1;
    return at;
  }

  #endOfString(open: number): number {
    const bytes = this.#bytes;
    const { length } = bytes;
    for (let at = open + 1; at < length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === quote) return at + 1;
      if (byte === backslash) {
        at += 1;
        if (mayEscapeHalf(bytes, at)) this.#isPlain = false;
      } else if (byte >= 0x7f && startsUnsafe(byte, bytes[at + 1])) this.#isPlain = false;
    }
    return length;
  }

  /** An object or a list ends where as many brackets are closed as were opened. */
  #endOfValue(start: number): number {
    const bytes = this.#bytes;
    const first = bytes[start];
    if (first === quote) return this.#endOfString(start);
    if (first !== 0x7b && first !== 0x5b) return this.#endOfWord(start);
    const { length } = bytes;
    let depth = 0;
    for (let at = start; at < length; at += 1) {
      const byte = bytes[at] as number;
      if (byte === quote) at = this.#endOfString(at) - 1;
      else if (byte === 0x7b || byte === 0x5b) depth += 1;
      else if (byte === 0x7d || byte === 0x5d) {
        depth -= 1;
        if (depth === 0) return at + 1;
      } else if (byte <= 0x20) this.#isPlain = false;
    }
    return length;
  }

  /** A number, true, false or null. */
  #endOfWord(start: number): number {
    const bytes = this.#bytes;
    const end = bytes.subarray(start).findIndex((byte) => isSpace(byte) || isDelimiter(byte));
    return end < 0 ? bytes.length : start + end;
  }
}

function isSpace(byte: number | undefined): boolean {
  return byte !== undefined && byte <= 0x20;
}

function isDelimiter(byte: number): boolean {
  return byte === comma || byte === 0x5d || byte === 0x7d;
}

/** Whether an escape may be of half a pair of surrogates, which many readers refuse. */
function mayEscapeHalf(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x75 && ((bytes[at + 1] as number) | 0x20) === 0x64;
}

/** Delete, C1 controls, bidi marks and line separators begin so; some others, too. */
function startsUnsafe(byte: number, next = 0): boolean {
  if (byte === 0xc2) return next < 0xa0;
  return byte === 0x7f || byte === 0xd8 || (byte === 0xe2 && next <= 0x81);
}

import { decode } from '../records/json-text.ts';

/** More levels than any contact has, and fewer than a server's stack holds. */
const deepest = 500;

/**
 * JSON text in UTF-8 as a jsonb value takes it: as it is, or where PostgreSQL would refuse it, as a
 * JSON string of that text. It refuses NUL, halves of characters, numbers beyond numeric, and deep
 * nesting.
 */
export function jsonbOf(json: Uint8Array): Uint8Array | string {
  // What is looked for is ASCII, which need not be decoded.
  const { buffer, byteOffset, byteLength } = json;
  const ascii = Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
  return isTaken(ascii) ? json : JSON.stringify(decode(json));
}

function isTaken(json: string): boolean {
  if (json.includes('\\u') && !hasWholeCharacters(json)) return false;
  if (mayHoldLargeNumber(json) && !hasSmallNumbers(json)) return false;
  return isShallow(json);
}

const escapes = /\\(?:u([0-9a-fA-F]{4})|.)/gs;

const largeExponent = /(?:^|[:,[\s-])\d+(?:\.\d+)?[eE][+-]?\d{3}/;
const longest = 1000;

/** A cheap look first; a run of so many digits holds one of every so many characters. */
function mayHoldLargeNumber(json: string): boolean {
  for (let at = longest - 1; at < json.length; at += longest) {
    if (isLongRun(json, at)) return true;
  }
  return largeExponent.test(json);
}

/** Whether so many characters of a number stand around this one. */
function isLongRun(json: string, at: number): boolean {
  let from = at;
  while (from >= 0 && at - from < longest && isOfNumber(json.charCodeAt(from))) from -= 1;
  let to = at + 1;
  while (to - from <= longest && isOfNumber(json.charCodeAt(to))) to += 1;
  return to - from > longest;
}

function isOfNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2e;
}

/** Whether no escape stands for NUL, and each half of a character has its other half. */
function hasWholeCharacters(json: string): boolean {
  let open = -1;
  for (const match of json.matchAll(escapes)) {
    const code = match[1] === undefined ? 0x20 : Number.parseInt(match[1], 16);
    const isLow = code >= 0xdc00 && code <= 0xdfff;
    const follows = open === match.index;
    if (code === 0 || isLow !== follows) return false;
    if (open !== -1 && !follows) return false;
    open = code >= 0xd800 && code <= 0xdbff ? match.index + match[0].length : -1;
  }
  return open === -1;
}

const quoteOrNumber = /"|-?\d[\d.]*(?:[eE][+-]?(\d+))?/g;

function hasSmallNumbers(json: string): boolean {
  quoteOrNumber.lastIndex = 0;
  for (let found = quoteOrNumber.exec(json); found !== null; found = quoteOrNumber.exec(json)) {
    const [token, exponent = '0'] = found;
    // No regex for a whole string survives one of many megabytes.
    if (token === '"') quoteOrNumber.lastIndex = endOfString(json, found.index) + 1;
    else if (token.length > longest || Number(exponent) > 1000) return false;
  }
  return true;
}

function isShallow(json: string): boolean {
  if (holdsFew('{', json) && holdsFew('[', json)) return true;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) at = endOfString(json, at);
    else if (code === brace || code === bracket) {
      depth += 1;
      if (depth > deepest) return false;
    } else if (code === brace + 2 || code === bracket + 2) depth -= 1;
  }
  return true;
}

/** Whether so few open that they can't be deep, wherever they stand. */
function holdsFew(bracket: '{' | '[', json: string): boolean {
  let count = 0;
  for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) count += 1;
  return count < deepest / 2;
}

const quote = 0x22;
const bracket = 0x5b;
const brace = 0x7b;

function endOfString(json: string, open: number): number {
  let close = json.indexOf('"', open + 1);
  while (close !== -1 && isEscaped(json, close)) close = json.indexOf('"', close + 1);
  return close === -1 ? json.length : close;
}

function isEscaped(json: string, at: number): boolean {
  let slashes = 0;
  while (json[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}

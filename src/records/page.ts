import type { Json } from '../table.ts';
import { at, type ServiceRecord } from './record.ts';

/** One page of the service's answer: its text, kept for the page log, and the contacts in it. */
export interface Page {
  readonly text: string;
  readonly contacts: readonly ServiceRecord[];
}

/** What was wrong with an answer that is not a page. */
export class UnusableAnswer extends Error {
  /** The JSON that came instead, if it was JSON at all. */
  readonly json: Json | undefined;

  constructor(message: string, json?: Json) {
    super(message);
    this.json = json;
  }
}

/** Reads `{"success":true,"data":[…]}`. Throws UnusableAnswer for anything else. */
export function readPage(text: string): Page {
  const answer = readAnswer(text);
  const data = at(answer, 'data');
  if (!Array.isArray(data))
    throw new UnusableAnswer('the answer holds no list of contacts', answer);
  return { text, contacts: contactsOf(data, text) };
}

/** Reads any answer of the service, and refuses one that says of itself that it failed. */
export function readAnswer(text: string): Json {
  const answer = parse(text);
  if (at(answer, 'success') === false) {
    throw new UnusableAnswer('the service reports a failure', answer);
  }
  return answer;
}

function parse(text: string): Json {
  const json = text.startsWith('\ufeff') ? text.slice(1) : text;
  try {
    return JSON.parse(mayHoldLongNumber(json) ? quoteLongNumbers(json) : json) as Json;
  } catch {
    throw new UnusableAnswer('the answer is not JSON');
  }
}

// A number of 16 digits or more (a Facebook id, say) would be rounded; as text it stays exact.
const stringOrLongNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** A cheap look first: nearly all long runs of digits are ids, inside strings. */
function mayHoldLongNumber(text: string): boolean {
  for (const { index } of text.matchAll(/\d{16,}/g)) {
    let before = index - 1;
    while (' \n\r\t-'.includes(text.charAt(before)) && before > 0) before -= 1;
    if (':[,'.includes(text.charAt(before))) return true;
  }
  return false;
}

function quoteLongNumbers(text: string): string {
  return text.replace(stringOrLongNumber, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}

function contactsOf(data: readonly Json[], text: string): readonly ServiceRecord[] {
  let texts: readonly string[] | undefined;
  const jsonAt = (index: number): string => {
    texts ??= elementsOfData(text);
    return texts[index] ?? JSON.stringify(data[index]);
  };
  const alike = new Map<string, number>();
  return data.map((record, index) => {
    const key = idOf(record) ?? standIn(jsonAt(index), alike);
    return new PageContact(key, record, index, jsonAt);
  });
}

/** Cuts its JSON text out of the page only when a format asks for it. */
class PageContact implements ServiceRecord {
  readonly key: string;
  readonly record: Json;
  readonly #index: number;
  readonly #jsonAt: (index: number) => string;

  constructor(key: string, record: Json, index: number, jsonAt: (index: number) => string) {
    this.key = key;
    this.record = record;
    this.#index = index;
    this.#jsonAt = jsonAt;
  }

  get json(): string {
    return this.#jsonAt(this.#index);
  }
}

function idOf(record: Json): string | undefined {
  const id = at(record, '_id');
  if (id === undefined || id === null || id === '') return undefined;
  if (typeof id === 'string') return id;
  try {
    return JSON.stringify(id);
  } catch {
    // Nested deeper than the stack.
    return undefined;
  }
}

/** Records without an id are told apart by their text; two alike on one page are two contacts. */
function standIn(json: string, alike: Map<string, number>): string {
  const count = (alike.get(json) ?? 0) + 1;
  alike.set(json, count);
  return `${count} ${json}`;
}

/** The texts of the elements of the top-level `data` array of a JSON object known to be valid. */
function elementsOfData(text: string): readonly string[] {
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

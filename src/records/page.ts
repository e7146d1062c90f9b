import type { Json } from '../table.ts';
import { decode, elementsOfData, type JsonPart, parseJson } from './json-text.ts';
import { at, type ServiceRecord } from './record.ts';

/** One page of the service's answer: its bytes, kept for the page log, and the records in it. */
export interface Page {
  readonly bytes: Uint8Array;
  readonly records: readonly ServiceRecord[];
}

/** What tells a record from others of its kind; undefined for one that has nothing of the sort. */
export type KeyOf = (value: Json) => string | undefined;

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
export function readPage(bytes: Uint8Array, keyOf: KeyOf): Page {
  const text = decode(bytes);
  const answer = readAnswer(text);
  const data = at(answer, 'data');
  if (!Array.isArray(data)) throw new UnusableAnswer('the answer holds no list', answer);
  return { bytes, records: recordsOf(data, text, bytes, keyOf) };
}

/** Reads any answer of the service, and refuses one that says of itself that it failed. */
export function readAnswer(text: string): Json {
  const answer = parse(text);
  if (isFailure(answer)) throw new UnusableAnswer('the service reports a failure', answer);
  return answer;
}

/** True for an answer that says of itself that it failed, whatever else it holds. */
export function isFailure(answer: Json): boolean {
  const saysSo = saysNo(at(answer, 'success')) || saysError(at(answer, 'status'));
  return saysSo || statusIn(answer) !== undefined || holdsError(at(answer, 'error'));
}

/** The HTTP status of a failure that an answer names in itself, e.g. `"code":"503"`. */
export function statusIn(answer: Json | undefined): number | undefined {
  for (const name of ['code', 'statusCode', 'status']) {
    const value = at(answer, name);
    const isNumeric = typeof value === 'number' || (typeof value === 'string' && value !== '');
    if (isNumeric && Number(value) >= 400) return Number(value);
  }
  return undefined;
}

function saysNo(success: Json | undefined): boolean {
  if (typeof success === 'string') return /^\s*(false|0|no)\s*$/i.test(success);
  return success === false || success === 0 || success === null;
}

function saysError(status: Json | undefined): boolean {
  return typeof status === 'string' && /^\s*(error|fail(ed|ure)?)\s*$/i.test(status);
}

/** What is empty, or denied, says that there was none. */
function holdsError(error: Json | undefined): boolean {
  if (typeof error === 'string') return !/^\s*(false|0|no|none|null)?\s*$/i.test(error);
  if (typeof error === 'object' && error !== null) return Object.keys(error).length > 0;
  return error === true || (typeof error === 'number' && error !== 0);
}

function parse(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    throw new UnusableAnswer('the answer is not JSON');
  }
}

function recordsOf(
  data: readonly Json[],
  text: string,
  bytes: Uint8Array,
  keyOf: KeyOf,
): readonly ServiceRecord[] {
  // What is no UTF-8 stands in the text as U+FFFD.
  const source = text.includes('\ufffd') ? Buffer.from(text) : bytes;
  let parts: readonly JsonPart[] | undefined;
  const partAt = (index: number): JsonPart => {
    parts ??= elementsOfData(source);
    const written = () => Buffer.from(JSON.stringify(data[index]));
    return parts[index] ?? { bytes: written(), isPlain: false };
  };
  const alike = new Map<string, number>();
  const keys = data.map(keyOf);
  let neighbour = keys.find((key) => key !== undefined);
  return data.map((record, index) => {
    const key = keys[index];
    neighbour = key ?? neighbour;
    // What says nothing of itself is told apart by the record it stands beside.
    const json = () => (isHollow(record) ? `${neighbour} ` : '') + decode(partAt(index).bytes);
    return new PageRecord(key ?? standIn(json(), alike), key === undefined, record, index, partAt);
  });
}

/** Null, a word, an empty object: many may be alike. */
function isHollow(record: Json): boolean {
  return typeof record !== 'object' || record === null || Object.keys(record).length === 0;
}

/** Cuts its JSON text out of the page only when a format asks for it. */
class PageRecord implements ServiceRecord {
  readonly key: string;
  readonly keyless: boolean;
  readonly record: Json;
  readonly #index: number;
  readonly #partAt: (index: number) => JsonPart;

  constructor(
    key: string,
    keyless: boolean,
    record: Json,
    index: number,
    partAt: (index: number) => JsonPart,
  ) {
    this.key = key;
    this.keyless = keyless;
    this.record = record;
    this.#index = index;
    this.#partAt = partAt;
  }

  get json(): string {
    return decode(this.jsonBytes);
  }

  get jsonBytes(): Uint8Array {
    return this.#partAt(this.#index).bytes;
  }

  get plainJson(): Uint8Array | undefined {
    const { bytes, isPlain } = this.#partAt(this.#index);
    return isPlain ? bytes : undefined;
  }
}

/** Records without a key are told apart by their text; two alike on one page are two. */
function standIn(json: string, alike: Map<string, number>): string {
  const count = (alike.get(json) ?? 0) + 1;
  alike.set(json, count);
  return `\u0002${count} ${json}`;
}

import type { Json } from '../table.ts';

/** One record as the service returned it; any part of it may be missing or of another type. */
export interface ServiceRecord {
  /** Tells one record from another: its id, or a stand-in for a record without one. */
  readonly key: string;
  /** True where the key is a stand-in: a record whose content changes looks like another one. */
  readonly keyless: boolean;
  readonly record: Json;
  /** The record's own JSON text, as it was sent; may span lines. */
  readonly json: string;
  /** The same in UTF-8, where it came so. */
  readonly jsonBytes?: Uint8Array | undefined;
  /** The same where it can be written as it is: in one line, without space between its tokens, printable. */
  readonly plainJson?: Uint8Array | undefined;
}

/** A record's text, not yet read. */
export type RecordText = Pick<ServiceRecord, 'key' | 'keyless' | 'json' | 'jsonBytes'>;

export function jsonBytesOf(record: RecordText): Uint8Array {
  return record.jsonBytes ?? Buffer.from(record.json);
}

/** The value at a path of own keys, e.g. `at(record, 'profile', 'userDetails')`; undefined when any step is missing. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    // The one own key of a list that no JSON text holds.
    if (key === 'length' && Array.isArray(here)) return undefined;
    here = (here as { readonly [key: string]: Json })[key];
  }
  return here;
}

/** Text by which it is compared where case and blanks around it do not matter. */
export function caseless(text: string): string {
  return text.normalize('NFC').trim().toLowerCase();
}

/** A value as text: strings and numbers as they are, '' for everything else. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

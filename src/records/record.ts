import { cellText, type Json } from '../table.ts';

/** One contact as the service returned it; any part of the record may be missing or of another type. */
export interface ServiceRecord {
  /** Tells one contact from another: its `_id`, or a stand-in for a record without one. */
  readonly key: string;
  readonly record: Json;
  /** The record's own JSON text, as it was sent; may span lines. */
  readonly json: string;
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

/** A value as text: strings and numbers as they are, '' for everything else. */
export function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : '';
}

/** The strings of a list; a lone string counts as a list of one, anything else as none. */
export function listOf(value: Json | undefined): readonly string[] {
  if (value === undefined || value === '') return [];
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  if (items.every((item) => typeof item === 'string' && item !== '')) return items as string[];
  return items.map((item) => textOf(nameOf(item))).filter((text) => text !== '');
}

const attributesByContact = new WeakMap<ServiceRecord, ReadonlyMap<string, string>>();

/**
 * A contact's custom attributes as text. They come as a list of `{key, value}`, and a key that
 * comes twice has its distinct values joined with `; `; an object is read as keys and values.
 */
export function attributesOf(contact: ServiceRecord): ReadonlyMap<string, string> {
  const known = attributesByContact.get(contact);
  if (known !== undefined) return known;
  const values = new Map<string, Set<string>>();
  for (const [key, value] of attributePairs(contact.record)) {
    const all = values.get(key) ?? new Set();
    values.set(key, value === '' ? all : all.add(value));
  }
  const attributes = new Map([...values].map(([key, all]) => [key, [...all].join('; ')]));
  attributesByContact.set(contact, attributes);
  return attributes;
}

function attributePairs(record: Json): (readonly [key: string, value: string])[] {
  const held = at(record, 'profile', 'userDetails', 'attributes');
  if (typeof held !== 'object' || held === null) return [];
  const pairs: (readonly [string, Json | undefined])[] = Array.isArray(held)
    ? held.map((item) => [textOf(at(item, 'key')), at(item, 'value')])
    : Object.entries(held);
  return pairs.filter(([key]) => key !== '').map(([key, value]) => [key, cellText(value ?? null)]);
}

/** Tags and segments are strings where seen; objects with a name are read too. */
function nameOf(item: Json | undefined): Json | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  return [at(item, 'name'), at(item, 'segmentName'), at(item, '_id')].find((it) => textOf(it));
}

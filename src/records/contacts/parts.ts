import { cellText, type Json } from '../../table.ts';
import { at, type ServiceRecord, textOf } from '../record.ts';

/** The names in a list of tags, segments or agents; a lone string counts as a list of one. */
export function namesOf(value: Json | undefined): readonly string[] {
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

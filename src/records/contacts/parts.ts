import { cellText, type Json } from '../../table.ts';
import { at, type ServiceRecord, textOf } from '../record.ts';

/** The names in a list of tags, segments or agents; a lone string counts as a list of one. */
export function namesOf(value: Json | undefined): readonly string[] {
  if (value === undefined || value === '') return [];
  const items: readonly Json[] = Array.isArray(value) ? value : [value];
  if (items.every((item) => typeof item === 'string' && item !== '')) return items as string[];
  return items.map((item) => textOf(nameOf(item))).filter((text) => text !== '');
}

type Attributes = ReadonlyMap<string, string>;

/** Columns of the same contact are read one after the other. */
let last: { readonly of: ServiceRecord; readonly attributes: Attributes } | undefined;

/**
 * A contact's custom attributes as text. They come as a list of `{key, value}`, and a key that
 * comes twice has its distinct values joined with `; `; an object is read as keys and values.
 */
export function attributesOf(contact: ServiceRecord): Attributes {
  if (last?.of !== contact) last = { of: contact, attributes: readAttributes(contact.record) };
  return last.attributes;
}

function readAttributes(record: Json): Attributes {
  const held = at(record, 'profile', 'userDetails', 'attributes');
  const attributes = new Map<string, string>();
  if (typeof held !== 'object' || held === null) return attributes;
  if (!Array.isArray(held)) {
    for (const [key, value] of Object.entries(held)) {
      if (key !== '') attributes.set(key, cellText(value));
    }
    return attributes;
  }
  const repeated = new Map<string, Set<string>>();
  for (const item of held as readonly Json[]) {
    const key = textOf(at(item, 'key'));
    if (key === '') continue;
    const value = cellText(at(item, 'value') ?? null);
    const before = attributes.get(key);
    if (!before) attributes.set(key, value);
    else if (value !== '') {
      const values = (repeated.get(key) ?? new Set([before])).add(value);
      repeated.set(key, values);
      attributes.set(key, [...values].join('; '));
    }
  }
  return attributes;
}

/** Tags and segments are strings where seen; objects with a name are read too. */
function nameOf(item: Json | undefined): Json | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  return [at(item, 'name'), at(item, 'segmentName'), at(item, '_id')].find((it) => textOf(it));
}

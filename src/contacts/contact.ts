import type { Json } from '../table.ts';

/** One contact as the service returned it; any part of the record may be missing or of another type. */
export interface Contact {
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
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) => textOf(nameOf(item))).filter((text) => text !== '');
}

/** Tags and segments are strings where seen; objects with a name are read too. */
function nameOf(item: Json | undefined): Json | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  return at(item, 'name') ?? at(item, 'segmentName') ?? at(item, '_id');
}

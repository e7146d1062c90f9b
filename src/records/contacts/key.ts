import type { Json } from '../../table.ts';
import { at } from '../record.ts';

/**
 * What tells one contact from another: the text of its `_id`; an id of another JSON type is its JSON
 * after U+0001, so that `12` and `"12"` are two. Undefined for a contact without one.
 */
export function contactKey(contact: Json): string | undefined {
  const id = at(contact, '_id');
  const text = textOfId(id);
  if (text !== undefined) return text;
  if (id === undefined || id === null || id === '') return undefined;
  try {
    return `\u0001${JSON.stringify(id)}`;
  } catch {
    // Nested deeper than the stack.
    return undefined;
  }
}

/** `{"$oid":"…"}` is how a database's own export writes the same id. */
function textOfId(id: Json | undefined): string | undefined {
  const inner = at(id, '$oid');
  const text = inner !== undefined && Object.keys(id as object).length === 1 ? inner : id;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

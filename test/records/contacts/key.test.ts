import { expect, test } from 'vitest';
import { contactKey } from '../../../src/records/contacts/key.ts';
import type { Json } from '../../../src/table.ts';

test.each<[Json, string | undefined]>([
  [{ _id: 'a' }, 'a'],
  [{ _id: '12' }, '12'],
  [{ _id: 12 }, '\u000112'],
  [{ _id: 0 }, '\u00010'],
  [{ _id: false }, '\u0001false'],
  [{ _id: ['a'] }, '\u0001["a"]'],
  [{ _id: { $oid: 'a' } }, 'a'],
  [{ _id: { $oid: 'a', more: 1 } }, '\u0001{"$oid":"a","more":1}'],
  [{ _id: { $oid: 7 } }, '\u0001{"$oid":7}'],
  [{ _id: '' }, undefined],
  [{ _id: null }, undefined],
  [{}, undefined],
  [null, undefined],
  ['_id', undefined],
  [JSON.parse('{"__proto__":{"_id":"a"}}'), undefined],
])('%j is told from others by %j', (contact, key) => {
  expect(contactKey(contact)).toBe(key);
});

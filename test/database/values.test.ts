import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { idIn, rowOf } from '../../src/database/values.ts';
import type { RecordColumn } from '../../src/records/columns.ts';
import type { Cell, ColumnKind } from '../../src/table.ts';

function stored(kind: ColumnKind, cell: Cell) {
  const column: RecordColumn = { name: 'x', field: 'x', kind, read: () => cell };
  const contact = { key: 'a', keyless: false, record: {}, json: '{}' };
  return rowOf(contact, [column], ({ json }) => json)[1];
}

test('a time is stored where it exists, on whatever day, else nothing is', () => {
  const days = ['2026-01-28', '2024-02-29', '2026-12-31', '1000-01-01', '0001-01-01', '9999-12-31'];
  const none = ['2026-02-29', '2026-04-31', '2026-00-10', '2026-13-10', '2026-10-00', '0000-01-01'];
  const times = ['T00:00:00.000Z', 'T23:59:59.999Z'];
  for (const time of times) {
    for (const day of days) expect(stored('time', day + time)).toBe(day + time);
    for (const day of none) expect(stored('time', day + time)).toBeNull();
  }
  for (const time of ['T24:00:00.000Z', 'T10:60:00.000Z', 'T10:00:60.000Z', 'T10:00:00Z', '']) {
    expect(stored('time', `2026-01-10${time}`)).toBeNull();
  }
});

test('ids with other halves of characters are other ids, and those of before stay', () => {
  const id = (key: string) => idIn({ key, keyless: false });
  expect(new Set(['a\ud800', 'a\ud801', 'a\ufffd', 'a\0', 'a'].map(id)).size).toBe(5);
  expect(id('a\0')).toBe(`\u0003${createHash('sha256').update('a\0').digest('hex')}`);
});

test('names in a list are clean text', () => {
  expect(stored('list', ['a\\u0000', 'Zo\u00eb "\u{1f600}"', 'b\0\ud800'])).toBe(
    JSON.stringify(['a\\u0000', 'Zo\u00eb "\u{1f600}"', 'b\ufffd\ufffd']),
  );
});

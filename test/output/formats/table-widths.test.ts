import { expect, test } from 'vitest';
import { shareRoom } from '../../../src/output/formats/table-widths.ts';
import type { ColumnKind } from '../../../src/table.ts';

const wishes = (...given: [ColumnKind, number][]) =>
  given.map(([kind, width]) => ({ kind, width }));

test.each([
  ['all fit', wishes(['id', 24], ['text', 10]), 36, [24, 10]],
  ['the widest gives first', wishes(['text', 30], ['text', 10]), 32, [20, 10]],
  ['then all alike', wishes(['text', 30], ['list', 12]), 22, [10, 10]],
  ['ids, phones and times give last', wishes(['id', 24], ['text', 30]), 36, [24, 10]],
  ['not before texts are at 8', wishes(['phone', 13], ['text', 30]), 20, [10, 8]],
  ['narrow columns give nothing', wishes(['text', 4], ['text', 30]), 20, [4, 14]],
  ['below 8 when there is no other way', wishes(['id', 24], ['text', 30]), 12, [5, 5]],
  ['below 3 never: columns go', wishes(['id', 24], ['text', 30], ['text', 9]), 10, [4, 4]],
  ['one column always stays', wishes(['id', 24], ['text', 30]), 2, [2]],
  ['no limit', wishes(['id', 24], ['text', 3000]), Number.POSITIVE_INFINITY, [24, 3000]],
])('%s', (_, given, room, widths) => {
  expect(shareRoom(given, room)).toEqual(widths);
});

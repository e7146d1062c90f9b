import { expect, test } from 'vitest';
import { shareRoom } from '../../../src/output/formats/table-widths.ts';
import type { ColumnKind } from '../../../src/table.ts';

const wishes = (...given: [ColumnKind, number][]) =>
  given.map(([kind, width]) => ({ kind, width }));

test.each([
  ['all fit', wishes(['id', 24], ['text', 10]), 36, [24, 10]],
  ['the widest gives first', wishes(['text', 30], ['text', 10]), 32, [20, 10]],
  ['then all alike', wishes(['text', 30], ['list', 12]), 22, [10, 10]],
  ['ids, phones and times give nothing', wishes(['id', 24], ['text', 30]), 36, [24, 10]],
  ['unless they are longer than an id', wishes(['phone', 90], ['text', 30]), 40, [24, 14]],
  ['narrow columns give nothing', wishes(['text', 4], ['text', 30]), 20, [4, 14]],
  ['nothing goes below 8: columns go', wishes(['text', 30], ['list', 30]), 17, [17]],
  ['from the right', wishes(['id', 24], ['text', 30], ['text', 4]), 38, [24, 12]],
  ['even where a later one would fit', wishes(['text', 9], ['id', 24], ['text', 4]), 20, [9]],
  ['one column always stays', wishes(['id', 24], ['text', 30]), 2, [2]],
  ['no limit', wishes(['id', 24], ['text', 3000]), Number.POSITIVE_INFINITY, [24, 3000]],
])('%s', (_, given, room, widths) => {
  expect(shareRoom(given, room)).toEqual(widths);
});

import { expect, test } from 'vitest';
import { shareRoom } from '../../../src/output/formats/table-widths.ts';
import type { ColumnKind } from '../../../src/table.ts';

const columns = (...given: [ColumnKind, number][]) =>
  given.map(([kind, width]) => ({ kind, width }));

test.each([
  ['all fit', columns(['id', 24], ['text', 10]), 36, [24, 10]],
  ['the widest gives first', columns(['text', 30], ['text', 10]), 32, [20, 10]],
  ['then all alike', columns(['text', 30], ['list', 12]), 22, [10, 10]],
  ['ids, phones and times give nothing', columns(['id', 24], ['text', 30]), 36, [24, 10]],
  ['unless they are longer than an id', columns(['phone', 90], ['text', 30]), 40, [24, 14]],
  ['narrow columns give nothing', columns(['text', 4], ['text', 30]), 20, [4, 14]],
  ['nothing goes below 8: columns go', columns(['text', 30], ['list', 30]), 17, [17]],
  ['from the right', columns(['id', 24], ['text', 30], ['text', 4]), 38, [24, 12]],
  ['even where a later one would fit', columns(['text', 9], ['id', 24], ['text', 4]), 20, [9]],
  ['one column always stays', columns(['id', 24], ['text', 30]), 2, [2]],
  ['no limit', columns(['id', 24], ['text', 3000]), Number.POSITIVE_INFINITY, [24, 3000]],
])('%s', (_, given, room, widths) => {
  expect(shareRoom(given, room)).toEqual(widths);
});

test('a column to be kept whole gives nothing, whatever its width', () => {
  const status = { kind: 'text', width: 20, keepWhole: true } as const;
  const name = { kind: 'text', width: 30 } as const;
  expect(shareRoom([name, status], 40)).toEqual([18, 20]);
  expect(shareRoom([name, status], 29)).toEqual([29]);
  expect(shareRoom([status], 12)).toEqual([12]);
});

test('a column goes before it says too little', () => {
  const email = { kind: 'text', width: 30, enough: 20 } as const;
  const name = { kind: 'text', width: 30, enough: 16 } as const;
  expect(shareRoom([name, email], 38)).toEqual([16, 20]);
  expect(shareRoom([name, email], 37)).toEqual([30]);
  expect(shareRoom([{ ...name, width: 5 }, email], 27)).toEqual([5, 20]);
});

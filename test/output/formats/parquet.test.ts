import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { parquet } from '../../../src/output/formats/parquet.ts';
import type { Column, Table } from '../../../src/table.ts';
import {
  anyText,
  bytesOf,
  options,
  rowOf,
  tableOf,
  textColumns,
} from '../../support/small-table.ts';

const columns: Column[] = [
  { name: 'id', kind: 'id' },
  { name: 'phone', kind: 'phone' },
  { name: 'tags', kind: 'list' },
  { name: 'unread', kind: 'number' },
  { name: 'online', kind: 'boolean' },
  { name: 'created_at', kind: 'time' },
  { name: '.a.b', kind: 'json' },
];

const time = '2026-11-12T06:30:15.123Z';
const rows = [
  rowOf('66e07', '+27821234567', ['vip', 'a, b'], 3, true, time, { a: 1 }),
  rowOf('12345678901234567890', '082', [], -1.5, false, 'long ago', 'text'),
  rowOf(null, null, null, null, null, null, null),
];

async function write(table: Table, rowGroupSize?: number): Promise<ArrayBuffer> {
  const bytes = await bytesOf(parquet(table, options, rowGroupSize));
  return new Uint8Array(bytes).buffer;
}

test('types, as other readers see them', async () => {
  const { schema } = parquetMetadata(await write(tableOf(columns, [rows])));
  const types = schema.map(({ name, type, logical_type }) => [name, type, logical_type?.type]);
  expect(types).toEqual([
    ['root', undefined, undefined],
    ['id', 'BYTE_ARRAY', 'STRING'],
    ['phone', 'BYTE_ARRAY', 'STRING'],
    ['tags', undefined, 'LIST'],
    ['list', undefined, undefined],
    ['element', 'BYTE_ARRAY', 'STRING'],
    ['unread', 'DOUBLE', undefined],
    ['online', 'BOOLEAN', undefined],
    ['created_at', 'INT64', 'TIMESTAMP'],
    ['.a.b', 'BYTE_ARRAY', 'STRING'],
  ]);
  expect(schema.find(({ name }) => name === 'created_at')).toMatchObject({
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { isAdjustedToUTC: true, unit: 'MILLIS' },
    repetition_type: 'OPTIONAL',
  });
});

test('values; a time that cannot be read is null', async () => {
  const [first, second, third] = await parquetReadObjects({
    file: await write(tableOf(columns, [rows])),
  });
  expect(first).toEqual({
    id: '66e07',
    phone: '+27821234567',
    tags: ['vip', 'a, b'],
    unread: 3,
    online: true,
    created_at: new Date(time),
    '.a.b': '{"a":1}',
  });
  expect(second).toEqual({
    id: '12345678901234567890',
    phone: '082',
    tags: [],
    unread: -1.5,
    online: false,
    created_at: null,
    '.a.b': 'text',
  });
  expect(Object.values(third ?? {}).every((value) => (value ?? null) === null)).toBe(true);
});

test('no rows: the columns alone', async () => {
  const file = await write(tableOf(columns, []));
  expect(parquetMetadata(file)).toMatchObject({ num_rows: 0n, row_groups: [] });
  expect(await parquetReadObjects({ file })).toEqual([]);
});

test('a group is written when it is full, whatever the pages', async () => {
  const many = Array.from({ length: 25 }, (_, i) => rowOf(`n${i}`));
  const pages = [many.slice(0, 7), many.slice(7, 9), [], many.slice(9)];
  const chunks = [];
  for await (const chunk of parquet(tableOf(textColumns('x'), pages), options, 10)) {
    chunks.push(chunk);
  }
  expect(chunks).toHaveLength(4);
  const file = new Uint8Array(Buffer.concat(chunks)).buffer;
  expect(parquetMetadata(file).row_groups.map(({ num_rows }) => num_rows)).toEqual([10n, 10n, 5n]);
  const read = await parquetReadObjects({ file });
  expect(read.map(({ x }) => x)).toEqual(many.map(({ cells }) => cells[0]));
});

test('whatever the cells hold, it comes back', async () => {
  const grids = fc.array(
    fc.tuple(
      anyText,
      fc.array(anyText),
      fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    ),
    {
      minLength: 1,
    },
  );
  const kinds: Column[] = [
    { name: 'b', kind: 'list' },
    { name: 'c', kind: 'number' },
  ];
  await fc.assert(
    fc.asyncProperty(grids, async (grid) => {
      const table = tableOf(kinds, [grid.map(([a, b, c]) => rowOf([a, ...b], c))]);
      const read = await parquetReadObjects({ file: await write(table, 7) });
      // The reader takes a leading \ufeff for a byte order mark.
      const whole = (text: string) =>
        text.replace(/\p{Surrogate}/gu, '\ufffd').replace(/^\ufeff/, '');
      expect(read.map(({ b, c }) => [b, c])).toEqual(
        grid.map(([a, b, c]) => [[a, ...b].map(whole), c]),
      );
    }),
    { numRuns: 200 },
  );
});

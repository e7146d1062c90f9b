import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { type Cell, type Column, type ColumnKind, cellText, type Table } from '../../table.ts';
import type { FormatOptions } from '../format.ts';
import { replaceControls } from './control-characters.ts';
import { epochMs } from './epoch-ms.ts';

/** Rows that are held in memory; always this many, so that pages never change the bytes. */
const groupRows = 5_000;

/** Apache Parquet: typed columns, all of them nullable, snappy. */
export async function* parquet(
  { columns, pages }: Table,
  _options?: FormatOptions,
  rowGroupSize = groupRows,
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({ writer: bytes, schema: schemaOf(columns) });
  let rows: (readonly Cell[])[] = [];

  const writeGroup = () => {
    const columnData = columns.map(({ name, kind }, i) => ({
      name: replaceControls(name),
      data: rows.map((cells) => typedValue(cells[i] ?? null, kind)),
    }));
    file.write({ columnData, rowGroupSize });
    rows = [];
    return take(bytes);
  };

  for await (const page of pages) {
    for (const { cells } of page) {
      rows.push(cells);
      if (rows.length === rowGroupSize) yield writeGroup();
    }
  }
  if (rows.length > 0) yield writeGroup();
  file.finish();
  yield take(bytes);
}

/** What was written since the last time, as a copy: the writer goes on in the same buffer. */
function take(bytes: ByteWriter): Uint8Array {
  const chunk = bytes.getBytes().slice();
  bytes.index = 0;
  return chunk;
}

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  return [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)];
}

function elementsOf({ name, kind }: Column): SchemaElement[] {
  const nullable = { name: replaceControls(name), repetition_type: 'OPTIONAL' } as const;
  if (kind === 'boolean') return [{ ...nullable, type: 'BOOLEAN' }];
  if (kind === 'number') return [{ ...nullable, type: 'DOUBLE' }];
  if (kind === 'time') {
    const logical = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } as const;
    const converted = { converted_type: 'TIMESTAMP_MILLIS', logical_type: logical } as const;
    return [{ ...nullable, type: 'INT64', ...converted }];
  }
  if (kind !== 'list') return [{ ...nullable, ...utf8 }];
  return [
    { ...nullable, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
    { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
    { name: 'element', repetition_type: 'OPTIONAL', ...utf8 },
  ];
}

const utf8 = {
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  logical_type: { type: 'STRING' },
} as const;

/** What does not fit its column's type is null: a time that cannot be read stays in raw formats. */
function typedValue(cell: Cell, kind: ColumnKind) {
  if (cell === null) return null;
  if (kind === 'boolean') return typeof cell === 'boolean' ? cell : null;
  if (kind === 'number') return typeof cell === 'number' ? cell : null;
  if (kind === 'time') {
    const ms = epochMs(cell);
    return ms === undefined ? null : new Date(ms);
  }
  if (kind !== 'list') return cellText(cell);
  return (Array.isArray(cell) ? cell : [cell]).map(cellText);
}

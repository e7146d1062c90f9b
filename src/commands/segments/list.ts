import { listSegments } from '../../api/directory.ts';
import type { Context } from '../../context.ts';
import { timeOf } from '../../records/dates.ts';
import { at } from '../../records/record.ts';
import { type ListNamedOptions, listNamed, type NamedColumn } from '../list-named.ts';

const columns: readonly NamedColumn[] = [
  { name: 'id', kind: 'id', read: ({ id }) => id },
  { name: 'name', kind: 'text', read: ({ name = null }) => name },
  { name: 'created_at', kind: 'time', read: ({ record }) => timeOf(at(record, 'createdAt')) },
];

/** Shows the ids and names that --segment takes. */
export async function run(options: ListNamedOptions, context: Context): Promise<void> {
  await listNamed({ things: 'segments', columns, list: listSegments }, options, context);
}

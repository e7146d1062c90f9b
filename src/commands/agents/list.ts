import { listAgents } from '../../api/directory.ts';
import type { Context } from '../../context.ts';
import { at, textOf } from '../../records/record.ts';
import { type ListNamedOptions, listNamed, type NamedColumn } from '../list-named.ts';

const columns: readonly NamedColumn[] = [
  { name: 'id', kind: 'id', read: ({ id }) => id },
  { name: 'name', kind: 'text', read: ({ name = null }) => name },
  held('email', 'contact', 'email'),
  held('type', 'type'),
  held('status', 'status'),
];

/** Shows the ids and names that --agent takes. */
export async function run(options: ListNamedOptions, context: Context): Promise<void> {
  await listNamed({ things: 'agents', columns, list: listAgents }, options, context);
}

function held(name: string, ...path: readonly string[]): NamedColumn {
  return { name, kind: 'text', read: ({ record }) => textOf(at(record, ...path)) || null };
}

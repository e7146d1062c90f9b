import type { Listed } from '../../api/directory.ts';
import { listingFlags } from '../../cli/listing-flags.ts';
import { verb } from '../../cli/verb.ts';
import type { ItemColumn } from '../../output/item-table.ts';
import { at, textOf } from '../../records/record.ts';

const columns: readonly ItemColumn<Listed>[] = [
  { name: 'id', kind: 'id', read: ({ id }) => id },
  { name: 'name', kind: 'text', read: ({ name = null }) => name },
  held('email', 'contact', 'email'),
  held('type', 'type'),
  held('status', 'status'),
];

export const list = verb({
  name: 'list',
  summary: 'show ids and names, for --agent',
  flags: listingFlags(columns),
  examples: [
    'reekolect agents list',
    'reekolect agents list --format json',
    'reekolect contacts list --agent "Nomsa Adams"',
  ],
  async run(options, session) {
    const { listDirectory } = await import('../../cli/listing.ts');
    const { listAgents } = await import('../../api/directory.ts');
    await listDirectory('agents', columns, listAgents, options, session);
  },
});

function held(name: string, ...path: readonly string[]): ItemColumn<Listed> {
  return { name, kind: 'text', read: ({ record }) => textOf(at(record, ...path)) || null };
}

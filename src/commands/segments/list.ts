import type { Listed } from '../../api/directory.ts';
import { listingFlags } from '../../cli/listing-flags.ts';
import { verb } from '../../cli/verb.ts';
import type { ItemColumn } from '../../output/item-table.ts';
import { at } from '../../records/record.ts';
import { timeOf } from '../../records/times.ts';

const columns: readonly ItemColumn<Listed>[] = [
  { name: 'id', kind: 'id', read: ({ id }) => id },
  { name: 'name', kind: 'text', read: ({ name = null }) => name },
  { name: 'created_at', kind: 'time', read: ({ record }) => timeOf(at(record, 'createdAt')) },
];

export const list = verb({
  name: 'list',
  summary: 'show ids and names, for --segment',
  flags: listingFlags(columns),
  examples: [
    'reekolect segments list',
    'reekolect segments list --columns name --no-header',
    'reekolect contacts list --segment "VIP Cape Town"',
  ],
  async run(options, session) {
    const { listDirectory } = await import('../../cli/listing.ts');
    const { listSegments } = await import('../../api/directory.ts');
    await listDirectory('segments', columns, listSegments, options, session);
  },
});

import { type Command, Option } from 'commander';
import type { Perform } from '../cli/action.ts';
import { addExamples } from '../cli/examples.ts';
import { addOutputFlags, addZoneFlag, ownColumns } from '../cli/flags.ts';

/** Declares `segments` and its verbs. */
export function declareSegments(segments: Command, perform: Perform): void {
  const list = segments.command('list').description('ids and names for --segment');
  addZoneFlag(addOutputFlags(list, ownColumns('columns to show, of id,name,created_at')))
    .addOption(new Option('--no-truncate', 'show values in full, however wide the terminal'))
    .action(perform(() => import('./segments/list.ts')));
  addExamples(list, [
    'reekolect segments list',
    'reekolect segments list --columns name --no-header',
    'reekolect contacts list --segment "VIP Cape Town"',
  ]);
}

import { type Command, Option } from 'commander';
import type { Perform } from '../cli/action.ts';
import { addExamples } from '../cli/examples.ts';
import { addOutputFlags, addZoneFlag, ownColumns } from '../cli/flags.ts';

/** Declares `agents` and its verbs. */
export function declareAgents(agents: Command, perform: Perform): void {
  const list = agents.command('list').description('ids and names for --agent');
  addZoneFlag(addOutputFlags(list, ownColumns('columns to show, of id,name,email,type,status')))
    .addOption(new Option('--no-truncate', 'show values in full, however wide the terminal'))
    .action(perform(() => import('./agents/list.ts')));
  addExamples(list, [
    'reekolect agents list',
    'reekolect agents list --format json',
    'reekolect contacts list --agent "Nomsa Adams"',
  ]);
}

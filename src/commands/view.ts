import { type Command, Option } from 'commander';
import type { Perform } from '../cli/action.ts';
import { addExamples } from '../cli/examples.ts';
import { addFilterFlags } from '../cli/flags.ts';

/** Declares `view` and its verbs. */
export function declareView(view: Command, perform: Perform): void {
  addExamples(view, [
    'reekolect view save vip --tag vip --online',
    'reekolect contacts list --view vip',
  ]);
  const save = view
    .command('save')
    .argument('<name>', 'letters, digits, . _ - and @')
    .description('store filters under a name; relative dates stay relative');
  addFilterFlags(save)
    .addOption(new Option('--force', 'replace the view of this name').default(false))
    .action(perform(() => import('./view/save.ts')));
  addExamples(save, [
    'reekolect view save vip --tag vip --online',
    'reekolect view save new-this-week --created-after 7d --status OPEN',
    'reekolect view save vip-za --view vip --search +27',
  ]);
  const list = view
    .command('list')
    .description('show all views')
    .addOption(new Option('--format <name>', 'how to show them').choices(['table', 'tsv', 'json']))
    .action(perform(() => import('./view/list.ts')));
  addExamples(list, ['reekolect view list', 'reekolect view list --format json']);
  const show = view
    .command('show')
    .argument('<name>', 'a view')
    .description('print a view as a command line to paste')
    .addOption(
      new Option('--format <name>', 'a command line, or the filters as json')
        .choices(['text', 'json'])
        .default('text'),
    )
    .action(perform(() => import('./view/show.ts')));
  addExamples(show, ['reekolect view show vip', 'reekolect view show vip --format json']);
  const remove = view
    .command('delete')
    .argument('<name>', 'a view')
    .description('forget a view')
    .action(perform(() => import('./view/delete.ts')));
  addExamples(remove, ['reekolect view delete vip', 'reekolect view list']);
}

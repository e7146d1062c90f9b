import { type Command, Option } from 'commander';
import type { Perform } from '../cli/action.ts';
import { addExamples } from '../cli/examples.ts';

/** Declares `jobs` and its verbs. */
export function declareJobs(jobs: Command, perform: Perform): void {
  addExamples(jobs, ['reekolect jobs list', 'reekolect jobs reset nightly']);
  const list = jobs
    .command('list')
    .description('show all jobs, their marks and last runs')
    .addOption(new Option('--format <name>', 'how to show them').choices(['table', 'tsv', 'json']))
    .action(perform(() => import('./jobs/list.ts')));
  addExamples(list, ['reekolect jobs list', 'reekolect jobs list --format json']);
  const reset = jobs
    .command('reset')
    .argument('<job>', 'its name, as shown by jobs list')
    .description('forget how far a job has come: its next run exports everything')
    .action(perform(() => import('./jobs/reset.ts')));
  addExamples(reset, ['reekolect jobs reset nightly', 'reekolect jobs list']);
}

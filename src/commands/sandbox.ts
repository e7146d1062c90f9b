import { type Command, Option } from 'commander';
import type { Perform } from '../cli/action.ts';
import { addExamples } from '../cli/examples.ts';
import { countingFrom } from '../cli/flags.ts';

/** Declares `sandbox`. */
export function declareSandbox(program: Command, perform: Perform): void {
  const sandbox = program
    .command('sandbox')
    .description('run the embedded stand-in of the service, for trying things and for tests')
    .addOption(
      new Option('--port <n>', 'listen here (default: any free port)').argParser(countingFrom(0)),
    )
    .addOption(
      new Option('--contacts <n>', 'how many people').argParser(countingFrom(0)).default(240),
    )
    .addOption(
      new Option('--page-size <n>', 'contacts on a page').argParser(countingFrom(1)).default(50),
    )
    .addOption(
      new Option('--latency <ms>', 'answer this much later').argParser(countingFrom(0)).default(0),
    )
    .addOption(new Option('--seed <n>', 'other people').argParser(countingFrom(0)).default(1))
    .addOption(
      new Option(
        '--fault <kind>',
        'misbehave, e.g. 429@3, cut@last, hang@2x1, rate=5, inserts=10',
      ).argParser((text: string, before: readonly string[] = []) => [...before, text]),
    )
    .action(perform(() => import('./sandbox/serve.ts')));
  addExamples(sandbox, [
    'reekolect sandbox',
    'reekolect sandbox --port 8080 --contacts 5000 --latency 200',
    'reekolect sandbox --fault 429@3 --fault inserts=10',
  ]);
}

import { type Command, Option } from 'commander';
import type { Perform } from '../cli/action.ts';
import { addExamples } from '../cli/examples.ts';

/** Declares `doctor`. It works whatever the store holds, to say what is wrong there. */
export function declareDoctor(program: Command, perform: Perform): void {
  const doctor = program
    .command('doctor')
    .description('check settings, token, host, proxy, clock: what works, and what to do')
    .addOption(
      new Option('--format <name>', 'lines for people, or one JSON array')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText(
      'after',
      `
Sends one request for a page of contacts. Exit 0: all is well, warnings aside;
else the exit code of the first check that failed: 2, 4, 5, 6 or 7.`,
    )
    .action(
      perform(async () => {
        const [{ examine }, { wrongInStore }] = await Promise.all([
          import('./doctor/examine.ts'),
          import('./config/wrong.ts'),
        ]);
        return {
          run: (options, context) =>
            examine(options, context, (settings) => wrongInStore(program, settings, context.env)),
        };
      }, 'sound'),
    );
  addExamples(doctor, [
    'reekolect doctor',
    'reekolect doctor --profile work',
    'reekolect doctor --format json | jq -r \'.[] | select(.state == "failed").hint\'',
  ]);
}

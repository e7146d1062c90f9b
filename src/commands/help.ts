import type { Command } from 'commander';
import { addExamples } from '../cli/examples.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';

export const topicNames = ['environment', 'exit-codes', 'filters', 'formats', 'cron'] as const;
export type TopicName = (typeof topicNames)[number];

/** Declares `help`, for commands and for topics. */
export function declareHelp(program: Command, { stdout }: Context): void {
  const help = program
    .command('help')
    .description(`help on a command or a topic: ${topicNames.join(', ')}`)
    .argument('[words...]', 'a command, or a topic')
    .action(async (words: readonly string[]) => {
      const topic = topicNames.find((name) => words.length === 1 && name === words[0]);
      if (topic === undefined) {
        (await findCommand(program, words)).outputHelp();
        return;
      }
      const { topics } = await import('../cli/help/topics.ts');
      stdout.write(`${topics[topic]}\n`);
    });
  addExamples(help, ['reekolect help contacts export', 'reekolect help cron']);
  program.addHelpText('after', `\nTopics: reekolect help ${topicNames.join('|')}`);
  addExamples(program, [
    'reekolect contacts list --profile sandbox     # try it without an account',
    'reekolect auth login',
    'reekolect contacts export --tag vip -o vip.csv',
  ]);
}

async function findCommand(program: Command, words: readonly string[]): Promise<Command> {
  let here = program;
  for (const word of words) {
    const next = here.commands.find((command) => command.name() === word);
    if (next === undefined) {
      const { guess } = await import('../cli/near.ts');
      const verbs = here.createHelp().visibleCommands(here);
      const known = [
        ...verbs.map((command) => command.name()),
        ...(here === program ? topicNames : []),
      ];
      throw usageError(
        `there is no help on "${words.join(' ')}"`,
        guess(word, known) ?? `there is on: ${known.join(', ')}`,
        'unknown-command',
      );
    }
    here = next;
  }
  return here;
}

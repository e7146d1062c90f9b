import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { addExamples } from './examples.ts';

const topicNames = 'environment, exit-codes, filters, formats, cron';

/** Declares `help`, for commands and for topics. */
export function declareHelp(program: Command, { stdout }: Context): void {
  const help = program
    .command('help')
    .description(`help on a command or a topic: ${topicNames}`)
    .argument('[words...]', 'a command, or a topic')
    .action(async (words: readonly string[]) => {
      const { topics } = await import('./help/topics.ts');
      const [word] = words;
      if (words.length === 1 && word !== undefined && Object.hasOwn(topics, word)) {
        stdout.write(`${topics[word]}\n`);
        return;
      }
      (await findCommand(program, words, Object.keys(topics))).outputHelp();
    });
  addExamples(help, ['reekolect help contacts export', 'reekolect help cron']);
  program.addHelpText('after', `\nTopics: reekolect help ${topicNames.replaceAll(', ', '|')}`);
  addExamples(program, [
    'reekolect contacts list --profile sandbox     # try it without an account',
    'reekolect auth login',
    'reekolect contacts export --tag vip -o vip.csv',
  ]);
}

async function findCommand(
  program: Command,
  words: readonly string[],
  topics: readonly string[],
): Promise<Command> {
  let here = program;
  for (const word of words) {
    const next = here.commands.find((command) => command.name() === word);
    if (next === undefined) {
      const { guess } = await import('./near.ts');
      const verbs = here.createHelp().visibleCommands(here);
      const known = [
        ...verbs.map((command) => command.name()),
        ...(here === program ? topics : []),
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

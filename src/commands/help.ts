import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';

/** Declares `help`, for commands and for topics. */
export function declareHelp(program: Command, { stdout }: Context): void {
  program
    .command('help')
    .description('help on a command or a topic: environment, exit-codes, filters, formats, cron')
    .argument('[words...]', 'a command, or a topic')
    .action(async (words: readonly string[]) => {
      const { topics } = await import('./help/topics.ts');
      const [word] = words;
      if (words.length === 1 && word !== undefined && Object.hasOwn(topics, word)) {
        stdout.write(`${topics[word]}\n`);
        return;
      }
      findCommand(program, words, Object.keys(topics)).outputHelp();
    });
}

function findCommand(
  program: Command,
  words: readonly string[],
  topics: readonly string[],
): Command {
  let here = program;
  for (const word of words) {
    const next = here.commands.find((command) => command.name() === word);
    if (next === undefined) {
      const names = here.commands.map((command) => command.name());
      throw usageError(
        `there is no help on "${words.join(' ')}"`,
        `there is on: ${[...names, ...(here === program ? topics : [])].join(', ')}`,
        'unknown-command',
      );
    }
    here = next;
  }
  return here;
}

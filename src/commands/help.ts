import type { Command } from 'commander';
import { topicNames } from '../cli/help/topic-names.ts';
import { childrenOf } from '../cli/help/tree.ts';
import { verb } from '../cli/verb.ts';
import { usageError } from '../errors.ts';
import { didYouMean } from '../suggest.ts';

export const help = verb({
  name: 'help',
  summary: 'show how to use a command, or more on a topic',
  args: [{ name: '[words...]', help: 'a command, or a topic' }],
  flags: {},
  examples: ['reekolect help contacts export', 'reekolect help cron'],
  settings: 'lenient',
  async run(_options, { context }, words, program) {
    const topic = topicNames.find((name) => words.length === 1 && name === words[0]);
    // sync is a verb and a topic: how to use it, then more on it.
    if (topic === undefined || verbNamed(program, topic) !== undefined) {
      findCommand(program, words).outputHelp();
      if (topic === undefined) return;
      context.stdout.write('\n');
    }
    const [{ topicText }, { helpWidth }] = await Promise.all([
      import('../cli/help/topics.ts'),
      import('../cli/help/rows.ts'),
    ]);
    context.stdout.write(`${topicText(topic, helpWidth(context.stdout.columns))}\n`);
  },
});

function findCommand(program: Command, words: readonly string[]): Command {
  let here = program;
  for (const word of words) {
    const next = named(here, word) ?? (words.length === 1 ? verbNamed(program, word) : undefined);
    if (next === undefined) {
      const topics = here === program ? topicNames : [];
      const known = [...childrenOf(here).map((command) => command.name()), ...topics];
      throw usageError(
        `there is no help on "${words.join(' ')}"`,
        didYouMean(word, known) ?? `there is on: ${known.join(', ')}`,
        'unknown-command',
      );
    }
    here = next;
  }
  return here;
}

function named(command: Command, word: string): Command | undefined {
  return command.commands.find((each) => each.name() === word || each.aliases().includes(word));
}

/** `help export` is about `contacts export`: the first noun that has the verb. */
function verbNamed(program: Command, word: string): Command | undefined {
  return childrenOf(program).flatMap((noun) => named(noun, word) ?? [])[0];
}

import type { Command } from 'commander';
import { topicNames } from '../cli/help/topic-names.ts';
import { verb } from '../cli/verb.ts';
import { usageError } from '../errors.ts';
import { didYouMean } from '../suggest.ts';

export const help = verb({
  name: 'help',
  summary: `help on a command or a topic: ${topicNames.join(', ')}`,
  args: [{ name: '[words...]', help: 'a command, or a topic' }],
  flags: {},
  examples: ['reekolect help contacts export', 'reekolect help cron'],
  settings: 'lenient',
  async run(_options, { context }, words, program) {
    const topic = topicNames.find((name) => words.length === 1 && name === words[0]);
    if (topic === undefined) {
      findCommand(program, words).outputHelp();
      return;
    }
    const { topics } = await import('../cli/help/topics.ts');
    context.stdout.write(`${topics[topic]}\n`);
  },
});

function findCommand(program: Command, words: readonly string[]): Command {
  let here = program;
  for (const word of words) {
    const verbs = here.createHelp().visibleCommands(here);
    const next = here.commands.find((command) => command.name() === word);
    if (next === undefined) {
      const topics = here === program ? topicNames : [];
      const known = [...verbs.map((command) => command.name()), ...topics];
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

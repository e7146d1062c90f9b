import { Argument, type Command } from 'commander';
import type { Perform } from '../cli/action.ts';
import { addExamples } from '../cli/examples.ts';
import type { Context } from '../context.ts';

const setup = {
  bash: ['~/.bashrc', 'eval "$(reekolect completion bash)"'],
  zsh: ['~/.zshrc, behind compinit', 'eval "$(reekolect completion zsh)"'],
  fish: ['~/.config/fish/config.fish', 'reekolect completion fish | source'],
} as const;

/** Declares `completion`, and the hidden command that its scripts ask at every Tab. */
export function declareCompletion(program: Command, perform: Perform, context: Context): void {
  const lines = Object.entries(setup).map(
    ([shell, [file, line]]) => `  ${shell.padEnd(4)}  ${line.padEnd(40)} # in ${file}`,
  );
  const completion = program
    .command('completion')
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(setup)))
    .description('print the script that makes Tab complete commands, flags and values')
    .addHelpText('after', `\nOne line in your shell's own file:\n${lines.join('\n')}`)
    .action(perform(() => import('../cli/completion/script.ts'), 'sound'));
  addExamples(completion, [
    'eval "$(reekolect completion bash)"',
    'reekolect completion fish | source',
  ]);
  program
    .command('__complete', { hidden: true })
    .argument('<shell>')
    .argument('[words...]')
    // Not performed like the others: Tab waits for it, and it needs no setting.
    .action(async (shell: string, words: readonly string[]) => {
      const { answerShell } = await import('../cli/completion/answer.ts');
      await answerShell(program, context, shell, words);
    });
}

import type { Command } from 'commander';
import { sharedWith } from '../cli/action.ts';
import { answerShell } from '../cli/completion/answer.ts';
import { completionScripts } from '../cli/completion/scripts.ts';
import { type Verb, verb } from '../cli/verb.ts';

/** Run once, in the shell, for good. */
const setup = {
  bash: `echo 'eval "$(reekolect completion bash)"' >> ~/.bashrc`,
  zsh: `echo 'eval "$(reekolect completion zsh)"' >> ~/.zshrc`,
  fish: 'reekolect completion fish > ~/.config/fish/completions/reekolect.fish',
} as const;

const lines = Object.entries(setup).map(([shell, line]) => `  ${shell.padEnd(4)}  ${line}`);

export const completion = verb({
  name: 'completion',
  summary: 'let Tab complete commands, flags and values',
  args: [{ name: '<shell>', help: 'your shell', choices: Object.keys(setup) }],
  flags: {},
  more: `For good, in shells that are opened from then on:\n${lines.join('\n')}`,
  examples: ['eval "$(reekolect completion bash)"', 'reekolect completion fish | source'],
  settings: 'lenient',
  async run(_options, { context }, [shell = '']) {
    context.stdout.write(completionScripts[shell as keyof typeof completionScripts]);
  },
});

/** The hidden command that the scripts ask at every Tab. */
export const complete: Verb = {
  name: '__complete',
  declare(program: Command): Command {
    return (
      program
        .command('__complete', { hidden: true })
        .argument('<shell>')
        .argument('[words...]')
        // Not run like the others: Tab waits for it, and it needs no setting.
        .action((shell: string, words: readonly string[]) =>
          answerShell(program, sharedWith(program).context, shell, words),
        )
    );
  },
};

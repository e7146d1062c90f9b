import type { Command } from 'commander';

const examples = new WeakMap<Command, readonly string[]>();

/** Ends a command's help with command lines to copy. */
export function addExamples(command: Command, lines: readonly string[]): Command {
  examples.set(command, lines);
  return command.addHelpText(
    'after',
    `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`,
  );
}

export function examplesOf(command: Command): readonly string[] {
  return examples.get(command) ?? [];
}

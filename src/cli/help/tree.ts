import type { Command, Option } from 'commander';
import { examplesOf } from '../examples.ts';
import { wordsOf } from '../stored-option.ts';

/** A command as its help tells of it, for the man page and tests. */
export interface CommandFacts {
  /** `contacts list`; '' for the program itself. */
  readonly name: string;
  /** True for a word such as `contacts` that only leads to others. */
  readonly isGroup: boolean;
  readonly description: string;
  /** What follows the name, e.g. `[options] <key>`. */
  readonly usage: string;
  readonly flags: readonly FlagFacts[];
  readonly examples: readonly string[];
}

export interface FlagFacts {
  readonly group: string;
  /** `-o, --output <file>`. */
  readonly term: string;
  readonly about: string;
}

/** The program and every command that help shows, in its order. */
export function commandsOf(program: Command): readonly CommandFacts[] {
  // The help that commander adds below every group is nobody's news.
  const below = program
    .createHelp()
    .visibleCommands(program)
    .filter((command) => program.commands.includes(command));
  return [factsOf(program), ...below.flatMap((command) => commandsOf(command))];
}

function factsOf(command: Command): CommandFacts {
  const help = command.createHelp();
  const flags = help.visibleOptions(command).filter((option) => option.long !== '--help');
  const usage = command.usage();
  return {
    name: wordsOf(command).join(' '),
    isGroup: command.commands.length > 0,
    description: command.description(),
    usage: (flags.length > 0 ? usage : usage.replace('[options]', '')).trim(),
    flags: flags.map((option) => ({
      group: groupOf(option),
      term: help.optionTerm(option),
      about: help.optionDescription(option),
    })),
    examples: examplesOf(command),
  };
}

function groupOf({ helpGroupHeading }: Option): string {
  return (helpGroupHeading ?? 'Options:').replace(/:$/, '');
}

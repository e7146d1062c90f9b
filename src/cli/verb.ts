import { Argument, type Command } from 'commander';
import { type Runnable, sharedWith } from './action.ts';
import type { Flags } from './flag.ts';
import { addNotes } from './help/notes.ts';

export interface ArgumentFacts {
  /** `<name>`, `[words...]`. */
  readonly name: string;
  readonly help: string;
  readonly choices?: readonly string[];
}

interface VerbFacts<Declared extends Flags> extends Runnable<Declared> {
  readonly name: string;
  readonly alias?: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  readonly args?: readonly ArgumentFacts[];
  readonly examples: readonly string[];
  /** The flags that most people need, the first ones in its help. */
  readonly common?: readonly (keyof Declared)[];
  /** What else its help has to say. */
  readonly more?: string;
}

/** A command that does something: it puts itself below a noun, or below the program. */
export interface Verb {
  readonly name: string;
  readonly declare: (parent: Command) => Command;
}

/** A verb whose body gets what its flags declare, checked by the compiler. */
export function verb<Declared extends Flags>(facts: VerbFacts<Declared>): Verb {
  return {
    name: facts.name,
    declare(parent) {
      const command = parent.command(facts.name).description(facts.summary);
      if (facts.alias !== undefined) command.alias(facts.alias);
      for (const { name, help, choices } of facts.args ?? []) {
        const argument = new Argument(name, help);
        command.addArgument(choices === undefined ? argument : argument.choices(choices));
      }
      for (const flag of Object.values(facts.flags)) flag.declareOn(command);
      const { examples, more, common = [] } = facts;
      addNotes(command, {
        examples,
        more,
        common: common.flatMap((name) => facts.flags[name]?.options[0]?.long ?? []),
      });
      return command.action(() => sharedWith(command).bridge(facts, command));
    },
  };
}

/** Commands under one word, such as `contacts`. */
export interface Noun {
  readonly examples: readonly string[];
  readonly verbs: readonly Verb[];
}

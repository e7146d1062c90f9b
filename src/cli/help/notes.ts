import type { Command } from 'commander';

/** What the help of a command says beyond what commander knows of it. */
export interface Notes {
  /** Command lines to copy. */
  readonly examples: readonly string[];
  /** The flags that most people need, by their long names: they come first. */
  readonly common?: readonly string[];
  /** What else there is to say, in paragraphs. */
  readonly more?: string | undefined;
}

const notes = new WeakMap<Command, Notes>();

export function addNotes(command: Command, said: Notes): Command {
  notes.set(command, said);
  return command;
}

export function notesOn(command: Command): Notes {
  return notes.get(command) ?? { examples: [] };
}

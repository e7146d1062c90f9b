import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Session } from '../session.ts';

export interface StoredFacts {
  /** Environment variables that go before the store, the strongest first. */
  readonly variables?: readonly string[];
  /** Throws for a value that the flag's own parser cannot judge. Imports what it needs on demand. */
  readonly check?: (value: never) => Promise<unknown>;
  /** Beside one of these flags, by their attributes, a stored default counts for nothing. */
  readonly yieldsTo?: readonly string[];
  /** What is in force where nothing is stored, if it is no default of the flag's own. */
  readonly inForce?: (session: Session) => string;
  /** Stored for its command alone: what other commands do must not change this one. */
  readonly alone?: boolean;
}

/** A flag whose default may stand in the settings file. */
export class StoredOption extends Option {
  readonly facts: StoredFacts;

  constructor(flags: string, description: string, facts: StoredFacts = {}) {
    super(flags, description);
    this.facts = facts;
  }

  /** Its name in the settings: `timeout`, and `color` for --no-color. */
  get key(): string {
    return this.negate ? this.name().replace(/^no-/, '') : this.name();
  }

  /** What the flag would make of this text. Throws like the flag's parser. */
  parse(text: string): unknown {
    if (this.isBoolean() || this.negate) return parseBoolean(text);
    return this.parseArg === undefined ? text : this.parseArg<unknown>(text, undefined);
  }

  /** What `config set` accepts, where that is a short list. */
  get values(): readonly string[] | undefined {
    return this.isBoolean() || this.negate ? ['true', 'false'] : this.argChoices;
  }
}

/** The words that lead to a command, the program's name left out. */
export function wordsOf(command: Command): readonly string[] {
  return command.parent === null ? [] : [...wordsOf(command.parent), command.name()];
}

/** A command, then the commands that it stands below. */
export function withParents(command: Command): readonly Command[] {
  return command.parent === null ? [command] : [command, ...withParents(command.parent)];
}

export function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

export interface OwnedOption {
  readonly owner: Command;
  readonly option: StoredOption;
}

/** Every flag of a tree whose default may be stored, the global ones first. */
export function storedOptionsUnder(command: Command): readonly OwnedOption[] {
  const own = command.options.filter((option) => option instanceof StoredOption);
  return [
    ...own.map((option) => ({ owner: command, option })),
    ...command.commands.flatMap((child) => storedOptionsUnder(child)),
  ];
}

function parseBoolean(text: string): boolean {
  if (/^(true|yes|on|1)$/i.test(text.trim())) return true;
  if (/^(false|no|off|0)$/i.test(text.trim())) return false;
  throw new InvalidArgumentError('expected true or false');
}

import { type Command, InvalidArgumentError, Option } from 'commander';

export interface SettingFacts {
  /** Environment variables that go before the store, the strongest first. */
  readonly variables?: readonly string[];
  /** Throws for a value that the flag's own parser cannot judge. Imports what it needs on demand. */
  // biome-ignore lint/suspicious/noExplicitAny: what comes in is what the flag's parser made
  readonly check?: (value: any) => Promise<unknown>;
  /** Beside this flag, by its attribute, a stored default counts for nothing. */
  readonly yieldsTo?: string;
  /** Stored for its command alone: what other commands do must not change this one. */
  readonly alone?: boolean;
}

/** A flag whose default may stand in the store. */
export class Setting extends Option {
  readonly facts: SettingFacts;

  constructor(flags: string, description: string, facts: SettingFacts = {}) {
    super(flags, description);
    this.facts = facts;
  }

  /** Its name in the store: `timeout`, and `color` for --no-color. */
  get key(): string {
    return this.negate ? this.name().replace(/^no-/, '') : this.name();
  }

  /** Makes of text what the flag would. Throws like the flag's parser. */
  read(text: string): unknown {
    if (this.isBoolean() || this.negate) return readBoolean(text);
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
export function lineOf(command: Command): readonly Command[] {
  return command.parent === null ? [command] : [command, ...lineOf(command.parent)];
}

export function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

export interface OwnedSetting {
  readonly owner: Command;
  readonly setting: Setting;
}

/** Every flag of a tree whose default may be stored, the global ones first. */
export function settingsUnder(command: Command): readonly OwnedSetting[] {
  const own = command.options.filter((option) => option instanceof Setting);
  return [
    ...own.map((setting) => ({ owner: command, setting })),
    ...command.commands.flatMap((child) => settingsUnder(child)),
  ];
}

function readBoolean(text: string): boolean {
  if (/^(true|yes|on|1)$/i.test(text.trim())) return true;
  if (/^(false|no|off|0)$/i.test(text.trim())) return false;
  throw new InvalidArgumentError('Expected true or false.');
}

import { type Command, Option } from 'commander';
import { type ExplainedError, usageError } from '../errors.ts';
import { type StoredFacts, StoredOption } from './stored-option.ts';

/** A flag as it is declared, and the type of what a command's body gets for it. */
export class Flag<T> {
  /** One, or two where no has a flag of its own. */
  readonly options: readonly Option[];

  constructor(...options: readonly Option[]) {
    this.options = options;
  }

  /** Puts the flag on a command. */
  declareOn(command: Command): void {
    let typed: Option | undefined;
    for (const option of this.options) {
      command.addOption(option);
      if (this.options.length === 1) continue;
      command.on(`option:${option.name()}`, () => {
        if (typed !== undefined && typed !== option) throw contradiction(typed, option);
        typed = option;
      });
    }
  }

  /** The flag's value on this command, a parent's flag included. */
  read(command: Command): T {
    const values = command.optsWithGlobals();
    const [option, opposite] = this.options.map((each) => each.attributeName());
    // An opposite such as --contacts-only has a value of its own.
    if (opposite !== option && values[opposite ?? ''] === true) return false as T;
    return values[option ?? ''] as T;
  }
}

function contradiction(one: Option, other: Option): ExplainedError {
  return usageError(`${one.long} and ${other.long} contradict each other`, 'leave one of them out');
}

export interface Flags {
  readonly [name: string]: Flag<unknown>;
}

/** What a command's body gets for its flags. */
export type OptionsOf<Declared extends Flags> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Flag<infer T> ? T : never;
};

export function readOptions<Declared extends Flags>(
  flags: Declared,
  command: Command,
): OptionsOf<Declared> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, flag.read(command)]),
  ) as OptionsOf<Declared>;
}

/** What a flag that was typed implies; a stored default implies nothing. */
export class ImpliedFlag<T> extends Flag<T | undefined> {
  readonly #attribute: string;

  constructor(attribute: string) {
    super();
    this.#attribute = attribute;
  }

  override read(command: Command): T | undefined {
    return command.optsWithGlobals()[this.#attribute];
  }
}

interface Facts {
  /** Under which heading the help shows it. */
  readonly group?: string;
  /** Present where a default may be stored. */
  readonly stored?: StoredFacts;
  readonly hidden?: boolean;
  /** Flags that it can't stand beside, by their attributes. */
  readonly conflicts?: readonly string[];
  /** What ImpliedFlags read, by their attributes. */
  readonly implies?: { readonly [attribute: string]: unknown };
}

/**
 * On when it is given; a flag that begins with --no- is on until it is. Where a default may be
 * stored, the opposite goes before it: --header, --no-quiet.
 */
export function switchFlag(flags: string, help: string, facts: Facts = {}): Flag<boolean> {
  const option = optionOf(flags, help, facts);
  if (!option.negate) option.default(false);
  if (facts.stored === undefined) return new Flag(option);
  return new Flag(option, new Option(oppositeOf(option), `not ${option.long}`).hideHelp());
}

function oppositeOf({ negate, long = '' }: Option): string {
  return negate ? long.replace('--no-', '--') : long.replace('--', '--no-');
}

/** Yes, no, or nothing said. */
export function yesNoFlag(
  flag: string,
  help: string,
  opposite: { readonly flag: string; readonly help: string },
  facts: Facts = {},
): Flag<boolean | undefined> {
  const yes = optionOf(flag, help, facts);
  const no = optionOf(opposite.flag, opposite.help, facts).default(undefined);
  return new Flag(yes, no);
}

interface ValueFacts<T> extends Facts {
  /** Makes a value of the text; `before` is what earlier uses of the flag made. */
  readonly parse?: (text: string, before: T | undefined) => T;
  readonly choices?: readonly (string & T)[];
}

export function valueFlag<T = string>(
  flags: string,
  help: string,
  facts: ValueFacts<T> & { readonly otherwise: T },
): Flag<T>;
export function valueFlag<T = string>(
  flags: string,
  help: string,
  facts?: ValueFacts<T>,
): Flag<T | undefined>;
export function valueFlag<T>(
  flags: string,
  help: string,
  facts: ValueFacts<T> & { readonly otherwise?: T } = {},
): Flag<T> {
  const { parse, choices, otherwise } = facts;
  const option = optionOf(flags, help, facts);
  if (option.short || parse !== undefined) {
    option.argParser<T>((text, before) => {
      if (option.short && text.startsWith('=')) throw equalsSign(option, text.slice(1));
      return parse === undefined ? (text as T) : parse(text, before);
    });
  }
  if (choices !== undefined) option.choices(choices);
  if (otherwise !== undefined) option.default(otherwise);
  return new Flag(option);
}

/** `-o=x.csv` would be taken for a file called `=x.csv`. */
function equalsSign({ short, long }: Option, value: string): ExplainedError {
  return usageError(
    `${short}=${value}: a short flag takes no =`,
    `write ${short} ${value}, or ${long}=${value}`,
  );
}

function optionOf(flags: string, help: string, facts: Facts): Option {
  const { group, stored, hidden = false, conflicts = [], implies } = facts;
  const option = stored ? new StoredOption(flags, help, stored) : new Option(flags, help);
  if (group !== undefined) option.helpGroup(group);
  if (implies !== undefined) option.implies(implies);
  return option.conflicts([...conflicts]).hideHelp(hidden);
}

import type { Command, Option } from 'commander';
import { withParents } from '../stored-option.ts';

export interface Candidate {
  /** The whole word that it would make. */
  readonly value: string;
  readonly about?: string | undefined;
  /** True where more of the same word is to follow. */
  readonly open?: boolean;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** The shell is to offer files. */
  readonly files: boolean;
}

/** What a place on the command line may hold. */
export interface Values {
  readonly ofOption: (option: Option, command: Command) => Promise<Offer>;
  readonly ofArgument: (command: Command, before: readonly string[]) => Promise<Offer>;
}

export interface Offer {
  readonly candidates: readonly Candidate[];
  /** Several may stand in one word, behind commas. */
  readonly isList?: boolean;
  /** Each of these may have a name of its own in front: `HEADER=`. */
  readonly named?: boolean;
  readonly files?: boolean;
}

/** What may stand in the place of the last word. */
export async function candidatesFor(
  program: Command,
  words: readonly string[],
  values: Values,
): Promise<Completion> {
  const word = words.at(-1) ?? '';
  const place = placeOf(program, words.slice(0, -1));
  const { command, awaited, used } = place;
  if (awaited !== undefined && !(awaited.optional && word.startsWith('-'))) {
    return shaped(await values.ofOption(awaited, command), '', word);
  }
  const [flag, ...rest] = word.split('=');
  if (flag?.startsWith('--') && rest.length > 0) {
    const option = findOption(command, flag);
    if (option === undefined || !takesValue(option)) return none;
    return shaped(await values.ofOption(option, command), `${flag}=`, rest.join('='));
  }
  if (word.startsWith('-')) return { candidates: flagsOf(command, used), files: false };
  const verbs = visible(command).map((verb) => ({ value: verb.name(), about: verb.description() }));
  if (verbs.length > 0 && place.operands.length === 0) return { candidates: verbs, files: false };
  return shaped(await values.ofArgument(command, place.operands), '', word);
}

const none: Completion = { candidates: [], files: false };

/** Puts an offer into the word: behind `--flag=`, and behind the last comma of a list. */
function shaped(offer: Offer, before: string, typed: string): Completion {
  const { isList = false, named = false, files = false } = offer;
  const begin = Math.max(typed.lastIndexOf(','), named ? typed.lastIndexOf('=') : -1);
  const done = isList ? typed.slice(0, begin + 1) : '';
  const taken = new Set(done.split(','));
  const candidates = offer.candidates
    .filter(({ value }) => !taken.has(value))
    .map((candidate) => ({
      ...candidate,
      value: `${before}${done}${isList ? candidate.value.replaceAll(',', '\\,') : candidate.value}`,
    }));
  return { candidates, files };
}

export interface Place {
  readonly command: Command;
  readonly operands: readonly string[];
  /** A flag that the next word is the value of. */
  readonly awaited: Option | undefined;
  readonly used: ReadonlySet<Option>;
}

/** Follows the words as commander would: which command, and whether a flag awaits its value. */
export function placeOf(program: Command, words: readonly string[]): Place {
  let command = program;
  let awaited: Option | undefined;
  const operands: string[] = [];
  const used = new Set<Option>();
  for (const word of words) {
    const isValue = awaited !== undefined && !(awaited.optional && word.startsWith('-'));
    if (isValue) {
      awaited = undefined;
      continue;
    }
    awaited = undefined;
    if (word.startsWith('-')) {
      const option = findOption(command, word.split('=')[0] ?? '');
      if (option === undefined) continue;
      used.add(option);
      if (takesValue(option) && !word.includes('=')) awaited = option;
      continue;
    }
    const verb = visible(command).find(
      (child) => child.name() === word || child.aliases().includes(word),
    );
    if (verb !== undefined && operands.length === 0) command = verb;
    else operands.push(word);
  }
  return { command, operands, awaited, used };
}

function visible(command: Command): readonly Command[] {
  return command.createHelp().visibleCommands(command);
}

function optionsOf(command: Command): readonly Option[] {
  return withParents(command).flatMap((here) => command.createHelp().visibleOptions(here));
}

function findOption(command: Command, flag: string): Option | undefined {
  return optionsOf(command).find(({ long, short }) => long === flag || short === flag);
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** The flags that may follow; one that was given is offered again only where that adds to it. */
function flagsOf(command: Command, used: ReadonlySet<Option>): readonly Candidate[] {
  const seen = new Set<string>();
  return optionsOf(command).flatMap((option) => {
    const { long, description } = option;
    const again = used.has(option) && !takesValue(option);
    if (long === undefined || long === null || seen.has(long) || again) return [];
    seen.add(long);
    return [{ value: long, about: description }];
  });
}

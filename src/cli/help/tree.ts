import type { Command, Help, Option } from 'commander';
import { wordsOf } from '../stored-option.ts';
import { notesOn } from './notes.ts';

/** A command as its help and the manual page tell of it. */
export interface CommandFacts {
  /** `contacts list`; '' for the program itself. */
  readonly name: string;
  /** True for a word such as `contacts` that only leads to others. */
  readonly isGroup: boolean;
  readonly description: string;
  /** What stands behind `reekolect`: `contacts get <id|email|phone> [flags]`. */
  readonly usage: string;
  readonly args: readonly Told[];
  readonly groups: readonly FlagGroup[];
  readonly examples: readonly string[];
  readonly more: string | undefined;
}

/** Something to type, and what it means. */
export interface Told {
  /** `-o, --output <file>`. */
  readonly term: string;
  readonly about: string;
}

export interface FlagGroup {
  /** `Filters`. */
  readonly title: string;
  readonly flags: readonly Told[];
}

/** The program and every command that help shows, in its order; all flags under their headings. */
export function commandsOf(program: Command): readonly CommandFacts[] {
  return [factsOf(program, []), ...childrenOf(program).flatMap((command) => commandsOf(command))];
}

/** Without the help that commander adds below every group: it is nobody's news. */
export function childrenOf(command: Command): readonly Command[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible.filter((child) => command.commands.includes(child));
}

/** `common` are the flags to tell of first. */
export function factsOf(command: Command, common = notesOn(command).common ?? []): CommandFacts {
  const help = command.createHelp();
  const { examples, more } = notesOn(command);
  const name = wordsOf(command).join(' ');
  const options = help.visibleOptions(command).filter(({ long }) => long !== '--help');
  const isGroup = command.commands.length > 0;
  return {
    name,
    isGroup,
    description: command.description(),
    usage: [help.commandUsage(command).replace(/ \[(options|command)\]/g, ''), endOf()]
      .join(' ')
      .trim(),
    args: help.visibleArguments(command).map((argument) => ({
      term: help.argumentTerm(argument),
      about: help.argumentDescription(argument),
    })),
    groups: groupsOf(options, common),
    examples,
    more,
  };

  function endOf(): string {
    if (isGroup) return '<command> [flags]';
    return options.length > 0 ? '[flags]' : '';
  }
}

/** The most used first, what has no heading last. */
function groupsOf(options: readonly Option[], common: readonly string[]): readonly FlagGroup[] {
  const rest = common.length > 0 ? 'More' : 'Flags';
  const groups = new Map<string, Option[]>(common.length > 0 ? [['Common flags', []]] : []);
  const titleOf = ({ long, helpGroupHeading = rest }: Option) =>
    common.includes(long ?? '') ? 'Common flags' : helpGroupHeading.replace(/:$/, '');
  for (const option of options) {
    const title = titleOf(option);
    groups.set(title, [...(groups.get(title) ?? []), option]);
  }
  const place = (option: Option) => common.indexOf(option.long ?? '');
  groups.get('Common flags')?.sort((one, other) => place(one) - place(other));
  return [...groups]
    .sort(([one], [other]) => Number(one === rest) - Number(other === rest))
    .map(([title, members]) => ({ title, flags: flagsToTell(members, options) }));
}

/** A flag and its opposite are told in one line, and so are flags that mean the same of others. */
export function flagsToTell(
  options: readonly Option[],
  all: readonly Option[] = options,
): readonly Told[] {
  const lines: { term: string; about: string; also: string[]; option: Option }[] = [];
  for (const option of options) {
    const before = lines.at(-1);
    if (option.negate && all.some((other) => isYesOf(other, option))) continue;
    if (before?.option.description === option.description) {
      before.also.push(option.long ?? '');
      continue;
    }
    const hasNo = all.some((other) => isYesOf(option, other));
    const term = hasNo ? option.flags.replace('--', '--[no-]') : option.flags;
    lines.push({ term, about: aboutOf(option), also: [], option });
  }
  return lines.map(({ term, about, also }) => ({
    term,
    about: also.length === 0 ? about : `${about}; or ${also.join(', ')}`,
  }));
}

function isYesOf(yes: Option, no: Option): boolean {
  return !yes.negate && no.negate && yes.attributeName() === no.attributeName();
}

function aboutOf(option: Option): string {
  const { description, argChoices = [], defaultValue } = option;
  const choices = argChoices.filter((choice) => !description.includes(choice));
  const told = choices.length > 0 ? `${description}: ${argChoices.join(' or ')}` : description;
  const plain = option.isBoolean() || option.negate || defaultValue === undefined;
  return plain ? told : `${told} (default: ${defaultValue})`;
}

/** As commander takes it, in `configureHelp`. */
export type FormatHelp = (command: Command, helper: Help) => string;

/** `show all jobs` as a sentence. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, '.');
}

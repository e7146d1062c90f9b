import type { Command, CommanderError } from 'commander';
import { type ExplainedError, usageError } from '../errors.ts';
import { formatOfPath } from '../output/formats.ts';
import { didYouMean } from '../suggest.ts';
import { type Place, placeOf } from './completion/candidates.ts';
import { childrenOf } from './help/tree.ts';
import { withParents, wordsOf } from './stored-option.ts';

/** What people type out of habit, and what it is called here. */
const habits: ReadonlyMap<string, string> = new Map([
  ['whoami', 'auth status'],
  ['profile', 'auth list'],
  ['profiles', 'auth list'],
  ['download', 'contacts export'],
  ['dump', 'contacts export'],
  ['find', 'contacts list --search'],
  ['search', 'contacts list --search'],
  ['query', 'contacts list --search'],
  ['show', 'contacts get'],
]);

const invalidValue = /^option '(?:-\w, )?(--[\w-]+).*' argument '(.*)' is invalid\. (.*?)\.?$/s;

const conflict =
  /^option '(?:-\w, )?(--[\w-]+).*' cannot be used with option '(?:-\w, )?(--[\w-]+).*'$/;

const formatFlags = /^--(json|csv|tsv|ndjson|jsonl|markdown|md|vcf|xlsx|parquet)$/;

/** A mistake that commander found, told with what to do about it. `program` is the whole tree. */
export function explainMistake(
  error: CommanderError,
  args: readonly string[],
  program: Command,
): ExplainedError {
  const place = placeOf(program, args);
  const path = ['reekolect', ...wordsOf(place.command)].join(' ');
  const hint = hintFor(error, place, program, args);
  const see = `see ${path} --help`;
  return usageError(messageOf(error, path, place), hint === undefined ? see : `${hint} (${see})`);
}

function messageOf(
  { code, message }: CommanderError,
  path: string,
  { command, operands }: Place,
): string {
  // The argument itself is not repeated: it may be a token.
  if (code === 'commander.excessArguments') {
    const most = command.registeredArguments.length;
    const taken = ['no argument', 'one argument'][most] ?? `${most} arguments`;
    return `${path} takes ${taken}, and got ${operands.length}`;
  }
  const [first = ''] = message.replace(/^error: /, '').split('\n');
  const [, flag = '', value = '', why = ''] = invalidValue.exec(first) ?? [];
  if (flag !== '') return `${flag} ${value}: ${why.charAt(0).toLowerCase()}${why.slice(1)}`;
  const [, bare] = /^option '(?:-\w, )?(--[\w-]+).*' argument missing$/.exec(first) ?? [];
  if (bare !== undefined) return `${bare} needs a value`;
  const [, one, other] = conflict.exec(first) ?? [];
  if (one !== undefined) return `${one} and ${other} contradict each other`;
  const [, argument] = /^missing required argument '(.*)'$/.exec(first) ?? [];
  if (argument !== undefined) return `${path} needs <${argument}>`;
  // What was typed after `=`, or after a short flag, may be one too.
  return first.replace(/^(unknown option '(?:--[^=']*(?==)|-[^-'](?=[^']))).*/s, "$1'");
}

function hintFor(
  { code, message }: CommanderError,
  place: Place,
  program: Command,
  args: readonly string[],
): string | undefined {
  const [, word = ''] = /'([^']*)'/.exec(message) ?? [];
  if (code === 'commander.unknownOption') return flagHint(word.split('=')[0] ?? '', place.command);
  if (code === 'commander.unknownCommand') return commandHint(word, place, program, args);
  if (code === 'commander.excessArguments') return wordsHint(place);
  if (code === 'commander.conflictingOption') return 'leave one of them out';
  return undefined;
}

function flagHint(flag: string, command: Command): string | undefined {
  const known = withParents(command).flatMap((each) => each.createHelp().visibleOptions(each));
  const names = new Set(known.flatMap(({ long }) => long ?? []));
  const [, format] = formatFlags.exec(flag) ?? [];
  if (format !== undefined) return `write --format ${format}`;
  if (/token|secret|password|api-?key/i.test(flag)) {
    return 'no flag takes a token: reekolect auth login asks for it, scripts set REEKOLECT_TOKEN';
  }
  if (/^--?(page|offset|skip|cursor)(s|-\w+)?$/.test(flag)) {
    return names.has('--all')
      ? 'pages are read by themselves: --all shows every match, --limit N the first N'
      : 'pages are read by themselves: export takes every match, --limit N the first N';
  }
  return didYouMean(flag, [...names]);
}

/** The whole line with the noun that was left out, or with what the word is called here. */
function commandHint(
  word: string,
  { command }: Place,
  program: Command,
  args: readonly string[],
): string | undefined {
  const rest = args.slice(args.indexOf(word) + 1);
  const nouns = childrenOf(program).filter(({ commands }) => commands.length > 0);
  const verbIn = (noun: Command) => childrenOf(noun).find((verb) => isCalled(verb, word));
  const second = nouns.find((noun) => isCalled(noun, rest[0] ?? '') && verbIn(noun));
  const noun = second ?? (command === program ? nouns.find(verbIn) : undefined);
  const meant = habits.get(word) ?? (noun && `${noun.name()} ${word}`);
  if (meant !== undefined)
    return `write: reekolect ${meant}${quoted(meant, second ? rest.slice(1) : rest)}`;
  return didYouMean(
    word,
    childrenOf(command).map((child) => child.name()),
  );
}

/** The words that followed, where they may be repeated: not behind a command that takes tokens. */
function quoted(meant: string, rest: readonly string[]): string {
  if (meant.startsWith('auth') || rest.some((word) => /token|secret/i.test(word))) return '';
  return rest.map((word) => ` ${/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`}`).join('');
}

function wordsHint({ command, operands }: Place): string | undefined {
  if (command.parent?.name() === 'auth') {
    return 'a token goes to standard input: reekolect auth login --with-token < token.txt';
  }
  const flags = new Set(command.options.flatMap(({ long }) => long ?? []));
  const [word = ''] = operands.slice(command.registeredArguments.length);
  if (flags.has('--output') && formatOfPath(word) !== undefined)
    return `to write a file: -o${quoted('', [word])}`;
  if (!flags.has('--search')) return undefined;
  return `to look for it: --search${quoted('', [operands.join(' ')])}`;
}

function isCalled(command: Command, word: string): boolean {
  return command.name() === word || command.aliases().includes(word);
}

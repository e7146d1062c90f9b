import type { Command, Option } from 'commander';
import type { Context } from '../../context.ts';
import { delimiters } from '../../output/format.ts';
import { formatNames } from '../../output/formats.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import { type AnyFilterField, flagName } from '../../records/filter-field.ts';
import { sandboxProfile } from '../../state/account.ts';
import { readSettings, type Settings } from '../../state/settings.ts';
import { filterLine } from '../filter-line.ts';
import { topicNames } from '../help/topic-names.ts';
import { isForOne, keysOf } from '../setting-keys.ts';
import { wordsOf } from '../stored-option.ts';
import type { Candidate, Offer, Values } from './candidates.ts';

const nothing: Offer = { candidates: [] };
const fields: readonly AnyFilterField[] = Object.values(contactFilters);

/** What flags and arguments take, as far as it is known without asking the service. */
export function valuesFrom(program: Command, context: Context): Values {
  const settings = settingsOf(context);
  const views = viewsOf(settings);
  const profiles = [...Object.keys(settings.profiles ?? {}), sandboxProfile];
  const byFlag: { readonly [flag: string]: Offer | undefined } = {
    view: { candidates: views },
    profile: { candidates: named(profiles) },
    format: { candidates: named(formatNames) },
    delimiter: { candidates: named(delimiters) },
    output: { candidates: [], files: true },
  };

  async function ofOption(option: Option, command: Command): Promise<Offer> {
    if (option.argChoices !== undefined) return { candidates: named(option.argChoices) };
    const field = fields.find((each) => flagName(each) === option.long);
    if (field?.kind === 'tests') return columnsFor(option, command);
    if (field !== undefined) {
      return { candidates: named(field.completion), isList: field.kind === 'list' };
    }
    if (option.name() === 'tz') return { candidates: named(zones()) };
    if (option.name() === 'by') {
      const { groupings } = await import('../../records/contacts/group-by.ts');
      return { candidates: named(groupings), isList: true };
    }
    // Lists of other things than contacts have columns of their own.
    if (isColumns(option)) return hasRecordColumns(command) ? columnsFor(option, command) : nothing;
    return byFlag[option.name()] ?? nothing;
  }

  async function ofArgument(command: Command, before: readonly string[]): Promise<Offer> {
    const path = wordsOf(command).join(' ');
    if (path === 'help') return helpWords(program, before);
    if (/^view (show|delete)$/.test(path)) {
      return { candidates: before.length === 0 ? views : [] };
    }
    if (path === 'auth switch') return { candidates: before.length === 0 ? named(profiles) : [] };
    if (path === 'contacts sync') return { candidates: [], files: before.length === 0 };
    if (path.startsWith('config ')) return configWords(before);
    const argument = command.registeredArguments[before.length];
    return { candidates: named(argument?.argChoices ?? []) };
  }

  async function configWords([key, ...more]: readonly string[]): Promise<Offer> {
    const keys = keysOf(program);
    if (key === undefined) {
      const shared = [...keys.keys()].filter((name) => !isForOne(name));
      const single = [...keys.keys()].filter(isForOne);
      return { candidates: named([...shared, ...single]) };
    }
    const [first] = keys.get(key)?.options ?? [];
    if (first === undefined || more.length > 0) return nothing;
    const { values } = first.option;
    return values === undefined
      ? ofOption(first.option, first.owner)
      : { candidates: named(values) };
  }

  return { ofOption, ofArgument };
}

function isColumns(option: Option): boolean {
  return option.name() === 'columns' || option.name() === 'sort';
}

/** Read here: the columns bring the phone numbers of the world with them. */
async function columnsFor(option: Option, command: Command): Promise<Offer> {
  const [{ contactColumns }, { leadColumns }, { columnGroups, columnNames }] = await Promise.all([
    import('../../records/contacts/columns.ts'),
    import('../../records/leads/columns.ts'),
    import('../../records/columns.ts'),
  ]);
  const isOfLeads = wordsOf(command)[0] === 'leads';
  const names = columnNames(isOfLeads ? leadColumns : contactColumns);
  if (option.name() === 'columns') {
    return { candidates: named([...names, ...columnGroups]), isList: true, named: true };
  }
  // A test may begin with !, an order from high to low begins with a dash.
  const mark = option.name() === 'sort' ? '-' : '!';
  return { candidates: named(names.flatMap((name) => [name, `${mark}${name}`])) };
}

function hasRecordColumns(command: Command): boolean {
  const [noun, verb] = wordsOf(command);
  return (noun === 'contacts' && verb !== 'stats') || noun === 'leads';
}

function settingsOf({ env }: Context): Settings {
  try {
    return readSettings(env);
  } catch {
    return {};
  }
}

function viewsOf({ views = {} }: Settings): readonly Candidate[] {
  return Object.entries(views).map(([value, flags]) => ({
    value,
    about: filterLine(contactFilters, flags ?? {}),
  }));
}

function named(names: readonly string[]): readonly Candidate[] {
  return names.map((value) => ({ value }));
}

function helpWords(program: Command, words: readonly string[]): Offer {
  let here = program;
  for (const word of words) {
    const next = here.commands.find((command) => command.name() === word);
    if (next === undefined) return nothing;
    here = next;
  }
  const commands = here
    .createHelp()
    .visibleCommands(here)
    .map((command) => ({ value: command.name(), about: command.description() }));
  return { candidates: [...commands, ...(words.length === 0 ? named(topicNames) : [])] };
}

function zones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')];
}

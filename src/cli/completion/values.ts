import type { Command, Option } from 'commander';
import { isForOne, keysOf } from '../../commands/config/keys.ts';
import { topicNames } from '../../commands/help.ts';
import { flagLine } from '../../commands/view/words.ts';
import type { Context } from '../../context.ts';
import { formatNames } from '../../output/formats.ts';
import { knownStatuses } from '../../records/contacts/filters.ts';
import { sandboxProfile } from '../../session.ts';
import { readSettings, type Settings } from '../../state/settings.ts';
import { wordsOf } from '../stored-option.ts';
import type { Candidate, Offer, Values } from './candidates.ts';

const nothing: Offer = { candidates: [] };

/** What flags and arguments take, as far as it is known without asking the service. */
export function valuesFrom(program: Command, context: Context): Values {
  const settings = settingsOf(context);
  const views = viewsOf(settings);
  const profiles = [...Object.keys(settings.profiles ?? {}), sandboxProfile];
  const dates = ['today', 'yesterday', '24h', '7d', '30d'];
  const byFlag: { readonly [flag: string]: Offer | undefined } = {
    view: { candidates: views },
    profile: { candidates: named(profiles) },
    format: { candidates: named(formatNames) },
    status: { candidates: named(knownStatuses), isList: true },
    'last-message-by': { candidates: named(['user', 'bot']), isList: true },
    'ordered-after': { candidates: named(dates) },
    'created-after': { candidates: named(dates) },
    'created-before': { candidates: named(dates) },
    'seen-after': { candidates: named(dates) },
    'seen-before': { candidates: named(dates) },
    output: { candidates: [], files: true },
  };

  async function ofOption(option: Option, command: Command): Promise<Offer> {
    if (option.argChoices !== undefined) return { candidates: named(option.argChoices) };
    if (option.name() === 'tz') return { candidates: named(zones()) };
    if (option.name() === 'by') {
      const { countedBy } = await import('../../records/contacts/group-by.ts');
      return { candidates: named(countedBy), isList: true };
    }
    // Lists of other things than contacts have columns of their own.
    if (isColumns(option)) return hasContactColumns(command) ? columnsFor(option) : nothing;
    return byFlag[option.name()] ?? nothing;
  }

  async function ofArgument(command: Command, before: readonly string[]): Promise<Offer> {
    const path = wordsOf(command).join(' ');
    if (path === 'help') return helpWords(program, before);
    if (/^view (show|delete)$/.test(path)) {
      return { candidates: before.length === 0 ? views : [] };
    }
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
    const [first] = keys.get(key)?.settings ?? [];
    if (first === undefined || more.length > 0) return nothing;
    const { values } = first.setting;
    return values === undefined
      ? ofOption(first.setting, first.owner)
      : { candidates: named(values) };
  }

  return { ofOption, ofArgument };
}

function isColumns(option: Option): boolean {
  return option.name() === 'columns' || option.name() === 'sort';
}

/** Read here: the columns bring the phone numbers of the world with them. */
async function columnsFor(option: Option): Promise<Offer> {
  const { columnGroups, columnNames } = await import('../../records/contacts/columns.ts');
  return option.name() === 'columns'
    ? { candidates: named([...columnNames, ...columnGroups]), isList: true }
    : { candidates: named(columnNames.flatMap((name) => [name, `-${name}`])) };
}

function hasContactColumns(command: Command): boolean {
  const [noun, verb] = wordsOf(command);
  return noun === 'contacts' && verb !== 'stats';
}

function settingsOf({ env }: Context): Settings {
  try {
    return readSettings(env);
  } catch {
    return {};
  }
}

function viewsOf({ views = {} }: Settings): readonly Candidate[] {
  return Object.entries(views).map(([value, flags]) => ({ value, about: flagLine(flags ?? {}) }));
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

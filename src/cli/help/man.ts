import type { Command } from 'commander';
import { version } from '../../version.ts';
import { environmentVariables } from './environment.ts';
import { topicText } from './topics.ts';
import { type CommandFacts, commandsOf, type FlagGroup, sentence, type Told } from './tree.ts';

/** So many commands with the same flag: it is told of once, apart from them. */
const several = 2;
/** Room for a term and its meaning on one line. */
const termWidth = 25;

/** The manual page, from the same tree and topics as the help. `date` is of its making. */
export function manPage(program: Command, date: Date): string {
  const [root, ...commands] = commandsOf(program);
  const verbs = commands.filter(({ isGroup }) => !isGroup);
  const shared = sharedGroups(verbs);
  return [
    `.TH REEKOLECT 1 "${date.toISOString().slice(0, 10)}" "reekolect ${version}" "User Commands"`,
    '.SH NAME',
    'reekolect \\- query and export Reekolect contacts',
    '.SH SYNOPSIS',
    '.B reekolect',
    '.I command',
    '.RI [ flags ]',
    '.SH DESCRIPTION',
    ...prose(root?.description ?? ''),
    'It never changes a contact.',
    '.PP',
    ...literal(root?.examples ?? []),
    '.SH COMMANDS',
    ...verbs.flatMap((command) => commandLines(command, shared)),
    '.SH FLAGS',
    ...shared.flatMap(({ title, flags }) => [
      `.SS ${title}, of several commands`,
      ...flagLines(flags),
    ]),
    '.SS Of every command',
    ...(root?.groups ?? []).flatMap(({ flags }) => flagLines(flags)),
    ...topicLines('FILTERS', topicText('filters')),
    ...topicLines('DATES', topicText('dates')),
    ...topicLines('COLUMNS', topicText('columns')),
    '.SH ENVIRONMENT',
    ...flagLines(Object.entries(environmentVariables).map(([term, about]) => ({ term, about }))),
    ...topicLines('EXIT STATUS', topicText('exit-codes')),
    '.SH SEE ALSO',
    'crontab(5), systemd.timer(5), jq(1), sqlite3(1).',
    '.PP',
    ...prose(
      'reekolect help formats tells of files for spreadsheets and for programs; reekolect help cron has lines to copy for cron and systemd.',
    ),
    '',
  ]
    .filter((line, at, lines) => line !== '' || at === lines.length - 1)
    .join('\n');
}

/** The flags that several commands have, under their headings. */
function sharedGroups(verbs: readonly CommandFacts[]): readonly FlagGroup[] {
  const all = verbs.flatMap(({ groups }) => groups);
  const counts = new Map<string, number>();
  for (const flag of all.flatMap(({ flags }) => flags)) {
    counts.set(keyOf(flag), (counts.get(keyOf(flag)) ?? 0) + 1);
  }
  const groups = new Map<string, Map<string, Told>>();
  const placed = new Set<string>();
  for (const { title, flags } of all) {
    for (const flag of flags) {
      const key = keyOf(flag);
      if ((counts.get(key) ?? 0) < several || placed.has(key)) continue;
      placed.add(key);
      groups.set(title, (groups.get(title) ?? new Map<string, Told>()).set(key, flag));
    }
  }
  return [...groups].map(([title, flags]) => ({
    title: title === 'Flags' ? 'Others' : title,
    flags: [...flags.values()],
  }));
}

function keyOf({ term, about }: Told): string {
  return `${term} ${about}`;
}

function commandLines(
  { name, usage, description, groups, examples }: CommandFacts,
  shared: readonly FlagGroup[],
) {
  const flags = groups.flatMap((group) => group.flags);
  const also = shared.filter(
    (group) => group.flags.filter((flag) => flags.some((own) => keyOf(own) === keyOf(flag))).length,
  );
  const titles = also.map(({ title }) => title.toLowerCase()).join(', ');
  const takes = titles === '' ? '' : ` Takes ${titles}: see FLAGS.`;
  // The others speak for themselves.
  const shown = /^(contacts|leads|auth) /.test(name) ? examples.slice(0, 2) : [];
  const apart = new Set(shared.flatMap((group) => group.flags.map(keyOf)));
  return [
    `.SS ${roff(usage)}`,
    ...prose(`${sentence(description)}${takes}`),
    ...flagLines(flags.filter((flag) => !apart.has(keyOf(flag)))),
    ...(shown.length === 0 ? [] : ['.PP', ...literal(shown)]),
  ];
}

function flagLines(flags: readonly Told[]): readonly string[] {
  if (flags.length === 0) return [];
  const items = flags.flatMap(({ term, about }) => [
    `.TP ${termWidth}`,
    `.B ${roff(term)}`,
    ...prose(about),
  ]);
  return ['.PD 0', ...items, '.PD'];
}

/** A topic is laid out for a terminal already; its first line is the heading. */
function topicLines(heading: string, text: string): readonly string[] {
  // Lines to copy stand with the commands.
  const lines = text
    .replace(/(\n {2,4}\S.*)+$/, '')
    .trimEnd()
    .split('\n')
    .slice(1);
  while (lines[0] === '') lines.shift();
  return [`.SH ${heading}`, ...literal(lines)];
}

function literal(lines: readonly string[]): readonly string[] {
  // An empty line in the source is what the page's linters complain of.
  return ['.EX', ...lines.map((line) => (line === '' ? '.sp' : roff(line))), '.EE'];
}

/** Text that is filled by whoever shows it, in source lines that are not too long. */
function prose(text: string): readonly string[] {
  return (roff(text).match(/\S.{0,70}(?=\s|$)/g) ?? []).map((line) => line.replace(/^\./, '\\&.'));
}

/** Text that roff prints as it is: a leading dot is no request, a hyphen no hyphenation. */
function roff(text: string): string {
  return text
    .replaceAll('…', '...')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(/[^\x20-\x7e]/gu, (sign) => `\\[u${hex(sign)}]`)
    .replace(/^[.]/, '\\&.');
}

function hex(sign: string): string {
  return (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
}

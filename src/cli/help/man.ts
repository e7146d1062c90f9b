import type { Command } from 'commander';
import { version } from '../../version.ts';
import { environmentVariables } from './environment.ts';
import { topics } from './topics.ts';
import { type CommandFacts, commandsOf, type FlagFacts } from './tree.ts';

/** The manual page, from the same tree and topics as the help. `date` is of its making. */
export function manPage(program: Command, date: Date): string {
  const [root, ...commands] = commandsOf(program);
  const verbs = commands.filter(({ isGroup }) => !isGroup);
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
    '.SH COMMANDS',
    ...verbs.flatMap(commandLines),
    '.SH FLAGS OF EVERY COMMAND',
    ...flagLines(root?.flags ?? []),
    ...topicLines('FILTERS', topics.filters),
    ...topicLines('FORMATS', topics.formats),
    '.SH ENVIRONMENT',
    ...Object.entries(environmentVariables).flatMap(([name, about]) => [
      '.TP',
      `.B ${roff(name)}`,
      ...prose(about),
    ]),
    ...topicLines('EXIT STATUS', topics['exit-codes']),
    ...topicLines('CRON AND SYSTEMD', topics.cron),
    '.SH EXAMPLES',
    ...literal(root?.examples ?? []),
    '',
  ]
    .filter((line, at, lines) => line !== '' || at === lines.length - 1)
    .join('\n');
}

function commandLines({ name, usage, description, flags, examples }: CommandFacts) {
  return [
    `.SS reekolect ${roff(name)}`,
    ...(usage === '' ? [] : [`.RI "${roff(usage)}"`, '.PP']),
    ...prose(`${description}.`),
    ...flagLines(flags),
    ...(examples.length === 0 ? [] : ['.PP', ...literal(examples)]),
  ];
}

function flagLines(flags: readonly FlagFacts[]): readonly string[] {
  return flags.flatMap(({ term, about }) => ['.TP', `.B ${roff(term)}`, ...prose(about)]);
}

/** A topic is laid out for a terminal already; its first line is the heading. */
function topicLines(heading: string, text: string): readonly string[] {
  const lines = text.split('\n').slice(1);
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

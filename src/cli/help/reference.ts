import type { Command } from 'commander';
import { type CommandFacts, commandsOf, type FlagFacts } from './tree.ts';

/** The README's reference: every command and flag, as markdown. */
export function referenceMarkdown(program: Command): string {
  const [root, ...commands] = commandsOf(program);
  const verbs = commands.filter(({ isGroup }) => !isGroup);
  return [
    ...(root === undefined ? [] : ['### Flags of every command', '', ...flagTable(root.flags), '']),
    ...verbs.flatMap(section),
  ]
    .join('\n')
    .trimEnd();
}

function section({ name, description, usage, flags, examples }: CommandFacts): readonly string[] {
  const line = ['reekolect', name, usage].join(' ').trim();
  return [
    `### reekolect ${name}`,
    '',
    `${sentence(description)}`,
    '',
    '```sh',
    line,
    '```',
    '',
    ...flagTable(flags),
    ...(flags.length > 0 ? [''] : []),
    ...(examples.length > 0 ? ['```sh', ...examples, '```', ''] : []),
  ];
}

function flagTable(flags: readonly FlagFacts[]): readonly string[] {
  if (flags.length === 0) return [];
  return [
    '| flag | |',
    '|---|---|',
    ...flags.map(({ term, about }) => `| \`${term.replaceAll('|', '\\|')}\` | ${cell(about)} |`),
  ];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, '.');
}

import type { Command } from 'commander';
import { folded, leftWidth, paragraph, rows } from './rows.ts';
import { topicNames } from './topic-names.ts';
import {
  type CommandFacts,
  childrenOf,
  type FormatHelp,
  factsOf,
  sentence,
  type Told,
} from './tree.ts';

/** What may stand in place of a value, and where there is more on it. */
const valueForms = [
  {
    of: /<date>/,
    text: '<date>: 2026-11-01, 12h, 7d, 3mo, yesterday, this week … reekolect help dates',
  },
  { of: /,\.\.\.>/, text: '<…,...>: several; repeat the flag, or separate by commas' },
];

/** What a command is for, lines to copy, then its flags, those that most people need first. */
export const formatHelp: FormatHelp = (command, helper) => {
  const width = helper.helpWidth ?? 80;
  const facts = factsOf(command);
  const children = childrenOf(command).map(toTold);
  const flags = facts.isGroup ? [] : facts.groups;
  const left = leftWidth(flags.flatMap((group) => group.flags.map(({ term }) => term)));
  const section = (title: string, body: string) =>
    body === '' ? [] : [`${helper.styleTitle(`${title}:`)}\n${body}`];
  const table = (items: readonly Told[], wide?: number) =>
    rows(
      items.map(({ term, about }) => [term, about] as const),
      width,
      wide,
    );
  const examples = section('Examples', facts.examples.map((line) => `  ${line}`).join('\n'));
  const commands = section('Commands', table(children));
  return [
    `${helper.styleTitle('Usage:')} ${facts.usage}`,
    folded(sentence(facts.description), 0, { width }),
    ...commands,
    ...examples,
    ...section('Arguments', table(facts.args)),
    ...flags.flatMap(({ title, flags: told }) => section(title, table(told, left))),
    ...(facts.more ?? '')
      .split('\n\n')
      .filter(Boolean)
      .map((text) => paragraph(text, width)),
    closing(facts)
      .map((line) => folded(line, 2, { first: 0, width }))
      .join('\n'),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
};

function closing({ name, isGroup, groups }: CommandFacts): readonly string[] {
  const everywhere = 'Flags of every command, such as --profile and --quiet: reekolect help flags';
  if (isGroup) {
    const below = name === '' ? 'COMMAND' : `${name} COMMAND`;
    const topics =
      name === '' ? [`Topics, as in reekolect help dates: ${topicNames.join(', ')}`] : [];
    return [`More on one: reekolect help ${below}`, ...topics, everywhere];
  }
  const terms = groups.flatMap(({ flags }) => flags.map(({ term }) => term));
  const forms = valueForms.filter(({ of }) => terms.some((term) => of.test(term)));
  return [...forms.map(({ text }) => text), everywhere];
}

function toTold(command: Command): Told {
  const words = command.registeredArguments.map((each) =>
    each.required ? `<${each.name()}>` : `[${each.name()}]`,
  );
  return { term: [command.name(), ...words].join(' '), about: command.description() };
}

import { Command, Help } from 'commander';
import { type Bridge, setWorld } from './cli/action.ts';
import { addExamples } from './cli/examples.ts';
import { globalFlags } from './cli/global-flags.ts';
import { topicNames } from './cli/help/topic-names.ts';
import type { Noun, Verb } from './cli/verb.ts';
import type { Context } from './context.ts';
import { version } from './version.ts';

interface NounEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Noun>;
}

/** Words that only lead to commands. */
const nouns: readonly NounEntry[] = [
  {
    name: 'contacts',
    summary: 'query and export contacts',
    load: async () => (await import('./commands/contacts.ts')).contacts,
  },
  {
    name: 'segments',
    summary: 'the segments of the account, which the dashboard calls Groups',
    load: async () => ({
      examples: [],
      verbs: [(await import('./commands/segments/list.ts')).list],
    }),
  },
  {
    name: 'agents',
    summary: 'the team members of the account',
    load: async () => ({ examples: [], verbs: [(await import('./commands/agents/list.ts')).list] }),
  },
  {
    name: 'auth',
    summary: 'sign in and out',
    load: async () => (await import('./commands/auth.ts')).auth,
  },
  {
    name: 'view',
    summary: 'named filters, for --view',
    load: async () => (await import('./commands/view.ts')).view,
  },
  {
    name: 'jobs',
    summary: 'how far exports with --since-last have come',
    load: async () => (await import('./commands/jobs.ts')).jobs,
  },
  {
    name: 'config',
    summary: 'defaults for flags: their keys are the long names, such as timeout',
    load: async () => (await import('./commands/config.ts')).config,
  },
];

/** Commands of one word. */
const verbs: readonly { readonly name: string; readonly load: () => Promise<Verb> }[] = [
  { name: 'sandbox', load: async () => (await import('./commands/sandbox.ts')).sandbox },
  { name: 'doctor', load: async () => (await import('./commands/doctor.ts')).doctor },
  { name: 'completion', load: async () => (await import('./commands/completion.ts')).completion },
  { name: '__complete', load: async () => (await import('./commands/completion.ts')).complete },
  { name: 'help', load: async () => (await import('./commands/help.ts')).help },
];

/** These speak of all commands. */
const needTree = new Set(['config', 'doctor', 'help', '__complete']);

export interface ProgramOptions {
  /** All verbs of all nouns, for the man page. */
  readonly whole?: boolean;
  /** In place of the one that runs verbs. */
  readonly bridge?: Bridge | undefined;
}

/**
 * The command tree: names, flags and help; bodies import what is costly when they run. Of the
 * nouns only those in argv get their verbs, unless the whole tree is asked for.
 */
export async function buildProgram(
  context: Context,
  { whole = false, bridge }: ProgramOptions = {},
): Promise<Command> {
  const words = new Set(context.args);
  const all = whole || context.args.some((word) => needTree.has(word));
  const program = new Command('reekolect')
    .description('Query and export your Reekolect contacts. Read-only.')
    .version(version, '-V, --version')
    .helpCommand(false)
    .configureHelp({
      showGlobalOptions: true,
      // That a switch is off unless it is given needs no saying.
      optionDescription: (option) =>
        option.isBoolean() ? option.description : new Help().optionDescription(option),
    })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // Nothing but the help of a noun without its verb, which was asked for.
      writeErr: (text) => context.stdout.write(text),
      getOutHelpWidth: () => context.stdout.columns ?? 80,
      getErrHelpWidth: () => context.stderr.columns ?? 80,
      // Mistakes are told by main, in the form that --errors asks for.
      outputError: () => {},
    })
    .exitOverride();
  setWorld(program, context, bridge);
  for (const flag of Object.values(globalFlags)) flag.declareOn(program);
  for (const { name, summary, load } of nouns) {
    const noun = program.command(name).description(summary);
    if (!all && !words.has(name)) continue;
    const { examples, verbs: own } = await load();
    if (examples.length > 0) addExamples(noun, examples);
    for (const verb of own) verb.declare(noun);
  }
  for (const { load } of verbs) (await load()).declare(program);
  program.addHelpText('after', `\nTopics: reekolect help ${topicNames.join('|')}`);
  return addExamples(program, [
    'reekolect contacts list --profile sandbox     # try it without an account',
    'reekolect auth login',
    'reekolect contacts export --tag vip -o vip.csv',
  ]);
}

/** Every command, for those who only read the tree: the man page, tests. */
export function wholeProgram(): Promise<Command> {
  const silent = { write: () => true, once: () => undefined, off: () => undefined };
  return buildProgram(
    {
      args: [],
      stdin: undefined as never,
      stdout: silent,
      stderr: silent,
      env: {},
      signal: new AbortController().signal,
      now: () => new Date(0),
    },
    { whole: true },
  );
}

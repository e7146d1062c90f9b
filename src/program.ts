import { Command } from 'commander';
import { type Bridge, share } from './cli/action.ts';
import { globalFlags } from './cli/global-flags.ts';
import { formatHelp } from './cli/help/layout.ts';
import { addNotes } from './cli/help/notes.ts';
import { helpWidth } from './cli/help/rows.ts';
import type { Noun, Verb } from './cli/verb.ts';
import type { Context } from './context.ts';
import { colorLevel } from './terminal/capabilities.ts';
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
    summary: 'query, export, count and chart contacts',
    load: async () => (await import('./commands/contacts.ts')).contacts,
  },
  {
    name: 'leads',
    summary: 'people who came by a website widget',
    load: async () => (await import('./commands/leads.ts')).leads,
  },
  {
    name: 'segments',
    summary: 'list the segments, which the dashboard calls groups',
    load: async () => ({
      examples: [],
      verbs: [(await import('./commands/segments/list.ts')).list],
    }),
  },
  {
    name: 'agents',
    summary: 'list the team members',
    load: async () => ({ examples: [], verbs: [(await import('./commands/agents/list.ts')).list] }),
  },
  {
    name: 'auth',
    summary: 'sign in and out, switch between accounts',
    load: async () => (await import('./commands/auth.ts')).auth,
  },
  {
    name: 'view',
    summary: 'keep filters under a name, for --view',
    load: async () => (await import('./commands/view.ts')).view,
  },
  {
    name: 'jobs',
    summary: 'show or forget how far --since-last has come',
    load: async () => (await import('./commands/jobs.ts')).jobs,
  },
  {
    name: 'config',
    summary: 'store defaults for flags',
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
const needTree = new Set(['config', 'doctor', 'help']);

export interface ProgramOptions {
  /** All verbs of all nouns, for the man page. */
  readonly whole?: boolean;
  /** In place of the one that runs verbs. */
  readonly bridge?: Bridge | undefined;
}

/**
 * The command tree: names, flags and help; bodies import what is costly when they run. Only what
 * argv names is declared whole, unless the whole tree is asked for.
 */
export async function buildProgram(
  context: Context,
  { whole = false, bridge }: ProgramOptions = {},
): Promise<Command> {
  const { args, stdout, env } = context;
  // A profile may be called as a command is.
  const words = new Set(args.filter((_, place) => args[place - 1] !== '--profile'));
  const hasColors = colorLevel(stdout, env, !args.includes('--no-color')) > 0;
  const all = whole || [...words].some((word) => needTree.has(word));
  const program = new Command('reekolect')
    .description('Query and export your Reekolect contacts. Read-only.')
    .version(version, '-V, --version')
    .helpCommand(false)
    // Mistakes are explained in one place, cli/mistakes.ts.
    .showSuggestionAfterError(false)
    .configureHelp({ formatHelp, styleTitle: (text) => `\x1b[1m${text}\x1b[22m` })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      // Nothing but the help of a noun without its verb, which was asked for.
      writeErr: (text) => context.stdout.write(text),
      getOutHelpWidth: () => helpWidth(context.stdout.columns),
      getErrHelpWidth: () => helpWidth(context.stdout.columns),
      getOutHasColors: () => hasColors,
      getErrHasColors: () => hasColors,
      // Mistakes are told by main, in the form that --errors asks for.
      outputError: () => {},
    })
    .exitOverride();
  share(program, context, bridge);
  for (const flag of Object.values(globalFlags)) flag.declareOn(program);
  for (const { name, summary, load } of nouns) {
    const noun = program.command(name).description(summary);
    if (!all && !words.has(name)) continue;
    const { examples, verbs: own } = await load();
    addNotes(noun, { examples });
    for (const verb of own) verb.declare(noun);
  }
  // A shell that asks for completions asks for those of another command, or of none yet.
  const isNamed = [...nouns, ...verbs].some(({ name }) => words.has(name) && name !== '__complete');
  for (const { name, load } of verbs) {
    if (all || !isNamed || words.has(name)) (await load()).declare(program);
    // Its name alone, for guesses at what was meant.
    else program.command(name);
  }
  return addNotes(program, {
    examples: [
      'reekolect contacts list --profile sandbox     # try it without an account',
      'reekolect auth login',
      'reekolect contacts export --tag vip -o vip.csv',
    ],
  });
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

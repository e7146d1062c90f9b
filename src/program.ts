import { Command, Help } from 'commander';
import { performWith } from './cli/action.ts';
import { addGlobalFlags } from './cli/flags.ts';
import { declareAgents } from './commands/agents.ts';
import { declareAuth } from './commands/auth.ts';
import { declareCompletion } from './commands/completion.ts';
import { declareConfig } from './commands/config.ts';
import { declareContacts } from './commands/contacts.ts';
import { declareDoctor } from './commands/doctor.ts';
import { declareHelp } from './commands/help.ts';
import { declareJobs } from './commands/jobs.ts';
import { declareSandbox } from './commands/sandbox.ts';
import { declareSegments } from './commands/segments.ts';
import { declareView } from './commands/view.ts';
import type { Context } from './context.ts';
import { version } from './version.ts';

/** Commands that only hold others. */
const groups = [
  ['contacts', 'query and export contacts', declareContacts],
  ['segments', 'the segments of the account, which the dashboard calls Groups', declareSegments],
  ['agents', 'the team members of the account', declareAgents],
  ['auth', 'sign in and out', declareAuth],
  ['view', 'named filters, for --view', declareView],
  ['jobs', 'how far exports with --since-last have come', declareJobs],
  ['config', 'defaults for flags: their keys are the long names, such as timeout', declareConfig],
] as const;

/** The command tree: names, flags and help. Bodies are imported when they run. */
export function buildProgram(context: Context): Command {
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
      writeErr: (text) => context.stderr.write(text),
      getOutHelpWidth: () => context.stdout.columns ?? 80,
      getErrHelpWidth: () => context.stderr.columns ?? 80,
      // Mistakes are told by main, in the form that --errors asks for.
      outputError: () => {},
    })
    .exitOverride();
  addGlobalFlags(program);
  const perform = performWith(context);
  // --version and --help ask for no more than the groups' names.
  const whole = context.args?.some((word) => !word.startsWith('-')) ?? true;
  for (const [name, description, declare] of groups) {
    const group = program.command(name).description(description);
    if (whole) declare(group, perform);
  }
  declareSandbox(program, perform);
  declareDoctor(program, perform);
  declareCompletion(program, perform, context);
  declareHelp(program, context);
  return program;
}

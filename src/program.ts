import { Command, Help } from 'commander';
import { declareAgents } from './commands/agents.ts';
import { declareAuth } from './commands/auth.ts';
import { declareCompletion } from './commands/completion.ts';
import { declareConfig } from './commands/config.ts';
import { declareContacts } from './commands/contacts.ts';
import { declareDoctor } from './commands/doctor.ts';
import { addGlobalFlags } from './commands/flags.ts';
import { declareHelp } from './commands/help.ts';
import { declareJobs } from './commands/jobs.ts';
import { performWith } from './commands/perform.ts';
import { declareSandbox } from './commands/sandbox.ts';
import { declareSegments } from './commands/segments.ts';
import { declareView } from './commands/view.ts';
import type { Context } from './context.ts';
import { version } from './version.ts';

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
  declareContacts(program, perform);
  declareSegments(program, perform);
  declareAgents(program, perform);
  declareAuth(program, perform);
  declareSandbox(program, perform);
  declareView(program, perform);
  declareJobs(program, perform);
  declareConfig(program, perform);
  declareDoctor(program, perform);
  declareCompletion(program, perform, context);
  declareHelp(program, context);
  return program;
}

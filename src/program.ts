import { Command } from 'commander';
import { declareAuth } from './commands/auth.ts';
import { declareContacts } from './commands/contacts.ts';
import { addGlobalFlags } from './commands/flags.ts';
import { declareHelp } from './commands/help.ts';
import { performWith } from './commands/perform.ts';
import { declareSandbox } from './commands/sandbox.ts';
import type { Context } from './context.ts';
import { version } from './version.ts';

/** The command tree: names, flags and help. Bodies are imported when they run. */
export function buildProgram(context: Context): Command {
  const program = new Command('reekolect')
    .description('Query and export your Reekolect contacts. Read-only.')
    .version(version, '-V, --version')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
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
  declareAuth(program, perform);
  declareSandbox(program, perform);
  declareHelp(program, context);
  return program;
}

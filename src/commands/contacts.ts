import { type Command, Option } from 'commander';
import { addFilterFlags, addOutputFlags, addRequestFlags, countingFrom } from './flags.ts';
import type { Perform } from './perform.ts';

/** Declares `contacts` and its verbs. */
export function declareContacts(program: Command, perform: Perform): void {
  const contacts = program.command('contacts').description('query and export contacts');
  declareList(contacts, perform);
  declareExport(contacts, perform);
}

function declareList(contacts: Command, perform: Perform): void {
  const list = contacts.command('list').description('show the first contacts that match');
  addRequestFlags(addOutputFlags(addFilterFlags(list)));
  list
    .addOption(new Option('--limit <n>', 'show this many (default: 50)').argParser(countingFrom(1)))
    .addOption(new Option('--all', 'show every match').default(false).conflicts('limit'))
    .addOption(new Option('--sort <column>', 'order the rows shown; -column from high to low'))
    .addOption(new Option('--no-truncate', 'show values in full, however wide the terminal'))
    .action(perform(() => import('./contacts/list.ts')));
}

function declareExport(contacts: Command, perform: Perform): void {
  const command = contacts.command('export').description('write every contact that matches');
  addRequestFlags(addOutputFlags(addFilterFlags(command)));
  command.action(perform(() => import('./contacts/export.ts')));
}

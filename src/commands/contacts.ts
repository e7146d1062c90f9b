import { type Command, Option } from 'commander';
import type { Perform } from '../cli/action.ts';
import { addExamples } from '../cli/examples.ts';
import {
  addFilterFlags,
  addOutputFlags,
  addRequestFlags,
  addZoneFlag,
  collect,
  countingFrom,
  ownColumns,
} from '../cli/flags.ts';
import { Setting } from '../cli/stored-option.ts';

/** Declares `contacts` and its verbs. */
export function declareContacts(contacts: Command, perform: Perform): void {
  addExamples(contacts, [
    'reekolect contacts list --tag vip',
    'reekolect contacts export -o contacts.csv',
  ]);
  declareList(contacts, perform);
  declareExport(contacts, perform);
  declareCount(contacts, perform);
  declareGet(contacts, perform);
  declareStats(contacts, perform);
}

function declareList(contacts: Command, perform: Perform): void {
  const list = contacts.command('list').description('show the first contacts that match');
  addRequestFlags(addOutputFlags(addFilterFlags(list)));
  list
    .addOption(
      new Setting('--limit <n>', 'show this many (default: 50)', { yieldsTo: 'all' }).argParser(
        countingFrom(1),
      ),
    )
    .addOption(new Option('--all', 'show every match').default(false).conflicts('limit'))
    .addOption(new Option('--sort <column>', 'order the rows shown; -column from high to low'))
    .addOption(new Setting('--no-truncate', 'show values in full, however wide the terminal'))
    .action(perform(() => import('./contacts/list.ts')));
  addExamples(list, [
    'reekolect contacts list --profile sandbox',
    'reekolect contacts list --tag vip --online --sort -last_seen_at',
    'reekolect contacts list --created-after 7d --columns name,phone,attr.city',
    "reekolect contacts list --all --format json | jq -r '.[].status' | sort -u",
  ]);
}

function declareExport(contacts: Command, perform: Perform): void {
  const command = contacts.command('export').description('write every contact that matches');
  addRequestFlags(addOutputFlags(addFilterFlags(command)));
  command
    .addOption(new Option('--verify', 'walk again until nothing is missing').default(false))
    .addOption(
      new Option('--resume', 'go on where a run that failed or was killed ended').default(false),
    )
    .addOption(
      new Option('--since-last [job]', 'only contacts created since the last successful run'),
    )
    .addOption(new Option('--append', 'add to the file; its columns must match').default(false))
    .addOption(
      new Option('--manifest', 'write FILE.manifest.json: counts, sha256, completeness').default(
        false,
      ),
    )
    .addOption(new Option('--skip-empty', 'write no file when nothing matches').default(false))
    .addOption(new Option('--fail-on-empty', 'exit 9 when nothing matches').default(false))
    .action(perform(() => import('./contacts/export.ts')));
  addExamples(command, [
    'reekolect contacts export --tag vip -o vip.csv',
    'reekolect contacts export --columns all --manifest -o "contacts-{date}.xlsx"',
    'reekolect contacts export --since-last leads --append -o leads.csv',
    'reekolect contacts export --format ndjson | jq -r .status',
  ]);
}

function declareCount(contacts: Command, perform: Perform): void {
  const count = contacts.command('count').description('print how many contacts match');
  addFilterFlags(count);
  addRequestFlags(count)
    .addOption(
      new Option('--format <name>', 'text, or json: {"count":240}')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addOption(new Option('--fail-on-empty', 'exit 9 when nothing matches').default(false))
    .addHelpText(
      'after',
      `
Large accounts are not read: the end is found by some two dozen requests. Filters that have to be
checked contact by contact (dates, booleans, tags, status, segments) need --trust-server for that.

Examples:
  reekolect contacts count
  reekolect contacts count --tag vip --created-after 30d
  test "$(reekolect contacts count --status OPEN)" -lt 100 || echo "the inbox is filling up"`,
    )
    .action(perform(() => import('./contacts/count.ts')));
  addExamples(count, [
    'reekolect contacts count --status OPEN',
    'reekolect contacts count --created-after today --format json',
  ]);
}

function declareGet(contacts: Command, perform: Perform): void {
  const get = contacts.command('get').description('show one contact, all its fields');
  get.argument('<id|email|phone>', 'a phone may be written in any way');
  addOutputFlags(get, ownColumns('columns to show, e.g. name,phone,attr.city,.profile.notes'));
  get.optionsGroup?.('Request:');
  get.addOption(new Option('--all-chats', 'look through visitors too'));
  addZoneFlag(get)
    .addOption(new Option('--dry-run', 'print the first request and send nothing').default(false))
    .addHelpText(
      'after',
      `
A json contact is one object, as the service sent it. Exit 9: there is none; exit 2: several.`,
    )
    .action(perform(() => import('./contacts/get.ts')));
  addExamples(get, [
    'reekolect contacts get megan@example.com',
    'reekolect contacts get "082 123 4567" --columns name,status,attr.city',
    'reekolect contacts get 66e07fd940c43d176eaf0b71 --format json | jq .profile',
  ]);
}

function declareStats(contacts: Command, perform: Perform): void {
  const stats = contacts
    .command('stats')
    .description('count contacts by status, platform, tag, country, agent or time');
  stats
    .addOption(
      new Option(
        '--by <what>',
        'status, platform, tag, country, agent, created:day, created:week, created:month (default: status,platform)',
      ).argParser(collect),
    )
    .addOption(new Option('--all', 'draw every bar of a long chart').default(false));
  addOutputFlags(addFilterFlags(stats), ownColumns('columns to show, of by,value,count,share'));
  addRequestFlags(stats)
    .addHelpText(
      'after',
      `
Bars on a terminal, tab-separated values in a pipe. A share is one of all contacts counted.`,
    )
    .action(perform(() => import('./contacts/stats.ts')));
  addExamples(stats, [
    'reekolect contacts stats --created-after 30d --by created:day',
    'reekolect contacts stats --by tag,country --tag vip',
    'reekolect contacts stats --by created:month --format csv -o growth.csv',
  ]);
}

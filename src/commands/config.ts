import { type Command, Option } from 'commander';
import type { Perform } from '../cli/action.ts';
import { addExamples } from '../cli/examples.ts';
import type { GlobalOptions } from '../cli/flags.ts';
import type { ListingOptions } from './listing.ts';

/** Declares `config` and its verbs. They work whatever the store holds, to put it right. */
export function declareConfig(config: Command, perform: Perform): void {
  const program = config.parent as Command;
  addExamples(config, [
    'reekolect config set timeout 60',
    'reekolect config set columns name,phone,tags',
    'reekolect config set contacts.export.format ndjson',
    'reekolect config list',
  ]);
  const list = config
    .command('list')
    .description('show every setting, its value, and where that comes from')
    .addOption(new Option('--format <name>', 'how to show them').choices(['table', 'tsv', 'json']))
    .action(
      perform(async () => {
        const { listSettings } = await import('./config/list.ts');
        return {
          run: (options: ListingOptions, context) => listSettings(program, options, context),
        };
      }, 'sound'),
    );
  addExamples(list, ['reekolect config list', 'reekolect config list --format json']);
  const get = config
    .command('get')
    .argument('<key>', "a flag's long name")
    .description('print the value in force')
    .action(
      perform(async () => {
        const { getSetting } = await import('./config/get.ts');
        return {
          run: (_options: GlobalOptions, context, key = '') => getSetting(program, context, key),
        };
      }, 'sound'),
    );
  addExamples(get, ['reekolect config get timeout', 'reekolect config get api-url --profile work']);
  const set = config
    .command('set')
    .argument('<key>', "a flag's long name; behind a command's words for that command alone")
    .argument('<value>', 'what the flag would take')
    .description('store a default for a flag')
    .addHelpText('after', keysText)
    .action(
      perform(async () => {
        const { setSetting } = await import('./config/set.ts');
        return {
          run: (_options: GlobalOptions, context, key = '', value = '') =>
            setSetting(program, context, key, value),
        };
      }, 'sound'),
    );
  addExamples(set, [
    'reekolect config set timeout 60',
    'reekolect config set profile work',
    'reekolect config set api-url https://api.example.com --profile work',
    'reekolect config set contacts.export.columns all',
  ]);
  const unset = config
    .command('unset')
    .argument('<key>', "a flag's long name")
    .description('forget a stored default')
    .action(
      perform(async () => {
        const { unsetSetting } = await import('./config/unset.ts');
        return {
          run: (_options: GlobalOptions, context, key = '') => unsetSetting(program, context, key),
        };
      }, 'sound'),
    );
  addExamples(unset, [
    'reekolect config unset timeout',
    'reekolect config unset contacts.export.format',
  ]);
  const path = config
    .command('path')
    .description("print the settings file's path")
    .action(perform(() => import('./config/path.ts'), 'sound'));
  addExamples(path, ['reekolect config path', 'cat "$(reekolect config path)"']);
}

const keysText = `
A flag given on the command line wins, then the environment, then the store.
contacts export takes its format from -o FILE, --format or
contacts.export.format alone, so that scripts get what they always got;
a stored value that does not suit a command is left out there.
The token is no setting: reekolect auth login stores it.`;

import { verb } from '../../cli/verb.ts';
import { settingsFile } from '../../state/settings.ts';

export const path = verb({
  name: 'path',
  summary: "show the settings file's path",
  flags: {},
  examples: ['reekolect config path', 'cat "$(reekolect config path)"'],
  settings: 'lenient',
  async run(_options, { context: { stdout, env } }) {
    stdout.write(`${settingsFile(env)}\n`);
  },
});

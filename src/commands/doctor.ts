import { botFlags } from '../cli/bot-flags.ts';
import { valueFlag } from '../cli/flag.ts';
import { verb } from '../cli/verb.ts';

/** It works whatever the settings hold, to say what is wrong there. */
export const doctor = verb({
  name: 'doctor',
  summary: 'check settings, token, host, proxy and clock',
  flags: {
    format: valueFlag<'text' | 'json'>(
      '-f, --format <name>',
      'lines for people, or one JSON array',
      { choices: ['text', 'json'], otherwise: 'text' },
    ),
    ...botFlags,
  },
  more: `Sends one request for a page of contacts and, where there is a bot token and a
bot is named, one for a page of its leads. Exit 0: all is well, warnings aside;
else the exit code of the first check that failed: 2, 4, 5, 6 or 7.`,
  examples: [
    'reekolect doctor',
    'reekolect doctor --profile work',
    'reekolect doctor --format json | jq -r \'.[] | select(.state == "failed").hint\'',
  ],
  settings: 'lenient',
  async run({ format, ...bot }, session, _args, program) {
    const { examine } = await import('./doctor/examine.ts');
    await examine(format, bot, session, program);
  },
});

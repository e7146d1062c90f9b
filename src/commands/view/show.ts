import { filterLine } from '../../cli/filter-line.ts';
import { valueFlag } from '../../cli/flag.ts';
import { verb } from '../../cli/verb.ts';
import { contactFilters } from '../../records/contacts/filters.ts';
import { readView } from '../../state/views.ts';
import { safeJson } from '../../terminal/safe-json.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';

export const show = verb({
  name: 'show',
  summary: 'show a view as a command line to paste',
  args: [{ name: '<name>', help: 'a view' }],
  flags: {
    format: valueFlag<'text' | 'json'>(
      '-f, --format <name>',
      'a command line, or the filters as json',
      { choices: ['text', 'json'], otherwise: 'text' },
    ),
  },
  examples: ['reekolect view show vip', 'reekolect view show vip --format json'],
  async run({ format }, { settings, context }, [name = '']) {
    const { stdout, env } = context;
    const filters = readView(name, contactFilters, settings, env);
    const text =
      format === 'json'
        ? safeJson(JSON.stringify(filters, null, 2))
        : sanitizeText(`reekolect contacts list ${filterLine(contactFilters, filters)}`);
    stdout.write(`${text}\n`);
  },
});

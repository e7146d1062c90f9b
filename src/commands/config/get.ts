import { findKey } from '../../cli/setting-keys.ts';
import { effectiveOf } from '../../cli/setting-values.ts';
import { verb } from '../../cli/verb.ts';
import { ExplainedError, exitCodes } from '../../errors.ts';
import { sanitizeText } from '../../terminal/sanitize.ts';

/** Exit 9 where there is no value. */
export const get = verb({
  name: 'get',
  summary: 'show the value in force',
  args: [{ name: '<key>', help: "a flag's long name" }],
  flags: {},
  examples: ['reekolect config get timeout', 'reekolect config get api-url --profile work'],
  settings: 'lenient',
  async run(_options, session, [name = ''], program) {
    const key = findKey(program, name);
    const found = await effectiveOf(key, session);
    if (found === undefined) {
      throw new ExplainedError({
        exit: exitCodes.nothing,
        code: 'not-set',
        message: `${key.name} is not set`,
        hint: `set it: reekolect config set ${key.name} VALUE`,
      });
    }
    session.context.stdout.write(`${sanitizeText(found.value)}\n`);
  },
});

import type { GlobalOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { changeSettings, readSettings } from '../../state/settings.ts';
import { Log } from '../../terminal/log.ts';
import { checkViewName } from './stored.ts';

/** Forgets a view, a damaged one too. */
export async function run(options: GlobalOptions, context: Context, name: string): Promise<void> {
  checkViewName(name, readSettings(context.env));
  await changeSettings(context.env, (before) => {
    const { [name]: _forgotten, ...views } = before.views ?? {};
    return { ...before, views };
  });
  new Log(context, options).status(`forgot the view ${name}`);
}

import type { Context } from '../../context.ts';
import { changeSettings, readSettings } from '../../state/settings.ts';
import { Voice } from '../../terminal/voice.ts';
import type { GlobalOptions } from '../flags.ts';
import { checkViewName } from './stored.ts';

/** Forgets a view, a damaged one too. */
export async function run(options: GlobalOptions, context: Context, name: string): Promise<void> {
  checkViewName(name, readSettings(context.env));
  await changeSettings(context.env, (before) => {
    const { [name]: _forgotten, ...views } = before.views ?? {};
    return { ...before, views };
  });
  new Voice(context, options).say(`forgot the view ${name}`);
}

import type { Context } from '../../context.ts';
import { settingsFile } from '../../state/settings.ts';

/** Prints where the store is, whether there is one yet or not. */
export async function run(_options: unknown, { stdout, env }: Context): Promise<void> {
  stdout.write(`${settingsFile(env)}\n`);
}

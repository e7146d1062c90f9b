import type { Command } from 'commander';
import type { Context } from '../context.ts';

/** The body of a command, imported only when it runs. */
export interface Body {
  // biome-ignore lint/suspicious/noExplicitAny: each body states the options that its declaration gives it
  run(options: any, context: Context, ...args: string[]): Promise<void>;
}

export type Action = (...args: unknown[]) => Promise<void>;

/**
 * Makes commander's action of a body: plain options, the context, then the arguments.
 * With `sound` the command works whatever the store holds; others refuse a store that is wrong.
 */
export type Perform = (load: () => Promise<Body>, store?: 'sound') => Action;

export function performWith(context: Context): Perform {
  return (load, store) =>
    async (...args) => {
      const command = args.at(-1) as Command;
      const { applySoundStore, applyStore } = await import('./stored-defaults.ts');
      await (store === 'sound' ? applySoundStore : applyStore)(command, context.env);
      const { run } = await load();
      await run(command.optsWithGlobals(), context, ...command.args);
    };
}

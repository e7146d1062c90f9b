import type { Command } from 'commander';
import type { Context } from '../context.ts';

/** The body of a command, imported only when it runs. */
export interface Body {
  // biome-ignore lint/suspicious/noExplicitAny: each body states the options that its declaration gives it
  run(options: any, context: Context, ...args: string[]): Promise<void>;
}

export type Action = (...args: unknown[]) => Promise<void>;

/** Makes commander's action of a body: plain options, the context, then the arguments. */
export type Perform = (load: () => Promise<Body>) => Action;

export function performWith(context: Context): Perform {
  return (load) =>
    async (...args) => {
      const command = args.at(-1) as Command;
      const { run } = await load();
      await run(command.optsWithGlobals(), context, ...command.args);
    };
}

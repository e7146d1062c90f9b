import { PassThrough } from 'node:stream';
import { readOptions } from '../../src/cli/flag.ts';
import { globalFlags } from '../../src/cli/global-flags.ts';
import { wordsOf } from '../../src/cli/stored-option.ts';
import type { Context } from '../../src/context.ts';
import { buildProgram } from '../../src/program.ts';
import { FakeOutput } from './context.ts';

export interface Parsed {
  /** `contacts list`. */
  readonly verb: string;
  readonly args: readonly string[];
  /** What differs from the verb's options when nothing is typed. */
  readonly options: { readonly [name: string]: unknown };
  readonly globals: { readonly [name: string]: unknown };
}

/** What a command line would hand to its verb; nothing is run. Throws what parsing throws. */
export async function parse(line: string | readonly string[]): Promise<Parsed> {
  const words = typeof line === 'string' ? line.split(' ').filter(Boolean) : line;
  const typed = await parseWhole(words);
  const bare = await parseWhole([...typed.verb.split(' '), ...typed.args]);
  const differing = (all: object, usual: object) =>
    Object.fromEntries(
      Object.entries(all).filter(
        ([name, value]) =>
          JSON.stringify(value) !==
          JSON.stringify((usual as { readonly [name: string]: unknown })[name]),
      ),
    );
  return {
    ...typed,
    options: differing(typed.options, bare.options),
    globals: differing(typed.globals, bare.globals),
  };
}

async function parseWhole(args: readonly string[]): Promise<Parsed> {
  let parsed: Parsed | undefined;
  const context: Context = {
    args,
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    stdout: new FakeOutput(),
    stderr: new FakeOutput(),
    env: {},
    signal: new AbortController().signal,
    now: () => new Date(),
  };
  const program = await buildProgram(context, {
    async bridge({ flags }, command) {
      parsed = {
        verb: wordsOf(command).join(' '),
        args: command.args,
        options: readOptions(flags, command),
        globals: readOptions(globalFlags, command),
      };
    },
  });
  await program.parseAsync([...args], { from: 'user' });
  if (parsed === undefined) throw new Error('no verb was reached');
  return parsed;
}

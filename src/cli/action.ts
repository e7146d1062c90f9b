import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { Session } from '../session.ts';
import { readSettings } from '../state/settings.ts';
import { type Flags, type OptionsOf, readOptions } from './flag.ts';
import { globalFlags } from './global-flags.ts';
import { applyDefaults } from './stored-defaults.ts';
import { rootOf } from './stored-option.ts';

/** What a verb is once its words are read. */
export interface Runnable<Declared extends Flags> {
  readonly flags: Declared;
  /** `lenient`: it works whatever the settings hold, to put them right. */
  readonly settings?: 'lenient';
  /** Costly imports belong inside. `root` is the whole command tree. */
  readonly run: (
    options: OptionsOf<Declared>,
    session: Session,
    args: readonly string[],
    root: Command,
  ) => Promise<void>;
}

/** Runs a verb, or in tests only notes what it would get. */
export type Bridge = <Declared extends Flags>(
  verb: Runnable<Declared>,
  command: Command,
) => Promise<void>;

/** What all commands of a program share. */
interface Shared {
  readonly context: Context;
  readonly bridge: Bridge;
}

const sharedByRoot = new WeakMap<Command, Shared>();

export function share(root: Command, context: Context, bridge: Bridge = runVerb): void {
  sharedByRoot.set(root, { context, bridge });
}

export function sharedWith(command: Command): Shared {
  const shared = sharedByRoot.get(rootOf(command));
  if (shared === undefined) throw new Error('the program was built without a context');
  return shared;
}

/** The one way from argv to a command's body: defaults, then options and the session. */
async function runVerb<Declared extends Flags>(
  { flags, settings, run }: Runnable<Declared>,
  command: Command,
): Promise<void> {
  const { context } = sharedWith(command);
  const lenient = settings === 'lenient';
  const stored = lenient ? readableSettings(context) : readSettings(context.env);
  if (stored !== undefined) await applyDefaults(command, stored, context.env, lenient);
  const session = new Session(context, readOptions(globalFlags, command), stored);
  try {
    await run(readOptions(flags, command), session, command.args, rootOf(command));
  } finally {
    await session.close();
  }
}

/** Undefined where they can't be read; whoever needs them then meets the error. */
function readableSettings({ env }: Context) {
  try {
    return readSettings(env);
  } catch {
    return undefined;
  }
}

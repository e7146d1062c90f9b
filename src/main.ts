import { once } from 'node:events';
import { CommanderError } from 'commander';
import { withCommandCut } from './cli/command-flag.ts';
import { withDashedValues } from './cli/dashed-values.ts';
import { type Context, ReaderGone } from './context.ts';
import { ExplainedError, exitCodes, localError } from './errors.ts';
import { replaceControlsAndBidi } from './output/formats/control-characters.ts';
import { stdoutError } from './output/stdout.ts';
import { buildProgram, wholeProgram } from './program.ts';
import { colorLevel } from './terminal/capabilities.ts';
import { safeJson } from './terminal/safe-json.ts';
import { sanitizeText } from './terminal/sanitize.ts';
import { version } from './version.ts';

/** How long a run that was stopped may take to close what it opened. */
const closingMs = 600;

/** Runs a command line and returns its exit code: the only place where failures end. */
export async function main(context: Context): Promise<number> {
  const failure = await Promise.race([failureOf(context), overdue(context.signal)]);
  return failure === undefined ? exitCodes.done : report(failure, context);
}

/** Runs the command to its end, output included. */
async function failureOf(context: Context): Promise<unknown> {
  const { args, stdout, signal } = context;
  let lost: Error | undefined;
  stdout.once('error', (error) => {
    lost = error;
  });
  try {
    const program = await buildProgram(context);
    await program.parseAsync(withDashedValues(withCommandCut(args), program), { from: 'user' });
  } catch (error) {
    if (signal.aborted || !endsWell(error)) return explained(error, args);
  }
  // Short texts are written without waiting: whether they arrived is known only now.
  await new Promise<void>((resolve) => stdout.write('', () => setImmediate(resolve)));
  const failure = lost && stdoutError(lost);
  return failure instanceof ReaderGone ? undefined : failure;
}

/** What commander says of a mistake is told in our words, with what to do. */
async function explained(error: unknown, args: readonly string[]): Promise<unknown> {
  if (!(error instanceof CommanderError)) return error ?? new Error('nothing was thrown');
  const { explainMistake } = await import('./cli/mistakes.ts');
  return explainMistake(error, args, await wholeProgram());
}

/** --help and --version end by an error, and so does a reader that has had enough. */
function endsWell(error: unknown): boolean {
  if (!(error instanceof CommanderError)) return error instanceof ReaderGone;
  // A noun without a verb, or nothing at all, has shown its help.
  return error.exitCode === 0 || error.code === 'commander.help';
}

/** The interruption itself, where the run does not end soon after it. */
async function overdue(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted) await once(signal, 'abort');
  await new Promise((resolve) => setTimeout(resolve, closingMs).unref());
  return signal.reason;
}

/** Tells what ended a run, on stderr, and returns the exit code that goes with it. */
export function report(error: unknown, context: Context): number {
  const { stderr, signal } = context;
  const asJson = wantsJson(context.args);
  const hasColors = colorLevel(stderr, context.env, !context.args.includes('--no-color')) > 0;
  // What fails after an interruption fails because of it; the interruption itself may have a hint.
  if (signal.aborted && !isInterruption(error)) return report(signal.reason, context);
  // After Ctrl-C nothing has to be said.
  if (isInterruption(error) && error.hint === undefined && !asJson) return error.exit;
  if (isFolderGone(error)) return report(folderGone, context);
  if (error instanceof ExplainedError) {
    stderr.write(told(asJson, error, hasColors));
    return error.exit;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  stderr.write(
    told(
      asJson,
      {
        code: 'bug',
        message: `a bug in reekolect ${version}: ${error instanceof Error ? error.message : error}`,
        hint: 'please report it, with the command and the lines below',
      },
      hasColors,
    ),
  );
  stderr.write(`${stack}\n`);
  return exitCodes.bug;
}

const folderGone = localError(
  'folder',
  'the working folder is gone: it was removed or moved',
  'change to a folder that is there, and run the command again',
);

function isFolderGone(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd';
}

function isInterruption(error: unknown): error is ExplainedError {
  const codes: readonly unknown[] = [exitCodes.interrupted, exitCodes.terminated];
  return error instanceof ExplainedError && codes.includes(error.exit);
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly status?: number | undefined;
}

/** In red is what it is, as gh does. */
function told(asJson: boolean, { code, message, hint, status }: Told, hasColors = false): string {
  if (asJson) {
    const clean = (text: string | undefined) =>
      text === undefined ? null : replaceControlsAndBidi(text);
    const error = { code, message: clean(message), hint: clean(hint), status: status ?? null };
    return `${safeJson(JSON.stringify(error))}\n`;
  }
  const lines = [message, ...(hint === undefined ? [] : [hint])];
  const text = lines.map((line) => `${sanitizeText(line)}\n`).join('');
  return `${hasColors ? '\x1b[31merror:\x1b[39m' : 'error:'} ${text}`;
}

/** Looked for by hand, since the mistake may be in what commander could not parse. */
function wantsJson(args: readonly string[]): boolean {
  const forms = args.flatMap((arg, at) => {
    if (arg === '--errors') return args[at + 1] ?? [];
    return arg.startsWith('--errors=') ? arg.slice('--errors='.length) : [];
  });
  return forms.at(-1) === 'json';
}

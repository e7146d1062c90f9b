import { CommanderError } from 'commander';
import { type Context, ReaderGone } from './context.ts';
import { ExplainedError, errnoOf, exitCodes, localError } from './errors.ts';
import { buildProgram } from './program.ts';
import { sanitizeText } from './terminal/sanitize.ts';
import { version } from './version.ts';

/** Runs a command line and returns its exit code: the only place where failures end. */
export async function main(context: Context): Promise<number> {
  const { args, stdout } = context;
  let lost: Error | undefined;
  stdout.once('error', (error) => {
    lost = error;
  });
  const exit = await perform(context);
  if (exit !== exitCodes.done) return exit;
  // Short texts are written without waiting: whether they arrived is known only now.
  await new Promise<void>((resolve) => stdout.write('', () => setImmediate(resolve)));
  if (lost === undefined || errnoOf(lost) === 'EPIPE') return exit;
  const failure = localError('stdout', `standard output can't be written (${errnoOf(lost)})`);
  return report(failure, wantsJson(args), context);
}

async function perform(context: Context): Promise<number> {
  const { args } = context;
  try {
    await buildProgram(context).parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    return report(error, wantsJson(args), context);
  }
}

function report(error: unknown, asJson: boolean, context: Context): number {
  const { stderr, signal } = context;
  // Whatever an interruption broke, it was the interruption; its own hint may come with it.
  if (signal.aborted && !isInterruption(error)) return report(signal.reason, asJson, context);
  if (error instanceof ReaderGone) return exitCodes.done;
  // Who pressed Ctrl-C knows of it.
  if (isInterruption(error) && error.hint === undefined && !asJson) return error.exit;
  if (error instanceof CommanderError) return reportParsing(error, asJson, stderr);
  if (error instanceof ExplainedError) {
    stderr.write(told(asJson, error));
    return error.exit;
  }
  const stack = error instanceof Error ? error.stack : String(error);
  stderr.write(
    told(asJson, {
      code: 'bug',
      message: `a bug in reekolect ${version}: ${error instanceof Error ? error.message : error}`,
      hint: 'please report it, with the command and the lines below',
    }),
  );
  stderr.write(`${stack}\n`);
  return exitCodes.bug;
}

function isInterruption(error: unknown): error is ExplainedError {
  const codes: readonly unknown[] = [exitCodes.interrupted, exitCodes.terminated];
  return error instanceof ExplainedError && codes.includes(error.exit);
}

function reportParsing(error: CommanderError, asJson: boolean, stderr: Context['stderr']): number {
  // --help and --version end by this too, as does a group without a verb after showing its help.
  if (error.exitCode === 0) return exitCodes.done;
  if (error.code === 'commander.help') return exitCodes.usage;
  const [first = '', guess] = error.message.replace(/^error: /, '').split('\n');
  const hint = guess?.replace(/^\(|\)$/g, '') ?? 'see reekolect --help';
  // What was typed after `=` may be a token.
  const message = first.replace(/^(unknown option '[^=']*)=.*/s, "$1'");
  stderr.write(told(asJson, { code: 'usage', message, hint }));
  return exitCodes.usage;
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly status?: number | undefined;
}

function told(asJson: boolean, { code, message, hint, status }: Told): string {
  if (asJson)
    return `${JSON.stringify({ code, message, hint: hint ?? null, status: status ?? null })}\n`;
  const lines = [`error: ${message}`, ...(hint === undefined ? [] : [hint])];
  return lines.map((line) => `${sanitizeText(line)}\n`).join('');
}

/** Looked for by hand, since the mistake may be in what commander could not parse. */
function wantsJson(args: readonly string[]): boolean {
  return args.some(
    (arg, at) => arg === '--errors=json' || (arg === '--errors' && args[at + 1] === 'json'),
  );
}

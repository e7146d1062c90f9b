import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Env } from '../context.ts';
import { type ExplainedError, errnoOf, localError } from '../errors.ts';
import { abortableWait } from '../read/abortable.ts';
import { reasonOf } from '../reasons.ts';
import type { Session } from '../session.ts';
import { sanitizeLines } from '../terminal/sanitize.ts';

export interface CommandRun {
  readonly command: readonly string[];
  /** Goes to its standard input. */
  readonly input: string;
  readonly timeoutMs: number;
}

const tries = 5;
const firstPauseMs = 1000;
/** How long a command that is told to end may take before it is killed. */
const graceMs = 300;

/** Runs the command until it exits with 0, up to five times. Throws exit 7 that names the record. */
export async function runCommand(run: CommandRun, record: string, session: Session): Promise<void> {
  const { context, log } = session;
  const wait = context.wait ?? abortableWait(context.signal);
  for (let attempt = 1; ; attempt += 1) {
    const failure = await runOnce(run, session);
    context.signal.throwIfAborted();
    if (failure === undefined) return;
    if (attempt === tries) throw gaveUp(record, failure);
    const pause = firstPauseMs * 2 ** (attempt - 1);
    log.warn(
      `the command ${failure} on the record ${record}; attempt ${attempt + 1} of ${tries} in ${pause / 1000} s`,
    );
    await wait(pause);
  }
}

/** How it failed; undefined where it did not. */
async function runOnce(
  { command, input, timeoutMs }: CommandRun,
  { context }: Session,
): Promise<string | undefined> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    env: withoutSecrets(context.env),
    // A group of its own, so that what it starts ends with it.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let late = false;
  const end = () => endGroup(child);
  const timer = setTimeout(() => {
    late = true;
    end();
  }, timeoutMs);
  context.signal.addEventListener('abort', end, { once: true });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      context.stderr.write(context.stderr.isTTY === true ? sanitizeLines(text) : text);
    });
  }
  // It may end without reading what it was given.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    if (late) return `took longer than ${timeoutMs / 1000} s and was killed`;
    if (signal !== null) return `was ended by ${signal}`;
    return code === 0 ? undefined : `exited with ${code}`;
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
    throw localError(
      'exec',
      `${program} can't be run: ${reasonOf(error)}`,
      'what follows --exec is the command and its words, without a shell',
    );
  } finally {
    clearTimeout(timer);
    context.signal.removeEventListener('abort', end);
  }
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  kill(pid, 'SIGTERM');
  setTimeout(() => kill(pid, 'SIGKILL'), graceMs);
}

function kill(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** Our secrets are none of the command's business. */
function withoutSecrets(env: Env): NodeJS.ProcessEnv {
  const secret = /^REEKOLECT_.*TOKEN|^REEKOLECT_DATABASE_URL|^PGPASSWORD$/i;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !secret.test(name)));
}

function gaveUp(record: string, failure: string): ExplainedError {
  return localError(
    'exec-failed',
    `the command ${failure}, ${tries} times, on the record ${record}`,
    'put the command right, and start again: a watch with --job goes on before this record',
  );
}

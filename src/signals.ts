import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Env } from './context.ts';
import { exitCodes } from './errors.ts';
import { accessOf, isShell, openAt, processAt } from './proc.ts';

/** The signals that end a run, by their numbers. */
export const endingSignals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

export type EndingSignal = keyof typeof endingSignals;

type SignalExit = 130 | 143;

/** What a run that a signal ended exits with. */
export function exitAfter(signal: EndingSignal): SignalExit {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}

const stopFromTerminal = 20;

/**
 * The signals that were ignored when the process was started, as far as that can be told: the
 * usual builds of Node reset them before any script runs, so that mostly their traces must tell.
 * `proc` is for tests.
 */
export function ignoredAtStart(env: Env, ppid: number, proc = '/proc'): ReadonlySet<EndingSignal> {
  const parent = processAt(`${proc}/${ppid}`);
  const ignored = new Set(signalsIn(processAt(`${proc}/self`).ignored));
  if (basename(env['_'] ?? '') === 'nohup' || accessOf(`${proc}/self`, 0) === 'write') {
    ignored.add('SIGHUP');
  }
  if (!isShell(`${proc}/${ppid}`)) return ignored;
  for (const signal of signalsIn(parent.ignored)) {
    // A shell at a terminal ignores SIGTERM for itself, and lets its jobs have it.
    const isAtTerminal = hasSignal(parent.ignored, stopFromTerminal);
    if (signal !== 'SIGTERM' || !isAtTerminal) ignored.add(signal);
  }
  if (isScriptsJob(proc, ppid)) ignored.add('SIGINT');
  return ignored;
}

/**
 * Whether a script started us by `&`: a shell without job control keeps its group for such a job,
 * and opens /dev/null for its input. A foreground job whose input is /dev/null looks the same.
 */
function isScriptsJob(proc: string, ppid: number): boolean {
  const [us, parent] = [`${proc}/self`, `${proc}/${ppid}`];
  if (!hasNoInput(us)) return false;
  if (processAt(us).group !== processAt(parent).group) return false;
  // Where the script's own input is the same, ours may be nothing but that.
  return !hasNoInput(parent);
}

function hasNoInput(folder: string): boolean {
  return openAt(folder, 0) === '/dev/null' && accessOf(folder, 0) === 'read';
}

function signalsIn(mask: number): readonly EndingSignal[] {
  const signals = Object.keys(endingSignals) as EndingSignal[];
  return signals.filter((signal) => hasSignal(mask, endingSignals[signal]));
}

function hasSignal(mask: number, number: number): boolean {
  return (mask & (1 << (number - 1))) !== 0;
}

/** Calls of the system that may never return: process.exit would wait for them, deaf to signals. */
const blocking = /^(?:FSReq|FILEHANDLE|GetAddrInfo|GetNameInfo)/i;

function isBlocked(): boolean {
  return process.getActiveResourcesInfo().some((name) => blocking.test(name));
}

/** Ends the process once no call of the system is under way; after a signal soon in any case. */
export async function exitSoon(exit: number): Promise<void> {
  for (let tries = 0; isBlocked(); tries += 1) {
    if (tries === 30 && isSignalExit(exit)) return exitNow(exit);
    await sleep(10);
  }
  process.exit(exit);
}

/** Ends a run that a signal has stopped at once, whatever is still under way. */
export function exitNow(exit: SignalExit): void {
  if (!isBlocked()) process.exit(exit);
  // To a shell, death by these signals is exit 130 and 143.
  process.emit('exit', exit);
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  const signal = exit === exitCodes.interrupted ? 'SIGINT' : 'SIGTERM';
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function isSignalExit(exit: number): exit is SignalExit {
  return exit === exitCodes.interrupted || exit === exitCodes.terminated;
}

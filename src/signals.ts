import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import type { Env } from './context.ts';
import { exitCodes } from './errors.ts';

/** The signals that end a run, by their numbers. */
export const endingSignals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

export type EndingSignal = keyof typeof endingSignals;

/** What a run that a signal ended exits with. */
export function exitAfter(signal: EndingSignal): 130 | 143 {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}

const shells = /^(?:ba|da|z|k|mk|lk|a|fi)?sh$|^busybox$/;
const stopFromTerminal = 20;

/**
 * The signals that were ignored when the process was started, as far as that can be told.
 * Node resets them before any script runs, so what counts is who started it: nohup, or a shell
 * with `trap ''`. A job that a script started by `&` leaves no trace. `proc` is for tests.
 */
export function ignoredAtStart(env: Env, ppid: number, proc = '/proc'): ReadonlySet<EndingSignal> {
  const ignored = new Set<EndingSignal>();
  if (basename(env['_'] ?? '') === 'nohup' || isOnlyWritable(`${proc}/self/fdinfo/0`)) {
    ignored.add('SIGHUP');
  }
  // Field 33 of 52; the second, the name in brackets, may hold blanks.
  const fields = read(`${proc}/${ppid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  const mask = Number(fields[30] ?? 0);
  const ignores = (number: number) => (mask & (1 << (number - 1))) !== 0;
  const found = Object.entries(endingSignals).filter(([, number]) => ignores(number));
  if (found.length === 0 || !shells.test(programOf(`${proc}/${ppid}/exe`))) return ignored;
  for (const [signal] of found) {
    // A shell at a terminal ignores SIGTERM for itself, and lets its jobs have it.
    if (signal === 'SIGTERM' && ignores(stopFromTerminal)) continue;
    ignored.add(signal as EndingSignal);
  }
  return ignored;
}

/** Standard input that can only be written is nohup's doing. */
function isOnlyWritable(fdinfo: string): boolean {
  return /^flags:\s*[0-7]*[15]$/m.test(read(fdinfo));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

function programOf(link: string): string {
  try {
    return basename(readlinkSync(link));
  } catch {
    return '';
  }
}

/** Calls of the system that may block for ever in a thread, and that process.exit would wait for. */
const blocking = /^(?:FSReq|FILEHANDLE|GetAddrInfo|GetNameInfo)/i;

/** Ends the process at once, whatever is still under way. */
export function exitNow(exit: number): void {
  process.exitCode = exit;
  if (!process.getActiveResourcesInfo().some((name) => blocking.test(name))) process.exit();
  const interrupted = exit === exitCodes.interrupted;
  if (!interrupted && exit !== exitCodes.terminated) return;
  // Shells show death by these signals as 130 and 143.
  process.emit('exit', exit);
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  const signal = interrupted ? 'SIGINT' : 'SIGTERM';
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

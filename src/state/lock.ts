import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { ExplainedError, errnoOf, exitCodes, fileError } from '../errors.ts';

/** Who holds a lock. The start time tells a process from a later one with the same id. */
interface Holder {
  readonly pid: number;
  /** When the process started, in the system's own words. */
  readonly born: string;
  readonly host: string;
  /** When the lock was taken, RFC 3339. */
  readonly since: string;
}

export interface Lock {
  release(): Promise<void>;
}

/** Does the work with the lock held; throws exit 75 at once when another run holds it. */
export async function withLock<T>(path: string, what: string, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(path, what);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** A lock whose holder has not written its name yet is young; an old one was left by a crash. */
const youngMs = 10_000;

/**
 * Takes the lock file at `path`, or throws exit 75 at once when a living process holds it.
 * `what` names the locked thing. A lock left by a crash is taken over.
 */
export async function takeLock(path: string, what: string): Promise<Lock> {
  const me: Holder = {
    pid: process.pid,
    born: birthOf(process.pid) ?? '',
    host: hostname(),
    since: new Date().toISOString(),
  };
  const text = `${JSON.stringify(me)}\n`;
  for (let tries = 0; tries < 5; tries += 1) {
    if (await create(path, text)) return { release: () => release(path, text) };
    const found = await readFile(path, 'utf8').catch(() => '');
    const holder = readHolder(found);
    if (holder === undefined ? await isYoung(path) : isAlive(holder))
      throw heldBy(what, holder, path);
    await clearStale(path, found);
  }
  throw heldBy(what, undefined, path);
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw fileError(path, error);
  }
}

/** Removes a stale lock, unless another process was quicker and the lock is now its own. */
async function clearStale(path: string, stale: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readFile(aside, 'utf8').catch(() => '');
  if (moved !== stale) await rename(aside, path);
  else await rm(aside, { force: true });
}

async function release(path: string, text: string): Promise<void> {
  const found = await readFile(path, 'utf8').catch(() => '');
  if (found === text) await rm(path, { force: true });
}

async function isYoung(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs < youngMs;
}

function isAlive({ pid, born, host }: Holder): boolean {
  // A process of another machine can't be looked up: believe it.
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, as another user.
    if (errnoOf(error) !== 'EPERM') return false;
  }
  const now = birthOf(pid);
  return now === undefined || born === '' || now === born;
}

/** When a process started: ticks since boot, with the boot's own id; elsewhere the clock time of ps. */
function birthOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const status = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
      // The name in parentheses may hold spaces; the start time is the 20th field after it.
      const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? 'ended' : `${boot} ${fields[19]}`;
    }
    if (process.platform === 'win32') return undefined;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

function readHolder(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isInteger(holder.pid) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function heldBy(what: string, holder: Holder | undefined, path: string): ExplainedError {
  const who = holder === undefined ? 'another run' : `process ${holder.pid}`;
  const since = holder === undefined ? '' : ` since ${holder.since}`;
  const elsewhere = holder !== undefined && holder.host !== hostname();
  return new ExplainedError({
    exit: exitCodes.locked,
    code: 'locked',
    message: `${who}${elsewhere ? ` on ${holder.host}` : ''} is writing ${what}${since}`,
    hint: elsewhere
      ? `wait for it; if that machine is gone, remove ${path}`
      : 'wait for it to end, or write to another file',
  });
}

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
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
  await seize(path, what, text);
  return { release: () => release(path, text) };
}

async function seize(path: string, what: string, text: string): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    if (await create(path, text)) return;
    const found = await readNamed(path);
    const holder = readHolder(found ?? '');
    if (holder !== undefined && isAlive(holder)) throw heldBy(what, holder, path);
    if (found !== undefined && (await replace(path, found, what, text))) return;
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
    // Who was very slow to write its name was taken for dead.
    return (await read(path)) === text;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw fileError(path, error);
  }
}

/** Puts our lock in place of a stale one. Only one process at a time may: who holds the lock on that. */
async function replace(path: string, stale: string, what: string, text: string): Promise<boolean> {
  const right = `${path}.${createHash('sha256').update(stale).digest('hex').slice(0, 8)}`;
  await seize(right, what, text);
  if ((await read(path)) !== stale) {
    await rm(right, { force: true });
    return false;
  }
  await rename(right, path);
  return true;
}

async function release(path: string, text: string): Promise<void> {
  if ((await read(path)) === text) await rm(path, { force: true });
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

/** How long a living process may take to write its name into a lock that it has made. */
const namingMs = 1000;

/** What a lock says; waits for the name of who has only just made it. Undefined when it is gone. */
async function readNamed(path: string): Promise<string | undefined> {
  for (let waited = 0; ; waited += 20) {
    const found = await read(path);
    if (found !== '' || waited >= namingMs) return found;
    await sleep(20);
  }
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

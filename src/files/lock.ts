import { createHash } from 'node:crypto';
import { type FileHandle, rename, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf, fileError } from '../errors.ts';
import { heldBy, isLocked, lockLost, waitOrElsewhere } from './lock-errors.ts';
import {
  createLock,
  type FoundLock,
  readLock,
  readNamedLock,
  replaceLock,
  resetTime,
  touchLock,
} from './lock-file.ts';
import {
  type Concluded,
  type Holder,
  isOtherBoot,
  judge,
  lockText,
  ourIdentity,
  parseConcluded,
  parseHolder,
} from './lock-holder.ts';
import { removeFile } from './remove-file.ts';
import { extensible } from './temporary-name.ts';

export interface Lock {
  /** Throws exit 75 when another run has taken it, as from a laptop that slept. */
  stillOurs(): Promise<void>;
  /** What a run had concluded whose lock was taken over: it was killed at the very end. */
  readonly concluded: Concluded | undefined;
  /** Writes into the lock that the work is done, and only cleaning up is left. */
  conclude(done: Concluded): Promise<void>;
  /** Removes the lock; harmless when it is no longer ours. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** How often a holder shows that it lives. */
  readonly heartbeatMs: number;
  /** Without a sign for so long a holder that can't be looked at is dead. */
  readonly staleMs: number;
  /** How long a dead holder's lock is watched once more. */
  readonly watchMs: number;
  /** How long to wait for another's work; 0 to fail at once. */
  readonly waitMs: number;
  /** What to do where another holds it. */
  readonly hint: string;
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

const usual: LockOptions = {
  heartbeatMs: 20_000,
  staleMs: 180_000,
  watchMs: 1000,
  waitMs: 0,
  hint: waitOrElsewhere,
};

/** Does the work with the lock held; throws exit 75 at once when another run holds it. */
export async function withLock<T>(
  path: string,
  what: string,
  work: (lock: Lock) => Promise<T>,
  options: Partial<LockOptions> = {},
): Promise<T> {
  const lock = await takeLock(path, what, options);
  try {
    return await work(lock);
  } finally {
    await lock.release();
  }
}

/**
 * Takes the lock file at `path`; `what` names the locked thing. A lock left by a crash is taken
 * over. Throws exit 75 at once when a living process holds it, exit 7 when it can't be a lock.
 */
export async function takeLock(
  path: string,
  what: string,
  options: Partial<LockOptions> = {},
): Promise<Lock> {
  const attempt = new LockAttempt(what, { ...usual, ...options });
  const until = performance.now() + attempt.options.waitMs;
  for (;;) {
    try {
      return attempt.hold(path, await attempt.seize(path));
    } catch (error) {
      if (!isLocked(error) || performance.now() >= until) throw error;
      await sleep(50);
      attempt.options.signal?.throwIfAborted();
    }
  }
}

/** One run's way to a lock. */
class LockAttempt {
  readonly options: LockOptions;
  readonly #what: string;
  readonly #us = ourIdentity();
  #text = lockText(this.#us);
  #concluded: Concluded | undefined;

  constructor(what: string, options: LockOptions) {
    this.#what = what;
    this.options = options;
  }

  #heldBy(holder: Holder | undefined, unseen?: string) {
    return heldBy(this.#what, holder, unseen, this.options.hint);
  }

  hold(path: string, file: FileHandle): Lock {
    const beat = setInterval(() => void touchLock(file), this.options.heartbeatMs).unref();
    return {
      concluded: this.#concluded,
      conclude: async (done) => {
        await touchLock(file);
        if (!(await this.#isOurs(path))) throw await lockLost(path, this.#what);
        const text = lockText(this.#us, done);
        await replaceLock(path, text);
        this.#text = text;
      },
      stillOurs: async () => {
        await touchLock(file);
        if (!(await this.#isOurs(path))) throw await lockLost(path, this.#what);
      },
      release: async () => {
        clearInterval(beat);
        await touchLock(file);
        await file.close().catch(() => {});
        const ours = await this.#isOurs(path).catch(() => false);
        if (ours) await rm(path, { force: true }).catch(() => {});
      },
    };
  }

  async seize(path: string): Promise<FileHandle> {
    for (let tries = 0; tries < 20; tries += 1) {
      const made = await createLock(path, this.#text);
      // Who was very slow to write its name was taken for dead.
      if (made !== undefined && (await this.#isOurs(path, ''))) return made;
      await made?.close();
      const found = await readNamedLock(path, this.options.signal);
      const taken = found && (await this.#takeOver(path, found));
      if (taken !== undefined) return taken;
    }
    throw this.#heldBy(undefined);
  }

  /**
   * Whether the lock is ours. Once it is touched it stays so: who had found it stale before can't
   * rename its claim any more.
   */
  async #isOurs(path: string, text = this.#text): Promise<boolean> {
    await removeFile(claimOn(path, text));
    return (await readLock(path))?.text === this.#text;
  }

  /** Puts our lock in place of a dead run's. Only who holds the claim on that lock may. */
  async #takeOver(path: string, found: FoundLock): Promise<FileHandle | undefined> {
    const holder = parseHolder(found.text);
    const verdict = holder === undefined ? 'dead' : judge(holder, this.#us);
    if (verdict === 'alive') throw this.#heldBy(holder);
    const claim = claimOn(path, found.text);
    const file = await this.seize(claim).catch((error: unknown) => {
      throw verdict === 'unseen' && isLocked(error) ? this.#heldBy(holder, path) : error;
    });
    let taken = false;
    try {
      const free = verdict === 'dead' || (await this.#isStale(path, found, holder, file));
      if (!free) throw this.#heldBy(holder, path);
      if ((await readLock(path))?.text !== found.text) return undefined;
      taken = (await renameClaim(claim, path)) && (await this.#isOurs(path));
      if (taken) this.#concluded = parseConcluded(found.text);
      return taken ? file : undefined;
    } finally {
      if (!taken) {
        await file.close();
        await rm(claim, { force: true }).catch(() => {});
      }
    }
  }

  /** Judges by the time since the last sign, by the clock of the folder: ours may differ. */
  async #isStale(path: string, found: FoundLock, holder: Holder | undefined, claim: FileHandle) {
    const { heartbeatMs, staleMs, watchMs } = this.options;
    await touchLock(claim);
    const now = (await claim.stat()).mtimeMs;
    const age = now - found.mtimeMs;
    // The clock was set back: the time counts from here.
    if (age < -heartbeatMs) await resetTime(path, now);
    const rebooted = holder !== undefined && isOtherBoot(holder, this.#us) && age > uptime() * 1000;
    if (!rebooted && age <= staleMs) return false;
    await sleep(watchMs);
    const again = await readLock(path);
    return again === undefined || again.mtimeMs === found.mtimeMs;
  }
}

/** The lock on taking over a lock, named after the text that is to be replaced. */
function claimOn(path: string, text: string): string {
  const short = createHash('sha256').update(text).digest('hex').slice(0, 8);
  return join(dirname(path), `${extensible(basename(path))}.${short}`);
}

async function renameClaim(claim: string, path: string): Promise<boolean> {
  try {
    await rename(claim, path);
    return true;
  } catch (error) {
    // The holder has shown that it lives, and has removed the claim.
    if (errnoOf(error) === 'ENOENT') return false;
    throw fileError(path, error);
  }
}

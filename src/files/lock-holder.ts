import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { errnoOf } from '../errors.ts';
import { linkOr, processAt, textOr } from '../proc.ts';
import type { FileIdentity } from './file-identity.ts';

/** A process, so described that no other one is taken for it. */
export interface Identity {
  readonly pid: number;
  /** When it started: ticks since boot on Linux, elsewhere the time that ps gives. */
  readonly born: string;
  readonly host: string;
  /** The boot of the system and the process namespace; '' where there is no such thing. */
  readonly boot: string;
  readonly namespace: string;
}

/** Who holds a lock. */
export interface Holder extends Identity {
  /** When the lock was taken, RFC 3339. */
  readonly since: string;
}

/** The file of a run of which only cleaning up was left, and what that run was asked for. */
export interface Concluded extends FileIdentity {
  readonly request: string;
}

/** `unseen`: from here nobody can look whether it lives. */
export type Verdict = 'alive' | 'dead' | 'unseen';

const linux = process.platform === 'linux';

export function ourIdentity(): Identity {
  return {
    pid: process.pid,
    born: (linux ? startOf('self') : psStart(process.pid)) ?? '',
    host: hostname(),
    boot: linux ? textOr('/proc/sys/kernel/random/boot_id').trim() : '',
    namespace: linux ? linkOr('/proc/self/ns/pid') : '',
  };
}

/** The text of a lock that is taken now; no two are the same. */
export function lockText(us: Identity, concluded?: Concluded): string {
  const { pid, ...others } = us;
  const since = new Date().toISOString();
  // The process id first: by this a lock is told from a file of another kind.
  return `${JSON.stringify({ pid, ...others, since, id: randomUUID(), concluded })}\n`;
}

/** Whether a lock of ours may have begun so; it may be torn by a crash. */
export function isLockText(text: string): boolean {
  const start = '{"pid":';
  return /^\0*$/.test(text) || text.startsWith(start) || start.startsWith(text);
}

/** Undefined for text that a crash has torn. */
export function parseHolder(text: string): Holder | undefined {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(read));
  const word = (name: string) => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : '';
  };
  const pid = fields.get('pid');
  return {
    pid: typeof pid === 'number' ? pid : Number.NaN,
    born: word('born'),
    host: word('host'),
    boot: word('boot'),
    namespace: word('namespace'),
    since: word('since'),
  };
}

/** What the holder of this lock had concluded; undefined where it had not come so far. */
export function parseConcluded(text: string): Concluded | undefined {
  try {
    const { concluded } = JSON.parse(text) as { readonly concluded?: Partial<Concluded> };
    const { path, inode, bytes, sha256, request } = concluded ?? {};
    if (typeof path !== 'string' || typeof sha256 !== 'string' || typeof request !== 'string')
      return undefined;
    return { path, inode: Number(inode), bytes: Number(bytes), sha256, request };
  } catch {
    return undefined;
  }
}

/** Judges a holder from where we are. */
export function judge(holder: Holder, us: Identity, look: typeof lookUp = lookUp): Verdict {
  const { pid, host, boot, namespace, born } = holder;
  // 0 and below stand for groups of processes, and those always live.
  if (!Number.isInteger(pid) || pid < 1) return 'dead';
  if (host !== us.host || boot !== us.boot || namespace !== us.namespace) return 'unseen';
  if (linux && (boot === '' || namespace === '')) return 'unseen';
  const found = look(pid);
  if (found === 'gone') return 'dead';
  if (found === undefined || born === '') return 'unseen';
  return found === born ? 'alive' : 'dead';
}

/** Whether the holder's machine is this one, started anew since. */
export function isOtherBoot(holder: Holder, us: Identity): boolean {
  return holder.host === us.host && holder.boot !== '' && us.boot !== '' && holder.boot !== us.boot;
}

/** When a process started; undefined when that can't be seen. */
function lookUp(pid: number): string | 'gone' | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, as another user.
    if (errnoOf(error) !== 'EPERM') return 'gone';
  }
  if (!linux) return psStart(pid);
  // A container may see the /proc of another process namespace.
  return linkOr('/proc/self') === String(process.pid) ? startOf(pid) : undefined;
}

function startOf(pid: number | 'self'): string | 'gone' | undefined {
  const { state, started } = processAt(`/proc/${pid}`);
  return state === 'Z' ? 'gone' : started;
}

/** When a process started, as ps tells it; undefined when it does not. */
export function psStart(pid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  try {
    const args = ['-o', 'lstart=', '-p', String(pid)];
    return execFileSync('ps', args, {
      encoding: 'utf8',
      // biome-ignore lint/style/noProcessEnv: ps needs PATH; its dates must not differ by language or zone
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

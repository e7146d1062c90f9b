import { readdirSync } from 'node:fs';
import { Writable } from 'node:stream';
import { accessOf, isShell, openAt } from './proc.ts';

/**
 * Whether the process was started without standard output, as by `>&-`. Node then opens /dev/null
 * in its place, for reading too, and so do some programs that discard what others print: a shell
 * does not, and where it has such an output itself, we have it from there. `proc` is for tests.
 */
export function wasStdoutClosed(ppid: number, proc = '/proc'): boolean {
  const parent = `${proc}/${ppid}`;
  if (!isDiscarding(`${proc}/self`)) return false;
  const open = descriptorsOf(parent);
  if (open === undefined) return false;
  return !open.includes('1') || (isShell(parent) && !isDiscarding(parent));
}

/** Refuses what is written to it, as a closed descriptor does. */
export function closedStream(): Writable & { readonly isTTY: false; readonly wasClosed: true } {
  const refusal = Object.assign(new Error('write EBADF'), { code: 'EBADF' });
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => done(chunk.length > 0 ? refusal : null),
  });
  return Object.assign(stream, { isTTY: false, wasClosed: true } as const);
}

function isDiscarding(folder: string): boolean {
  return openAt(folder, 1) === '/dev/null' && accessOf(folder, 1) === 'both';
}

/** Undefined for a process of another user's. */
function descriptorsOf(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(`${folder}/fd`);
  } catch {
    return undefined;
  }
}

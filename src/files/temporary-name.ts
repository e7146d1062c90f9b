import { createHash, randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';

/** A name beside a file that no other run uses; what a killed run leaves by it is cleared by the next. */
export function temporaryName(path: string): string {
  const unique = `${process.pid}-${randomBytes(6).toString('hex')}`;
  return join(dirname(path), `${startFor(path)}${unique}.tmp`);
}

/** Whether a name in the file's folder is one that temporaryName may have given for it, or what a database puts beside. */
export function isTemporary(name: string, path: string): boolean {
  const start = startFor(path);
  return (
    name.startsWith(start) &&
    /^\d+-[0-9a-f]{12}\.tmp(?:-journal|-wal|-shm|\.lock)?$/.test(name.slice(start.length))
  );
}

function startFor(path: string): string {
  return `.${extensible(basename(path))}.`;
}

/** The name, or a stand-in for a long one: with all that is added it must not exceed 255 bytes. */
export function extensible(name: string): string {
  return Buffer.byteLength(name) > 200 ? createHash('sha256').update(name).digest('hex') : name;
}

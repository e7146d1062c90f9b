import { execFileSync } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createLock,
  readLock,
  readNamedLock,
  replaceLock,
  resetTime,
  touchLock,
} from '../../src/files/lock-file.ts';
import { lockText, ourIdentity } from '../../src/files/lock-holder.ts';

let folder: string;
let path: string;
const text = lockText(ourIdentity());
const longAgo = new Date('2020-01-01T00:00:00.000Z');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-lock-file-'));
  path = join(folder, 'x.csv.lock');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const isNew = async () => Math.abs((await stat(path)).mtimeMs - Date.now()) < 10_000;

describe('a lock file', () => {
  it('is made once, and may be read by all', async () => {
    const file = await createLock(path, text);
    expect(await createLock(path, 'other')).toBeUndefined();
    expect(await readLock(path)).toEqual({ text, mtimeMs: (await stat(path)).mtimeMs });
    expect((await stat(path)).mode & 0o777).toBe(0o644);
    await file?.close();
  });

  it('is replaced whole, with nothing left beside it', async () => {
    await writeFile(path, 'old');
    await replaceLock(path, text);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect((await stat(path)).mode & 0o777).toBe(0o644);
    expect(await readdir(folder)).toEqual(['x.csv.lock']);
    await expect(replaceLock(join(folder, 'none/x.lock'), text)).rejects.toMatchObject({ exit: 7 });
  });

  it.each(['r+', 'r'])('opened for %s is touched, and says what it said', async (flags) => {
    await writeFile(path, text);
    await utimes(path, longAgo, longAgo);
    const file = await open(path, flags);
    await touchLock(file);
    expect(await isNew()).toBe(true);
    await file.close();
    await touchLock(file);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('of a time to come is set to now; one that is gone is left alone', async () => {
    await writeFile(path, text);
    await utimes(path, new Date('2098-01-01'), new Date('2098-01-01'));
    await resetTime(path, Date.now());
    expect(await isNew()).toBe(true);
    await resetTime(join(folder, 'none'), Date.now());
  });
});

describe('what is read in its place', () => {
  it('is nothing where there is nothing', async () => {
    expect(await readLock(path)).toBeUndefined();
    expect(await readNamedLock(path)).toBeUndefined();
  });

  const kinds: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['a folder', () => mkdir(path)],
    ['no regular file', async () => void execFileSync('mkfifo', [path])],
    ['a link', () => symlink('/nowhere/at/all', path)],
    ['a link', () => symlink(import.meta.filename, path)],
    ['another file', () => writeFile(path, 'my notes')],
    ['another file', () => writeFile(path, text.padEnd(64 * 1024 + 1))],
  ];
  it.each(kinds)('%s is in the way: exit 7', async (what, put) => {
    await put();
    await expect(readLock(path)).rejects.toMatchObject({
      exit: 7,
      code: 'lock-in-the-way',
      message: `${path} is in the way: it is ${what}, not a lock`,
      hint: 'move it away',
    });
  });

  it('a socket is in the way: exit 7', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await expect(readLock(path)).rejects.toMatchObject({
      exit: 7,
      message: `${path} is in the way: it is no regular file, not a lock`,
    });
    await new Promise((resolve) => server.close(resolve));
  });

  it('what can not be read is exit 7, naming it', async () => {
    await writeFile(path, text);
    const below = join(path, 'x.lock');
    await expect(readLock(below)).rejects.toMatchObject({
      exit: 7,
      message: expect.stringContaining(`the lock ${below} can't be read: `),
    });
  });
});

describe('the name in a lock that was only just made', () => {
  it('is waited for', async () => {
    await writeFile(path, '');
    const reading = readNamedLock(path);
    await sleep(60);
    await writeFile(path, text);
    expect((await reading)?.text).toBe(text);
  });

  it('is waited for no longer than a second', async () => {
    await writeFile(path, '{"pid":');
    const began = performance.now();
    expect((await readNamedLock(path))?.text).toBe('{"pid":');
    expect(performance.now() - began).toBeGreaterThan(900);
  });

  it('is not waited for once the run is ended', async () => {
    await writeFile(path, '');
    const ended = new Error('interrupted');
    await expect(readNamedLock(path, AbortSignal.abort(ended))).rejects.toBe(ended);
  });
});

it('leaves no other text beside a lock that can not be replaced', async () => {
  await mkdir(path);
  await expect(replaceLock(path, text)).rejects.toMatchObject({ exit: 7 });
  expect(await readdir(folder)).toEqual(['x.csv.lock']);
});

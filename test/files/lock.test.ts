import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Lock, takeLock, withLock } from '../../src/files/lock.ts';
import { lockText, ourIdentity } from '../../src/files/lock-holder.ts';

let folder: string;
let path: string;
let number = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-lock-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(() => {
  number += 1;
  path = join(folder, `${number}.lock`);
});

async function leftovers() {
  return (await readdir(folder)).filter((name) => name.startsWith(`${number}.`));
}

describe('a lock', () => {
  it('is free again when the work is done, and when it fails', async () => {
    expect(await withLock(path, 'the file', async () => 42)).toBe(42);
    const failing = withLock(path, 'the file', () => Promise.reject(new Error('no luck')));
    await expect(failing).rejects.toThrow('no luck');
    expect(await withLock(path, 'the file', () => readdir(folder))).toContain(`${number}.lock`);
    expect(await leftovers()).toEqual([]);
  });

  it('is held against the same process too', async () => {
    await withLock(path, 'the file', async () => {
      await expect(takeLock(path, 'the file')).rejects.toMatchObject({
        exit: 75,
        message: expect.stringMatching(`^process ${process.pid} is writing the file since 20`),
        hint: 'wait for it to end, or write to another file',
      });
    });
  });

  it('is not held by a later process with the same id', async () => {
    await writeFile(path, lockText({ ...ourIdentity(), born: '12345' }));
    await withLock(path, 'the file', async () => {
      expect(JSON.parse(await readFile(path, 'utf8')).born).not.toBe('12345');
    });
  });

  it('of no process that can be (0, -1, text) is held by nobody', async () => {
    for (const pid of [0, -1, -5, 1.5, '12', null]) {
      await writeFile(path, `${JSON.stringify({ ...ourIdentity(), pid })}\n`);
      await withLock(path, 'the file', async () => {
        expect(JSON.parse(await readFile(path, 'utf8')).pid).toBe(process.pid);
      });
    }
  });

  it('without a name, or with a torn one, was left by a crash: it is taken over soon', async () => {
    const left = ['', '{"pid":12', '\0\0\0\0'].map(async (text, i) => {
      const torn = `${path}.${i}`;
      await writeFile(torn, text);
      await withLock(torn, 'the file', async () => {
        expect(JSON.parse(await readFile(torn, 'utf8')).pid).toBe(process.pid);
      });
    });
    await Promise.all(left);
    expect(await leftovers()).toEqual([]);
  });

  it('may have the longest name that there is, also where a crash left it', async () => {
    const name = `${number}.${'x'.repeat(255 - `${number}.`.length)}`;
    const long = join(folder, name);
    const names = () => withLock(long, 'the file', leftovers);
    expect(await names()).toEqual([name]);
    await writeFile(long, '{"pid":12');
    await utimes(long, 0, 0);
    expect(await names()).toEqual([name]);
    expect(await leftovers()).toEqual([]);
  });

  it('is waited for as long as one likes, or until the run is ended', async () => {
    const holder = await takeLock(path, 'the file');
    await expect(takeLock(path, 'the file', { waitMs: 60 })).rejects.toMatchObject({ exit: 75 });
    const ended = new Error('interrupted');
    const signal = AbortSignal.abort(ended);
    const ending = takeLock(path, 'the file', { waitMs: 10_000, signal });
    await expect(ending).rejects.toBe(ended);
    const waiting = takeLock(path, 'the file', { waitMs: 10_000 });
    await sleep(60);
    await holder.release();
    await (await waiting).release();
    expect(await leftovers()).toEqual([]);
  });

  it('is not waited for where none can be', async () => {
    await writeFile(path, 'my notes');
    const began = Date.now();
    const waiting = takeLock(path, 'the file', { waitMs: 10_000 });
    await expect(waiting).rejects.toMatchObject({ exit: 7 });
    expect(Date.now() - began).toBeLessThan(5000);
  });

  it('cannot be made in a folder that is missing: exit 7', async () => {
    const lost = join(folder, 'none', 'x.lock');
    await expect(takeLock(lost, 'the file')).rejects.toMatchObject({ exit: 7 });
  });
});

describe('a lock whose holder nobody can look at', () => {
  const elsewhere = () => lockText({ ...ourIdentity(), pid: 1, host: 'elsewhere' });

  async function age(seconds: number) {
    const time = Date.now() / 1000 - seconds;
    await utimes(path, time, time);
  }

  it('is believed while it was touched of late, and the hint says what to do', async () => {
    const text = elsewhere();
    await writeFile(path, text);
    await age(120);
    const began = Date.now();
    await expect(takeLock(path, 'the file')).rejects.toMatchObject({
      exit: 75,
      message: expect.stringContaining('process 1 on elsewhere is writing the file since 20'),
      hint: expect.stringContaining(path),
    });
    expect(Date.now() - began).toBeLessThan(900);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await leftovers()).toEqual([`${number}.lock`]);
  });

  it('is taken over after three minutes without a touch', async () => {
    await writeFile(path, elsewhere());
    await age(190);
    const check = async (lock: Lock) => {
      expect(JSON.parse(await readFile(path, 'utf8')).pid).toBe(process.pid);
      await lock.stillOurs();
    };
    await withLock(path, 'the file', check, { watchMs: 50 });
    expect(await leftovers()).toEqual([]);
  });

  it('is not taken over when it is touched while it is watched', async () => {
    await writeFile(path, elsewhere());
    await age(190);
    const taking = takeLock(path, 'the file', { watchMs: 600 });
    taking.catch(() => {});
    await sleep(100);
    await age(0);
    await expect(taking).rejects.toMatchObject({ exit: 75 });
    expect(await leftovers()).toEqual([`${number}.lock`]);
  });

  it('of a time to come, as when a clock was set back, counts from now on', async () => {
    await writeFile(path, elsewhere());
    await age(-86_400);
    await expect(takeLock(path, 'the file')).rejects.toMatchObject({ exit: 75 });
    expect(Math.abs((await stat(path)).mtimeMs - Date.now())).toBeLessThan(10_000);
  });

  it('of another machine is not free because this one was restarted', async () => {
    await writeFile(path, elsewhere());
    await age(uptime() + 60);
    await expect(takeLock(path, 'the file', { staleMs: 1e12 })).rejects.toMatchObject({ exit: 75 });
  });

  it('of a time that clocks may differ by is left as it is', async () => {
    await writeFile(path, elsewhere());
    await age(-5);
    const { mtimeMs } = await stat(path);
    await expect(takeLock(path, 'the file')).rejects.toMatchObject({ exit: 75 });
    expect((await stat(path)).mtimeMs).toBe(mtimeMs);
  });

  it('of before a restart of this machine is free at once', async () => {
    await writeFile(path, lockText({ ...ourIdentity(), boot: 'the boot before' }));
    await expect(takeLock(path, 'the file', { staleMs: 1e12 })).rejects.toMatchObject({ exit: 75 });
    await age(uptime() - 60);
    await expect(takeLock(path, 'the file', { staleMs: 1e12 })).rejects.toMatchObject({ exit: 75 });
    await age(uptime() + 60);
    await withLock(path, 'the file', async () => {}, { staleMs: 1e12, watchMs: 50 });
  });
});

describe('a lock left by a crash', () => {
  const dead = () => lockText({ ...ourIdentity(), pid: 2 ** 22 + 1 });
  const elsewhere = () => lockText({ ...ourIdentity(), pid: 1, host: 'elsewhere' });
  const claimOn = (text: string) =>
    `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;

  it.each([dead, elsewhere])('is left to who is about to take it over', async (left) => {
    const text = left();
    await writeFile(path, text);
    await utimes(path, 1e9, 1e9);
    const claim = lockText(ourIdentity());
    await writeFile(claimOn(text), claim);
    await expect(takeLock(path, 'the file')).rejects.toMatchObject({
      exit: 75,
      message: expect.stringContaining(
        left === dead ? `process ${process.pid} is writing the file` : 'process 1 on elsewhere',
      ),
    });
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await readFile(claimOn(text), 'utf8')).toBe(claim);
  });

  it('is left alone where what stands beside it is no lock: exit 7, naming that', async () => {
    const text = elsewhere();
    await writeFile(path, text);
    await utimes(path, 1e9, 1e9);
    await mkdir(claimOn(text));
    await expect(takeLock(path, 'the file')).rejects.toMatchObject({
      exit: 7,
      message: expect.stringContaining(claimOn(text)),
    });
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  it('is not there any more for who had found ours before it had a name', async () => {
    await writeFile(claimOn(''), elsewhere());
    await withLock(path, 'the file', async () => {
      expect(await leftovers()).toEqual([`${number}.lock`]);
    });
  });

  it('is taken over also where another crashed while it did that', async () => {
    const text = dead();
    await writeFile(path, text);
    await writeFile(claimOn(text), dead());
    await withLock(path, 'the file', async () => {
      expect(JSON.parse(await readFile(path, 'utf8')).pid).toBe(process.pid);
      expect(await leftovers()).toEqual([`${number}.lock`]);
    });
    expect(await leftovers()).toEqual([]);
  });

  it.each(['the lock', 'the claim on it'])('is ours also where %s goes meanwhile', async (what) => {
    const text = elsewhere();
    await writeFile(path, text);
    await utimes(path, 1e9, 1e9);
    const taking = takeLock(path, 'the file', { watchMs: 200 });
    await sleep(80);
    await rm(what === 'the lock' ? path : claimOn(text), { force: true });
    await (await taking).release();
    expect(await leftovers()).toEqual([]);
  });
});

describe('a holder', () => {
  it.each(['made', 'taken over'])(
    'of a lock that it has %s shows that it lives, and stops when it is done',
    async (how) => {
      if (how === 'taken over') await writeFile(path, lockText({ ...ourIdentity(), born: '1' }));
      const lock = await takeLock(path, 'the file', { heartbeatMs: 20 });
      await utimes(path, 1e9, 1e9);
      const touched = async () => (await stat(path)).mtimeMs;
      await expect.poll(touched, { timeout: 5_000 }).toBeGreaterThan(Date.now() - 60_000);
      await lock.stillOurs();
      await lock.release();
      await sleep(50);
      expect(await leftovers()).toEqual([]);
    },
  );

  it('can say that its work is done: who finds that after a crash is told', async () => {
    const done = { path: '/out.csv', inode: 7, bytes: 12, sha256: 'abc', request: 'it' };
    const lock = await takeLock(path, 'the file');
    expect(lock.concluded).toBeUndefined();
    await lock.conclude(done);
    await lock.stillOurs();
    const text = await readFile(path, 'utf8');
    await lock.release();
    expect(await leftovers()).toEqual([]);
    // As a later process would find it.
    await writeFile(path, text.replace(/"born":"[^"]*"/, '"born":"1"'));
    await withLock(path, 'the file', async ({ concluded }) => expect(concluded).toEqual(done));
  });

  it('leaves alone what stands in the place of its lock by now', async () => {
    const lock = await takeLock(path, 'the file');
    await rm(path);
    await mkdir(path);
    await lock.release();
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('that has lost its lock can not say so', async () => {
    const lock = await takeLock(path, 'the file');
    const other = lockText({ ...ourIdentity(), host: 'elsewhere' });
    await writeFile(path, other);
    const done = { path: '/out.csv', inode: 7, bytes: 12, sha256: 'abc', request: 'it' };
    await expect(lock.conclude(done)).rejects.toMatchObject({ exit: 75, code: 'lock-lost' });
    expect(await readFile(path, 'utf8')).toBe(other);
    await lock.release();
  });

  it('is told when its lock is gone or that of another, and then removes nothing', async () => {
    for (const text of [undefined, lockText(ourIdentity())]) {
      const lock = await takeLock(path, 'the file');
      await lock.stillOurs();
      await rm(path);
      if (text !== undefined) await writeFile(path, text);
      await expect(lock.stillOurs()).rejects.toMatchObject({ exit: 75, code: 'lock-lost' });
      await lock.release();
      expect(await readFile(path, 'utf8').catch(() => undefined)).toBe(text);
      await rm(path, { force: true });
    }
  });

  it('is told when the folder has gone away: that is no other run', async () => {
    const home = join(folder, `${number}`);
    await mkdir(home);
    const lock = await takeLock(join(home, 'x.lock'), 'x.csv');
    await rm(home, { recursive: true });
    const done = { path: '/out.csv', inode: 7, bytes: 12, sha256: 'abc', request: 'it' };
    for (const ask of [() => lock.stillOurs(), () => lock.conclude(done)]) {
      await expect(ask()).rejects.toMatchObject({
        exit: 7,
        code: 'folder-gone',
        message: expect.stringContaining('the folder of x.csv is gone'),
      });
    }
    await lock.release();
  });

  it('is told what is wrong where a claim on its lock can not be removed', async () => {
    const lock = await takeLock(path, 'the file');
    const text = await readFile(path, 'utf8');
    const claim = `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
    await mkdir(claim);
    await expect(lock.stillOurs()).rejects.toMatchObject({ exit: 7, code: 'file' });
    await rm(claim, { recursive: true });
    await lock.release();
  });

  it('wins against one who had found its lock stale, and has not replaced it yet', async () => {
    const lock = await takeLock(path, 'the file');
    const text = await readFile(path, 'utf8');
    const claim = `${path}.${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
    await writeFile(claim, lockText({ ...ourIdentity(), host: 'elsewhere' }));
    await lock.stillOurs();
    expect(await lstat(claim).catch(() => undefined)).toBeUndefined();
    await lock.release();
  });
});

describe('what stands in the place of a lock and is none', () => {
  const kinds: { readonly [name: string]: () => Promise<unknown> } = {
    'a folder': () => mkdir(path),
    'a dangling link': () => symlink('/nowhere/at/all', path),
    'a link to a file': () => symlink(import.meta.filename, path),
    'a FIFO': async () => void execFileSync('mkfifo', [path]),
    'a file of the user': () => writeFile(path, 'my notes'),
    'JSON of another program': () => writeFile(path, '{"packages":{}}'),
  };
  for (const [name, put] of Object.entries(kinds)) {
    it(`${name}: exit 7 at once, naming it, and it is left alone`, async () => {
      await put();
      const before = await lstat(path);
      const began = Date.now();
      await expect(takeLock(path, 'the file')).rejects.toMatchObject({
        exit: 7,
        message: expect.stringContaining(path),
      });
      expect(Date.now() - began).toBeLessThan(900);
      expect((await lstat(path)).ino).toBe(before.ino);
    });
  }

  it.skipIf(process.getuid?.() === 0)('what may not be read: exit 7 (needs no root)', async () => {
    await writeFile(path, lockText(ourIdentity()), { mode: 0 });
    await expect(takeLock(path, 'the file')).rejects.toMatchObject({
      exit: 7,
      message: expect.stringContaining(path),
    });
  });
});

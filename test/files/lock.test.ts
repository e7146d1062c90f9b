import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
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
import { hostname, tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { takeLock, withLock } from '../../src/files/lock.ts';
import { lockText, ourIdentity } from '../../src/files/lock-holder.ts';

let folder: string;
let path: string;
/** The lock as a program of its own, so that other processes can take it. */
let program: string;
let number = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-lock-'));
  program = join(folder, 'taker.mjs');
  const lock = JSON.stringify(join(import.meta.dirname, '../../src/files/lock.ts'));
  await build({
    stdin: {
      contents: `
        import { setTimeout as sleep } from 'node:timers/promises';
        import { takeLock } from ${lock};
        const [path, holdMs, startAt, options] = process.argv.slice(2);
        await sleep(Math.max(0, Number(startAt) - Date.now()));
        try {
          const lock = await takeLock(path, 'the file', JSON.parse(options));
          process.stdout.write('taken\\n');
          process.stdin.on('data', () => lock.stillOurs().then(
            () => process.stdout.write('ours\\n'),
            (error) => process.stdout.write(error.exit + ' ' + error.code + '\\n'),
          )).unref();
          await sleep(Number(holdMs));
          await lock.release();
        } catch (error) {
          process.stdout.write(error.code + ': ' + error.message + '\\n');
        }`,
      loader: 'js',
      resolveDir: folder,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    logLevel: 'error',
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

beforeEach(() => {
  number += 1;
  path = join(folder, `${number}.lock`);
});

/** Signs of life fast enough for a test. */
const fast = { heartbeatMs: 50, staleMs: 600, watchMs: 100 };

/** Runs in a process namespace of its own, as a container does; its /proc is the one outside. */
const isolated = ['unshare', '--pid', '--fork', '--kill-child'];
const mayIsolate = spawnSync('unshare', [...isolated.slice(1), 'true']).status === 0;

/** Another process that takes the lock and holds it; says what became of it. */
function taker(holdMs: number, startAt = 0, prefix: readonly string[] = [], options = {}) {
  const args = [program, path, String(holdMs), String(startAt), JSON.stringify(options)];
  const [command = '', ...words] = [...prefix, process.execPath, ...args];
  const child = spawn(command, words);
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const told = new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
  });
  const ended = new Promise<string>((resolve) => {
    child.once('close', () => resolve(said.trim()));
  });
  return { child, told, ended };
}

async function killedTaker(): Promise<void> {
  const { child, told, ended } = taker(60_000);
  expect(await told).toBe('taken');
  child.kill('SIGKILL');
  await ended;
}

describe('a lock', () => {
  it('is held by one process; another is told at once by whom', async () => {
    const { child, told, ended } = taker(60_000);
    expect(await told).toBe('taken');
    const began = Date.now();
    await expect(takeLock(path, 'the file')).rejects.toMatchObject({
      exit: 75,
      code: 'locked',
      message: expect.stringMatching(`^process ${child.pid} is writing the file since 20`),
    });
    expect(Date.now() - began).toBeLessThan(1000);
    child.kill('SIGKILL');
    await ended;
  });

  it('is free again when the work is done, and when it fails', async () => {
    expect(await withLock(path, 'the file', async () => 42)).toBe(42);
    const failing = withLock(path, 'the file', () => Promise.reject(new Error('no luck')));
    await expect(failing).rejects.toThrow('no luck');
    expect(await withLock(path, 'the file', () => readdir(folder))).toContain(`${number}.lock`);
    expect((await readdir(folder)).filter((name) => name.startsWith(`${number}.`))).toEqual([]);
  });

  it('is held against the same process too', async () => {
    await withLock(path, 'the file', async () => {
      await expect(takeLock(path, 'the file')).rejects.toMatchObject({ exit: 75 });
    });
  });

  it('of a killed process is taken over', async () => {
    await killedTaker();
    await withLock(path, 'the file', async () => {
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    });
    expect((await readdir(folder)).filter((name) => name.startsWith(`${number}.`))).toEqual([]);
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
    for (const text of ['', '{"pid":12', '\0\0\0\0']) {
      await writeFile(path, text);
      await withLock(path, 'the file', async () => {
        expect(JSON.parse(await readFile(path, 'utf8')).pid).toBe(process.pid);
      });
    }
  });

  it('without a name is not taken from one who is about to write it', async () => {
    await writeFile(path, '');
    const taking = takeLock(path, 'the file');
    taking.catch(() => {});
    await sleep(100);
    const { child, ended, told } = taker(60_000);
    const holder = { pid: child.pid, born: '', host: hostname(), since: 'now' };
    await writeFile(path, JSON.stringify(holder));
    await expect(taking).rejects.toMatchObject({ exit: 75 });
    expect(await told).toMatch(/^locked/);
    child.kill('SIGKILL');
    await ended;
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

  async function leftovers() {
    return (await readdir(folder)).filter((name) => name.startsWith(`${number}.`));
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
    await withLock(path, 'the file', async (lock) => {
      expect(JSON.parse(await readFile(path, 'utf8')).pid).toBe(process.pid);
      await lock.stillOurs();
    });
    expect(await leftovers()).toEqual([]);
  });

  it('is not taken over when it is touched while it is watched', async () => {
    await writeFile(path, elsewhere());
    await age(190);
    const taking = takeLock(path, 'the file', { watchMs: 2000 });
    taking.catch(() => {});
    await sleep(500);
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

  it('of before a restart of this machine is free at once', async () => {
    await writeFile(path, lockText({ ...ourIdentity(), boot: 'the boot before' }));
    await expect(takeLock(path, 'the file', { staleMs: 1e12 })).rejects.toMatchObject({ exit: 75 });
    await age(uptime() + 60);
    await withLock(path, 'the file', async () => {}, { staleMs: 1e12 });
  });

  it.skipIf(!mayIsolate)('lives on in another process namespace, until it is killed', async () => {
    const { child, told, ended } = taker(60_000, 0, isolated, { ...fast, staleMs: 1e6 });
    expect(await told).toBe('taken');
    const patient = { ...fast, staleMs: 2000 };
    for (let tries = 0; tries < 6; tries += 1) {
      await sleep(500);
      await expect(takeLock(path, 'the file', patient)).rejects.toMatchObject({ exit: 75 });
    }
    child.kill('SIGKILL');
    await ended;
    await withLock(path, 'the file', async () => {}, { ...patient, waitMs: 20_000 });
    expect(await leftovers()).toEqual([]);
  });

  it.skipIf(!mayIsolate)('is lost by one who slept too long, and it is told so', async () => {
    const { child, told } = taker(60_000, 0, isolated, fast);
    expect(await told).toBe('taken');
    const inner = execFileSync('pgrep', ['-P', String(child.pid)], { encoding: 'utf8' }).trim();
    process.kill(Number(inner), 'SIGSTOP');
    const lock = await takeLock(path, 'the file', { ...fast, waitMs: 20_000 });
    process.kill(Number(inner), 'SIGCONT');
    const answer = once(child.stdout, 'data');
    child.stdin.write('check\n');
    expect(String(await answer)).toBe('75 lock-lost\n');
    await lock.stillOurs();
    child.kill('SIGKILL');
    await lock.release();
    expect(await leftovers()).toEqual([]);
  });
});

describe('a holder', () => {
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
    'a link to a file': () => symlink(program, path),
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

  it.skipIf(process.getuid?.() === 0)('what may not be read: exit 7, naming it', async () => {
    await writeFile(path, lockText(ourIdentity()), { mode: 0 });
    await expect(takeLock(path, 'the file')).rejects.toMatchObject({
      exit: 7,
      message: expect.stringContaining(path),
    });
  });
});

describe('several processes that want a lock at the same moment', () => {
  for (const [name, prepare] of Object.entries({
    'that is free': async () => {},
    'that a killed process left': killedTaker,
    'that was left without a name': () => writeFile(path, ''),
    'that went stale in another container': async () => {
      await writeFile(path, lockText({ ...ourIdentity(), pid: 1, host: 'elsewhere' }));
      await utimes(path, 1e9, 1e9);
    },
  })) {
    it(`${name}: exactly one gets it`, async () => {
      for (let round = 0; round < 3; round += 1) {
        await prepare();
        const startAt = Date.now() + 400;
        const takers = Array.from({ length: 6 }, () => taker(60_000, startAt));
        const told = await Promise.all(takers.map((each) => each.told));
        expect(told.filter((said) => said === 'taken')).toHaveLength(1);
        expect(told.filter((said) => said.startsWith('locked: '))).toHaveLength(5);
        expect((await readdir(folder)).filter((file) => file.startsWith(`${number}.`))).toEqual([
          `${number}.lock`,
        ]);
        for (const { child } of takers) child.kill('SIGKILL');
        await Promise.all(takers.map((each) => each.ended));
        await rm(path);
      }
    }, 30_000);
  }
});

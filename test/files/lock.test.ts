import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { takeLock, withLock } from '../../src/files/lock.ts';

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
        const [path, holdMs, startAt] = process.argv.slice(2);
        await sleep(Math.max(0, Number(startAt) - Date.now()));
        try {
          const lock = await takeLock(path, 'the file');
          process.stdout.write('taken\\n');
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

/** Another process that takes the lock and holds it; says what became of it. */
function taker(holdMs: number, startAt = 0) {
  const child = spawn(process.execPath, [program, path, String(holdMs), String(startAt)]);
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
    const born = 'another boot 12345';
    const since = '2026-11-01T00:00:00.000Z';
    const holder = { pid: process.pid, born, host: hostname(), since };
    await writeFile(path, `${JSON.stringify(holder)}\n`);
    await withLock(path, 'the file', async () => {
      expect(JSON.parse(await readFile(path, 'utf8')).born).not.toBe(born);
    });
  });

  it('of another machine is believed, and the hint says what to do', async () => {
    const holder = { pid: 1, born: 'x', host: 'elsewhere', since: '2026-11-01T00:00:00.000Z' };
    await writeFile(path, `${JSON.stringify(holder)}\n`);
    await expect(takeLock(path, 'the file')).rejects.toMatchObject({
      exit: 75,
      message: expect.stringContaining('process 1 on elsewhere'),
      hint: expect.stringContaining(path),
    });
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

describe('several processes that want a lock at the same moment', () => {
  for (const [name, prepare] of Object.entries({
    'that is free': async () => {},
    'that a killed process left': killedTaker,
    'that was left without a name': () => writeFile(path, ''),
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

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
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

async function leftovers() {
  return (await readdir(folder)).filter((name) => name.startsWith(`${number}.`));
}

describe('a lock of another process', () => {
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

  it('of a killed process is taken over', async () => {
    await killedTaker();
    await withLock(path, 'the file', async () => {
      expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    });
    expect(await leftovers()).toEqual([]);
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

  it.skipIf(!mayIsolate)('lives on in another namespace, till killed (needs unshare)', async () => {
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

  it.skipIf(!mayIsolate)('is lost by one who slept too long (needs unshare)', async () => {
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
        expect(await leftovers()).toEqual([`${number}.lock`]);
        for (const { child } of takers) child.kill('SIGKILL');
        await Promise.all(takers.map((each) => each.ended));
        await rm(path);
      }
    }, 30_000);
  }
});

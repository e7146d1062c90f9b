import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { takeLock } from '../../src/files/lock.ts';
import { wholeProgram } from '../../src/program.ts';
import {
  type CliRun,
  cleanEnv,
  type Env,
  openSandbox,
  program,
  startCli,
  tempFolder,
  watch,
} from '../support/cli.ts';
import { ConfigFolder } from '../support/config-folder.ts';
import { runMain } from '../support/context.ts';
import { idOf, serve } from '../support/service.ts';

let env: Env;
let folder: string;

beforeAll(async () => {
  // Slow enough that a second run comes while the first is at work.
  const slow = await openSandbox({ contacts: 400, pageSize: 5, latencyMs: 250 });
  env = await cleanEnv(slow.env);
  folder = await tempFolder();
});

/** Starts an export and waits until it holds its lock and has fetched something. */
async function startExport(file: string, ...more: string[]): Promise<CliRun> {
  const run = await startCli(['contacts', 'export', '-o', file, ...more], { env });
  for (let tries = 0; tries < 200; tries += 1) {
    const log = await readFile(`${file}.part`, 'latin1').catch(() => '');
    if (/^1 1 \d+$/m.test(log)) return run;
    await sleep(20);
  }
  throw new Error(`the export did not begin: ${run.stderr}`);
}

/** The words of all commands that have a flag. */
function commandsWith(flag: string, command: Command, words: readonly string[] = []): string[][] {
  const has = command.options.some(({ long }) => long === flag);
  const below = command.commands.flatMap((it) => commandsWith(flag, it, [...words, it.name()]));
  return has ? [[...words], ...below] : below;
}

/** What some commands can't do without. */
const needed: { readonly [word: string]: readonly string[] } = {
  get: [idOf(1)],
  leads: ['--bot', '6b07761c514e28b716ffffff', '--customer', '6b07761c514e28b716ffffff'],
};

const secrets = { REEKOLECT_BOT_TOKEN: 'a-bot-token-of-the-tests' };

it('no command writes a file that a run is writing: exit 75', async () => {
  const service = await serve({ contacts: [{ _id: idOf(1) }] });
  const file = join(folder, 'held.csv');
  const lock = await takeLock(`${file}.lock`, 'it');
  const commands = commandsWith('--output', await wholeProgram());
  expect(commands.length).toBeGreaterThan(8);
  for (const words of commands) {
    const args = [...words, ...words.flatMap((word) => needed[word] ?? []), '-o', file];
    const outcome = await runMain(args, { service, env: secrets });
    expect(outcome, words.join(' ')).toMatchObject({ exit: 75, stdout: '' });
    expect(outcome.stderr).toContain(`process ${process.pid} is writing ${file}`);
  }
  await lock.release();
  expect((await readdir(folder)).filter((name) => name.startsWith('held'))).toEqual([]);
});

it('no job is reset while a run has it: exit 75', async () => {
  const config = new ConfigFolder();
  const jobs = join(config.path, 'jobs');
  await mkdir(jobs);
  const lock = await takeLock(join(jobs, 'nightly.json.lock'), 'it');
  const { exit, stderr } = await config.run('jobs reset nightly');
  await lock.release();
  expect({ exit, stderr }).toEqual({
    exit: 75,
    stderr: expect.stringMatching(
      / is writing the job nightly since .*\nwait .*, then reset it\n$/,
    ),
  });
});

it('no command asks for what could not be written: exit 7', async () => {
  const service = await serve({ contacts: [{ _id: idOf(1) }] });
  const file = join(folder, 'no-such-folder/x.csv');
  for (const words of commandsWith('--output', await wholeProgram())) {
    const args = [...words, ...words.flatMap((word) => needed[word] ?? []), '-o', file];
    const outcome = await runMain(args, { service, env: secrets });
    expect(outcome, words.join(' ')).toMatchObject({ exit: 7, stdout: '' });
  }
  expect(service.requests).toEqual([]);
});

describe('a second run on the same target', () => {
  it('exits 75 at once, naming the first, which goes on', async () => {
    const file = join(folder, 'twice.csv');
    const first = await startExport(file);
    const second = await Promise.all(
      [[], ['--resume'], ['--append']].map(async (more) => {
        const run = await startCli(['contacts', 'export', '-o', file, ...more], { env });
        return run.ended;
      }),
    );
    for (const outcome of second) {
      expect(outcome).toMatchObject({ code: 75, stdout: '' });
      expect(outcome.stderr).toContain(`process ${first.child.pid} is writing ${file} since 20`);
    }
    expect(await first.ended).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(folder)).filter((name) => name.startsWith('twice'))).toEqual([
      'twice.csv',
    ]);
  });

  it('goes ahead when the first was killed', async () => {
    const file = join(folder, 'killed.csv');
    const first = await startExport(file);
    first.child.kill('SIGKILL');
    expect(await first.ended).toMatchObject({ signal: 'SIGKILL' });
    const second = await startCli(['contacts', 'export', '-o', file, '--resume'], { env });
    expect(await second.ended).toMatchObject({ code: 0, stderr: '' });
    expect((await readdir(folder)).filter((name) => name.includes('killed'))).toEqual([
      'killed.csv',
    ]);
  });

  it('goes ahead when the first was interrupted: its lock is gone with it', async () => {
    const file = join(folder, 'stopped.csv');
    const first = await startExport(file);
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 143 });
    expect(await readdir(folder)).not.toContain('stopped.csv.lock');
  });
});

const isolated = ['--pid', '--fork', '--kill-child'];
const mayIsolate = spawnSync('unshare', [...isolated, 'true']).status === 0;

describe.skipIf(!mayIsolate)('a run in another namespace, like a container (needs unshare)', () => {
  it('keeps a second run away, and the old file stays', async () => {
    const file = join(folder, 'container.csv');
    const args = [process.execPath, program, 'contacts', 'export', '-o', file];
    const first = watch(spawn('unshare', [...isolated, ...args], { env, stdio: 'pipe' }));
    for (let tries = 0; tries < 500; tries += 1) {
      if ((await readdir(folder)).includes('container.csv.part')) break;
      await sleep(20);
    }
    const second = await startCli(['contacts', 'export', '-o', file, '--tag', 'none'], { env });
    const outcome = await second.ended;
    expect(outcome).toMatchObject({ code: 75, stdout: '' });
    expect(outcome.stderr).toMatch(/process \d+ is writing .*container\.csv since 20/);
    expect(await first.ended).toMatchObject({ code: 0 });
    expect((await readFile(file, 'utf8')).split('\n').length).toBeGreaterThan(400);
  }, 30_000);
});

describe('what stands in the place of the lock', () => {
  it.each([
    ['a folder', (path: string) => mkdir(path)],
    ['a dangling link', (path: string) => symlink('/nowhere/at/all', path)],
  ])('%s: exit 7, naming it, and nothing is written', async (_name, put) => {
    const there = await tempFolder();
    const file = join(there, 'out.csv');
    await put(`${file}.lock`);
    const run = await startCli(['contacts', 'export', '-o', file], { env });
    const outcome = await run.ended;
    expect(outcome).toMatchObject({ code: 7, stdout: '' });
    expect(outcome.stderr).toContain(`${file}.lock is in the way`);
    expect(await readdir(there)).toEqual(['out.csv.lock']);
  });
});

describe('a second run of the same job', () => {
  it('exits 75 at once, also with another target', async () => {
    const first = await startExport(join(folder, 'job.csv'), '--since-last', 'nightly');
    const other = join(folder, 'other.csv');
    const second = await startCli(['contacts', 'export', '-o', other, '--since-last', 'nightly'], {
      env,
    });
    const outcome = await second.ended;
    expect(outcome).toMatchObject({ code: 75, stdout: '' });
    expect(outcome.stderr).toContain(`process ${first.child.pid} is writing the job nightly`);
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(await readdir(folder)).not.toContain('other.csv');
  });
});

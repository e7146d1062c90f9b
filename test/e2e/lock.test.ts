import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CliRun,
  cleanEnv,
  type Env,
  openSandbox,
  startCli,
  tempFolder,
} from '../support/cli.ts';

let env: Env;
let folder: string;

beforeAll(async () => {
  // Slow enough that a second run comes while the first is at work.
  const slow = await openSandbox({ contacts: 400, pageSize: 5, latencyMs: 100 });
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

describe('a second run on the same target', () => {
  it('exits 75 at once, naming the first, which goes on', async () => {
    const file = join(folder, 'twice.csv');
    const first = await startExport(file);
    for (const more of [[], ['--resume'], ['--append']]) {
      const second = await (await startCli(['contacts', 'export', '-o', file, ...more], { env }))
        .ended;
      expect(second).toMatchObject({ code: 75, stdout: '' });
      expect(second.stderr).toContain(`process ${first.child.pid} is writing ${file} since 20`);
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
  });

  it('goes ahead when the first was interrupted: its lock is gone with it', async () => {
    const file = join(folder, 'stopped.csv');
    const first = await startExport(file);
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 143 });
    expect(await readdir(folder)).not.toContain('stopped.csv.lock');
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

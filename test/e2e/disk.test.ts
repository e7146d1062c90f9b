import { execFile, spawn } from 'node:child_process';
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import {
  type CliResult,
  cleanEnv,
  type Env,
  envOf,
  openSandbox,
  program,
  runCli,
  tempFolder,
  watch,
} from '../support/cli.ts';
import { serve } from '../support/service.ts';

const run = promisify(execFile);
const account = { contacts: 300, pageSize: 20, seed: 3, now: new Date('2026-11-01T00:00:00Z') };
const pages = 15;

let sandbox: Sandbox;
let env: Env;
let folder: string;
let truth: string;

beforeAll(async () => {
  const opened = await openSandbox(account);
  sandbox = opened.sandbox;
  env = await cleanEnv(opened.env);
  folder = await tempFolder();
  const file = join(folder, 'truth.csv');
  expect(await runCli(['contacts', 'export', '-o', file], { env })).toMatchObject({ code: 0 });
  truth = await readFile(file, 'utf8');
});

/** Runs the program where no file may grow beyond so many kilobytes. */
async function runLimited(
  kilobytes: number,
  args: readonly string[],
  wanted = env,
): Promise<CliResult> {
  const line = `ulimit -f ${kilobytes} && exec "$@"`;
  const command = ['-c', line, 'bash', process.execPath, program, ...args];
  // The cache of compiled code would meet the limit as well.
  const limited = { ...wanted, NODE_DISABLE_COMPILE_CACHE: '1' };
  return watch(spawn('bash', command, { env: limited, stdio: 'pipe' })).ended;
}

/** What a failed write has to leave, and that a run with enough space makes good of it. */
async function expectMendable(file: string, failed: CliResult, mend: () => Promise<unknown>) {
  expect(failed).toMatchObject({ code: 7, stdout: '' });
  expect(failed.stderr).toMatch(
    /^error: .*\n.*the old file is unchanged; go on with: .*--resume\n$/,
  );
  expect(await readFile(file, 'utf8')).toBe('the old file');
  await mend();
  const before = sandbox.requests;
  const resumed = await runCli(['contacts', 'export', '-o', file, '--resume'], { env });
  expect(resumed).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  expect((await readFile(file, 'utf8')) === truth).toBe(true);
  return sandbox.requests - before;
}

describe('a limit for files (ulimit -f)', () => {
  it('that leaves no room for a log leaves none behind', async () => {
    const inside = await tempFolder();
    for (const target of [
      ['export', '-o', join(inside, 'x.csv')],
      ['sync', join(inside, 'x.db')],
    ]) {
      const args = ['contacts', ...target, '--tag', 'x'.repeat(3000)];
      expect(await runLimited(2, args)).toMatchObject({ code: 7, stdout: '' });
      expect(await readdir(inside)).toEqual([]);
    }
  });

  it('is met by the page log: exit 7, the old file, and the pages before it are kept', async () => {
    const file = join(folder, 'limited.csv');
    await writeFile(file, 'the old file');
    const failed = await runLimited(100, ['contacts', 'export', '-o', file]);
    expect(failed.stderr).toContain('limited.csv.part is larger than the limit for files');
    const held = (await readFile(`${file}.part`, 'latin1')).match(/^1 \d+ \d+$/gm)?.length ?? 0;
    expect(held).toBeGreaterThan(2);
    const requests = await expectMendable(file, failed, async () => {});
    // The rest, the front again, and what is asked for beyond the end.
    expect(requests).toBeLessThanOrEqual(pages - held + 2 + 17);
  });

  it('is met by the file itself, beside a whole log: exit 7, the old file, and a way on', async () => {
    // A quote takes two bytes in the log, and five in these two columns.
    const note = '"'.repeat(2000);
    const contacts = Array.from({ length: 100 }, (_, index) => ({
      _id: `${index}`,
      more: { note },
    }));
    const texts = [0, 25, 50, 75].map((from) => JSON.stringify(contacts.slice(from, from + 25)));
    const server = await serve({ pages: texts });
    const itsEnv = { ...env, ...envOf(server) };
    const args = (file: string) => [
      'contacts',
      'export',
      '-o',
      file,
      '--columns',
      '.more,.more.note',
    ];
    const whole = join(folder, 'wide.csv');
    expect(await runCli(args(whole), { env: itsEnv })).toMatchObject({ code: 0 });
    const { size } = await stat(whole);
    const file = join(folder, 'limited-late.csv');
    await writeFile(file, 'the old file');
    const failed = await runLimited(Math.floor(size / 1024) - 1, args(file), itsEnv);
    expect(failed).toMatchObject({ code: 7, stdout: '' });
    expect(failed.stderr).toContain(`${file} is larger than the limit for files`);
    expect(await readFile(file, 'utf8')).toBe('the old file');
    server.requests.length = 0;
    expect(await runCli([...args(file), '--resume'], { env: itsEnv })).toMatchObject({ code: 0 });
    expect((await readFile(file)).equals(await readFile(whole))).toBe(true);
    // All came from the log; only the front, twice, and the end are read again.
    expect(server.asked.filter((page) => page <= texts.length)).toEqual([1, 1, 4]);
  });
});

/** False where this user may not. */
function mount(args: readonly string[]): Promise<boolean> {
  return run('mount', args).then(
    () => true,
    () => false,
  );
}

describe('a full disk (a small tmpfs)', async () => {
  const disk = await tempFolder();
  let mounted = false;

  beforeAll(async () => {
    mounted = await mount(['-t', 'tmpfs', '-o', 'size=160k', 'tmpfs', disk]);
  });

  afterAll(async () => {
    if (mounted) await run('umount', ['-l', disk]);
  });

  it('exit 7, the old file, and a log to go on with', async (context) => {
    context.skip(!mounted, 'this user may not mount a tmpfs');
    const file = join(disk, 'out.csv');
    await writeFile(file, 'the old file');
    const failed = await runCli(['contacts', 'export', '-o', file], { env });
    expect(failed.stderr).toContain('the disk is full');
    expect((await readdir(disk)).sort()).toEqual(['out.csv', 'out.csv.part']);
    const mend = () => run('mount', ['-o', 'remount,size=8m', disk]);
    await expectMendable(file, failed, mend);
    expect(await readdir(disk)).toEqual(['out.csv']);
  });
});

describe('a target that no file can be put at', () => {
  async function expectRefused(file: string): Promise<CliResult> {
    const before = sandbox.requests;
    const outcome = await runCli(['contacts', 'export', '-o', file], { env });
    expect(outcome).toMatchObject({ code: 7, stdout: '' });
    expect(sandbox.requests).toBe(before);
    return outcome;
  }

  it('a folder that is missing: exit 7 before the first request', async () => {
    const { stderr } = await expectRefused(join(folder, 'none', 'out.csv'));
    expect(stderr).toContain("can't be reached at ");
  });

  it('a folder: exit 7 before the first request', async () => {
    await mkdir(join(folder, 'folder.csv'));
    const { stderr } = await expectRefused(join(folder, 'folder.csv'));
    expect(stderr).toMatch(/folder\.csv is a folder/);
    expect(await readdir(join(folder, 'folder.csv'))).toEqual([]);
  });

  it('a name that only a folder can have: exit 7 before the first request', async () => {
    const { stderr } = await expectRefused(`${join(folder, 'slash.csv')}/`);
    expect(stderr).toContain('slash.csv/ is the name of a folder');
  });

  it('a link into a folder that is missing: exit 7 before the first request', async () => {
    const link = join(folder, 'share.csv');
    await symlink('/no/such/share/out.csv', link);
    await expectRefused(link);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)(
    'a folder that may not be written to: exit 7 before the first request (needs no root)',
    async () => {
      const locked = join(folder, 'locked');
      await mkdir(locked, { mode: 0o555 });
      const { stderr } = await expectRefused(join(locked, 'out.csv'));
      expect(stderr).toContain('permission denied');
    },
  );

  it('a file in the place of the page log: exit 7, and it is left alone', async () => {
    const file = join(folder, 'notes.csv');
    await writeFile(`${file}.part`, 'my notes');
    const { stderr } = await expectRefused(file);
    expect(stderr).toMatch(/is in the way/);
    expect(await readFile(`${file}.part`, 'utf8')).toBe('my notes');
  });
});

describe('a target behind a link', () => {
  it('is replaced where it is, and the link stays', async () => {
    const there = await tempFolder();
    const here = await tempFolder();
    await writeFile(join(there, 'real.csv'), 'the old file');
    await chmod(join(there, 'real.csv'), 0o644);
    const link = join(here, 'link.csv');
    await symlink(join(there, 'real.csv'), link);
    expect(await runCli(['contacts', 'export', '-o', link], { env })).toMatchObject({ code: 0 });
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readlink(link)).toBe(join(there, 'real.csv'));
    expect((await readFile(join(there, 'real.csv'), 'utf8')) === truth).toBe(true);
    expect((await stat(link)).mode & 0o777).toBe(0o600);
    expect([await readdir(there), await readdir(here)]).toEqual([['real.csv'], ['link.csv']]);
  });

  it('is made where a dangling link points to', async () => {
    const there = await tempFolder();
    const link = join(await tempFolder(), 'link.csv');
    await symlink(join(there, 'new.csv'), link);
    expect(await runCli(['contacts', 'export', '-o', link], { env })).toMatchObject({ code: 0 });
    expect((await readFile(link, 'utf8')) === truth).toBe(true);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readdir(there)).toEqual(['new.csv']);
  });
});

describe('a file that is mounted alone, as into a container', async () => {
  const place = await tempFolder();
  const real = join(await tempFolder(), 'real.csv');
  const file = join(place, 'out.csv');
  await writeFile(real, 'the old file');
  await writeFile(file, '');
  let mounted = false;

  beforeAll(async () => {
    mounted = await mount(['--bind', real, file]);
  });

  afterAll(async () => {
    if (mounted) await run('umount', ['-l', file]);
  });

  it('is written through its mount, and nothing is left beside it', async (context) => {
    context.skip(!mounted, 'this user may not mount a file');
    for (let again = 0; again < 2; again += 1) {
      expect(await runCli(['contacts', 'export', '-o', file], { env })).toMatchObject({ code: 0 });
      expect((await readFile(real, 'utf8')) === truth).toBe(true);
      expect(await readdir(place)).toEqual(['out.csv']);
    }
  });

  it('is finished by the next run when the copy was cut short', async (context) => {
    context.skip(!mounted, 'this user may not mount a file');
    await writeFile(file, 'id,na');
    await writeFile(join(place, '.out.csv.copy'), 'the whole of it', { mode: 0o600 });
    const failing = { ...env, REEKOLECT_API_URL: 'http://127.0.0.1:9', REEKOLECT_TOKEN: 'x' };
    const failed = await runCli(['contacts', 'export', '-o', file, '--max-attempts', '1'], {
      env: failing,
    });
    expect(failed.code).toBe(6);
    expect(await readFile(real, 'utf8')).toBe('the whole of it');
    expect(await readdir(place)).toEqual(['out.csv']);
  });
});

describe('a working folder that is gone', () => {
  async function runThere(...args: string[]): Promise<CliResult> {
    const gone = join(folder, 'gone');
    const line = `mkdir ${gone} && cd ${gone} && rmdir ${gone} && exec "$@"`;
    const command = ['-c', line, 'sh', process.execPath, program, ...args];
    return watch(spawn('sh', command, { env, stdio: 'pipe' })).ended;
  }

  it('is no matter where the whole path is given', async () => {
    const file = join(folder, 'whole.csv');
    expect(await runThere('contacts', 'export', '-o', file)).toMatchObject({ code: 0, stderr: '' });
    expect((await readFile(file, 'utf8')) === truth).toBe(true);
  });

  it('is exit 7 for a path that counts from it', async () => {
    const { code, stderr } = await runThere('contacts', 'export', '-o', 'out.csv');
    expect(code).toBe(7);
    expect(stderr).toContain('the working folder is gone, and out.csv counts from it');
  });
});

import { spawn, spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { cleanEnv, type Env, envOf, program, startCli, tempFolder, watch } from '../support/cli.ts';
import { sandboxWith } from '../support/sandbox.ts';

vi.setConfig({ testTimeout: 30_000 });

const exits = { SIGINT: 130, SIGTERM: 143 };

const reekolect = `${process.execPath} ${program}`;

/** Runs a line of a shell in which `$reekolect` is the program. */
async function run(line: string, env: Env = {}, shell = 'bash', cwd?: string) {
  const child = spawn(shell, ['-c', line], { cwd, env: { ...(await cleanEnv(env)), reekolect } });
  return watch(child).ended;
}

/** A service so slow that a run is still waiting when the signals come. */
async function slowService(latencyMs = 2500): Promise<Env> {
  return envOf(await sandboxWith({ contacts: 40, latencyMs }));
}

/** Has every node process that is started run these lines first. */
async function preload(lines: string): Promise<Env> {
  const file = join(await tempFolder(), 'preload.cjs');
  await writeFile(file, lines);
  return { NODE_OPTIONS: `--require ${file}` };
}

/** Waits until a run listens to signals, however busy the machine is: to SIGHUP Node itself does not. */
async function listening(pid: number): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    const [, caught = '0'] = /^SigCgt:\s*(\S+)/m.exec(await statusOf(pid)) ?? [];
    if ((BigInt(`0x${caught}`) & 1n) === 1n) return;
    await sleep(25);
  }
}

/** Where there is no /proc, the wait alone must do. */
function statusOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
}

/** Sends signals, some time apart, to a run that waits; how it ended, and how long after the last. */
async function signalled(
  env: Env,
  signals: readonly NodeJS.Signals[],
  args = ['contacts', 'count'],
) {
  const { child, ended } = await startCli(args, { env });
  await listening(child.pid ?? 0);
  await sleep(600);
  let sent = 0;
  for (const signal of signals) {
    if (sent > 0) await sleep(150);
    sent = performance.now();
    child.kill(signal);
  }
  const { code, signal, stderr } = await ended;
  return { code, signal, stderr, ms: performance.now() - sent };
}

describe('a signal ends a wait within a second', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 143],
  ] as const)('%s: exit %i', async (signal, exit) => {
    const { code, ms } = await signalled(await slowService(), [signal]);
    expect(code).toBe(exit);
    expect(ms).toBeLessThan(1000);
  });

  test('also the wait for the settings, which another machine is changing', async () => {
    const env = await cleanEnv();
    const folder = env['REEKOLECT_CONFIG_DIR'] ?? '';
    await mkdir(folder);
    const since = new Date().toISOString();
    const holder = JSON.stringify({ pid: 1, host: 'elsewhere', since });
    await writeFile(join(folder, 'config.json.lock'), holder);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const end = await signalled(env, [signal], ['config', 'set', 'timeout', '9']);
      // On a busy machine it may be looking at the lock, and dies by the signal: the same to a shell.
      expect(end.code ?? end.signal).toBe(end.code === null ? signal : exits[signal]);
      expect(end.ms).toBeLessThan(1000);
    }
  });

  test.each([
    ['SIGINT', 130],
    ['SIGHUP', 143],
  ] as const)('%s, also when the system hangs in a call', async (signal, exit) => {
    const fifo = join(await tempFolder(), 'fifo');
    spawnSync('mkfifo', [fifo]);
    const stuck = await preload(`require('fs').open(${JSON.stringify(fifo)}, 'r', () => {})`);
    const env = { ...(await slowService()), ...stuck };
    // An input of its own: with the shell's, Ctrl-C would be ignored.
    const line = `$reekolect contacts count </dev/zero & sleep 1.2; kill -${signal} $!; wait $!; echo "exit $?"`;
    const before = performance.now();
    expect((await run(line, env)).stdout).toBe(`exit ${exit}\n`);
    expect(performance.now() - before).toBeLessThan(2400);
  });
});

describe('a second signal ends a run that does not heed the first', () => {
  const deaf = `AbortController.prototype.abort = function () {
    Object.defineProperty(this.signal, 'aborted', { value: true });
  }`;

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: exit %i, at once', async (signal, exit) => {
    const env = { ...(await slowService(20_000)), ...(await preload(deaf)) };
    const { code, ms } = await signalled(env, [signal, signal]);
    expect(code).toBe(exit);
    expect(ms).toBeLessThan(500);
  });
});

describe.runIf(process.platform === 'linux')('signals that were ignored stay ignored', () => {
  test('under nohup: the terminal may go', async () => {
    const line =
      'nohup $reekolect contacts count & sleep 1.2; kill -HUP $!; wait $!; echo "exit $?"';
    const { stdout } = await run(line, await slowService(350));
    expect(stdout).toBe('40\nexit 0\n');
  });

  test.each(['INT', 'TERM', 'HUP'])("in a script with trap '' %s", async (signal) => {
    for (const shell of ['bash', 'sh']) {
      const line = `trap '' ${signal}; $reekolect contacts count & sleep 1.2; kill -${signal} $!; wait $!; echo "exit $?"`;
      expect((await run(line, await slowService(350), shell)).stdout).toBe('40\nexit 0\n');
    }
  });

  test.each(['bash', 'sh'])('Ctrl-C, in a script of %s that goes on by itself', async (shell) => {
    const line = '$reekolect contacts count & sleep 1.2; kill -INT $!; wait $!; echo "exit $?"';
    expect((await run(line, await slowService(350), shell)).stdout).toBe('40\nexit 0\n');
  });

  test('and no others', async () => {
    const line = `trap '' INT; $reekolect contacts count & sleep 1.2; kill -TERM $!; wait $!; echo "exit $?"`;
    expect((await run(line, await slowService())).stdout).toBe('exit 143\n');
  });
});

describe('a bug of ours is reported, once, and ends the run', () => {
  test.each([
    ['an exception that nobody catches', 'throw new Error("boom")'],
    ['one while a file is being looked at', 'fs.stat("/", () => {}); throw new Error("boom")'],
    ['a promise that nobody waits for', 'Promise.reject(new Error("boom"))'],
  ])('%s', async (_name, lines) => {
    const env = {
      ...(await slowService()),
      ...(await preload(`const fs = require('fs'); setTimeout(() => { ${lines} }, 900)`)),
    };
    const { ended } = await startCli(['contacts', 'count', '--errors', 'json'], { env });
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(JSON.parse(stderr.split('\n')[0] ?? '')).toMatchObject({ code: 'bug' });
    expect(stderr.match(/^Error: boom$/gm)).toHaveLength(1);
  });

  test('a run that waits for what can never come', async () => {
    const env = await preload('globalThis.setImmediate = () => ({})');
    const { code, stderr } = await (await startCli(['help', 'filters'], { env })).ended;
    expect(code).toBe(1);
    expect(stderr).toContain('the run has not ended');
  });
});

describe('a working folder that is gone', () => {
  const gone = async (line: string) => {
    const folder = await tempFolder();
    return run(`mkdir gone && cd gone && rmdir ../gone && ${line}`, {}, 'bash', folder);
  };

  test.each(['--version', 'help filters', 'contacts count --profile sandbox'])(
    'does not matter to %s',
    async (command) => {
      expect(await gone(`$reekolect ${command}`)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  test('is told where a file was to be written', async () => {
    const { code, stderr } = await gone('$reekolect contacts export --profile sandbox -o x.csv');
    expect(code).toBe(7);
    expect(stderr).toMatch(/^error: the working folder is gone.*\n.+\n$/);
  });
});

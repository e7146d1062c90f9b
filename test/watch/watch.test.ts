import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { interruption } from '../../src/context.ts';
import { processAt } from '../../src/proc.ts';
import { envOf, startCli } from '../support/cli.ts';
import { ConfigFolder } from '../support/config-folder.ts';
import { runMain, SimulatedClock } from '../support/context.ts';
import { idOf, type Script, type Service, serve } from '../support/service.ts';

const start = '2026-11-20T10:00:00Z';
const minute = 60_000;

/** Somebody made at one minute of the test, and listed from another on. */
interface Coming {
  readonly n: number;
  readonly made: number;
  readonly listed?: number;
}

/** An account in the time of the test: whoever is listed by now, the newest first unless told. */
async function account(people: readonly Coming[], clock: SimulatedClock, more: Script = {}) {
  const began = Date.parse(start);
  const recordOf = ({ n, made }: Coming) => ({
    _id: idOf(n),
    createdAt: new Date(began + made * minute).toISOString(),
    profile: { userDetails: { name: `Person ${n}` } },
  });
  const contacts = () =>
    people
      .filter(({ made, listed = made }) => began + listed * minute <= clock.ms)
      .sort((one, other) => other.made - one.made)
      .map(recordOf);
  return serve({ window: true, ...more, contacts: more.contacts ?? contacts });
}

const watch = (service: Service, clock: SimulatedClock, ...words: readonly string[]) =>
  runMain(['contacts', 'watch', ...words], { service, clock });

const idsIn = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number.parseInt(JSON.parse(line)._id.slice(8), 16));

const settled: readonly Coming[] = [
  { n: 1, made: -5000 },
  { n: 2, made: -50 },
  { n: 3, made: -1 },
];

describe('contacts watch', () => {
  test('shows what comes within an hour once, oldest first, and nothing that was there', async () => {
    const coming: readonly Coming[] = [
      ...settled,
      { n: 10, made: 1 },
      { n: 11, made: 1 },
      { n: 12, made: 1.5 },
      // Made before the watch began, and before others that were seen: listed late.
      { n: 20, made: -30, listed: 7 },
      { n: 21, made: 2, listed: 40 },
      { n: 30, made: 40 },
      { n: 31, made: 40, listed: 41 },
      { n: 32, made: 39.5, listed: 41 },
      ...Array.from({ length: 8 }, (_, k) => ({ n: 50 + k, made: 50 + k / 10 })),
    ];
    const clock = new SimulatedClock(start);
    const service = await account(coming, clock);
    const { exit, stdout, stderr } = await watch(service, clock, '--every', '60s', '--for', '1h');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    const ids = idsIn(stdout);
    expect([...ids].sort((a, b) => a - b)).toEqual(
      coming
        .slice(settled.length)
        .map(({ n }) => n)
        .sort((a, b) => a - b),
    );
    expect(ids.filter((n) => n >= 50)).toEqual([50, 51, 52, 53, 54, 55, 56, 57]);
    expect(ids.indexOf(32)).toBeLessThan(ids.indexOf(31));
    expect(clock.ms - Date.parse(start)).toBe(60 * minute);
  });

  test('asks for one page at a time, and for none that is beyond what came', async () => {
    const clock = new SimulatedClock(start);
    const service = await account([...settled, { n: 10, made: 1 }], clock, { pageSize: 5 });
    await watch(service, clock, '--every', '60s', '--for', '30m');
    expect(Math.max(...service.asked)).toBe(2);
  });

  test('shows each once where the order of the list changes all the time', async () => {
    const clock = new SimulatedClock(start);
    const coming = [
      ...settled,
      ...Array.from({ length: 20 }, (_, k) => ({ n: 10 + k, made: 2.5 * k })),
    ];
    const all = coming.map(({ n, made }) => ({
      _id: idOf(n),
      createdAt: new Date(Date.parse(start) + made * minute).toISOString(),
    }));
    let calls = 0;
    const contacts = () => {
      const now = all.filter(({ createdAt }) => Date.parse(createdAt) <= clock.ms);
      calls += 1;
      const turn = Math.floor(calls / 4) % now.length;
      return [...now.slice(turn), ...now.slice(0, turn)];
    };
    const service = await account([], clock, { contacts, pageSize: 5 });
    const { stdout } = await watch(service, clock, '--every', '2m', '--for', '1h');
    const expected = coming.filter(({ made }) => made > 0).map(({ n }) => n);
    expect(idsIn(stdout).sort((a, b) => a - b)).toEqual(expected);
  });

  test('goes on where it stopped, with --job: nobody lost, nobody twice', async () => {
    const coming = [
      ...settled,
      ...Array.from({ length: 30 }, (_, k) => ({
        n: 10 + k,
        made: k * 7 + 0.5,
        // Every third turns up late, some while nothing watches.
        listed: k * 7 + 0.5 + (k % 3 === 0 ? 20 : 0),
      })),
    ];
    const clock = new SimulatedClock(start);
    const service = await account(coming, clock);
    const folder = new ConfigFolder();
    const ids: number[] = [];
    for (const words of ['--once', '--for 20m', '--once', '--for 30m --every 5m', '--once']) {
      const line = `contacts watch --job crm ${words}`;
      const { exit, stdout } = await folder.run(line, { service, clock });
      expect(exit).toBe(0);
      ids.push(...idsIn(stdout));
      clock.ms += 50 * minute;
    }
    const end = (clock.ms - 50 * minute - Date.parse(start)) / minute;
    const expected = coming.filter(({ made, listed = made }) => made > 0 && listed <= end);
    expect(ids.sort((a, b) => a - b)).toEqual(expected.map(({ n }) => n));
    expect((await folder.run('jobs list --columns job,last_run')).stdout).toContain('crm');
    const other = await folder.run('contacts export --since-last crm', { service, clock });
    expect(other).toMatchObject({ exit: 2, stderr: expect.stringContaining('contacts watch') });
  });

  test.each([
    ['--once', '--once'],
    ['--for 1m', '--for'],
    ['--for 5m --every 10m', '--for'],
    ['--once --job crm', undefined],
    ['--for 2m', undefined],
  ])('%s: who would see nothing is told', async (words, flag) => {
    const clock = new SimulatedClock(start);
    const service = await account(settled, clock);
    const line = `contacts watch ${words}`;
    const { exit, stderr } = await new ConfigFolder().run(line, { service, clock });
    expect(exit).toBe(0);
    if (flag === undefined) expect(stderr).toBe('');
    else expect(stderr).toMatch(`warning: ${flag} without --job ends before anybody is new`);
  });

  test('waits for a service that fails, longer each time and as long as it asks, and says so', async () => {
    const clock = new SimulatedClock(start);
    const service = await account([...settled, { n: 10, made: 30 }], clock, {
      answer: () => {
        const at = Math.floor((clock.ms - Date.parse(start)) / minute);
        if (at < 1 || at > 15) return undefined;
        const headers = at === 1 ? { 'retry-after': '600' } : {};
        const body = '{"success":false,"message":"busy"}';
        return { status: at === 1 ? 429 : 503, headers, body };
      },
    });
    const { exit, stdout, stderr } = await watch(
      service,
      clock,
      ...'--every 60s --for 1h --max-attempts 1'.split(' '),
    );
    expect(exit).toBe(0);
    expect(idsIn(stdout)).toEqual([10]);
    expect(stderr.match(/asking again in \d+ s/g)).toEqual(
      [600, 240, 480].map((seconds) => `asking again in ${seconds} s`),
    );
  });

  test('ends at once where the token is refused', async () => {
    const clock = new SimulatedClock(start);
    const service = await account(settled, clock, { answer: () => ({ status: 401, body: '{}' }) });
    expect((await watch(service, clock)).exit).toBe(4);
  });

  test('has a line for people on a terminal, with nothing in it that acts on one', async () => {
    const clock = new SimulatedClock(start);
    const hostile = {
      _id: idOf(10),
      createdAt: '2026-11-20T10:00:30Z',
      profile: { userDetails: { name: '\u001b[31mRed\nLine' } },
    };
    const contacts = () => (clock.ms > Date.parse(start) + minute / 2 ? [hostile] : []);
    const service = await account([], clock, { contacts });
    const args = ['contacts', 'watch', '--for', '2m'];
    const { stdout } = await runMain(args, { service, clock, isTTY: true });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('Red');
  });

  test.each([
    ['--every 9s', /at least 10s/],
    ['--every soon', /60s, 5m or 12h/],
    ['--once --for 1h', /contradict/],
    ['--exec', /--exec/],
  ])('%s is exit 2, nothing asked', async (line, said) => {
    const service = await serve();
    const { exit, stderr } = await runMain(['contacts', 'watch', ...line.split(' ')], { service });
    expect({ exit, stderr }).toEqual({ exit: 2, stderr: expect.stringMatching(said) });
    expect(service.requests).toEqual([]);
  });
});

describe('--exec', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reekolect-watch-'));
  const log = join(folder, 'log');

  function script(name: string, lines: string): string {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${lines}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  test('gives each record to the command, its words as they are, and none of our secrets', async () => {
    const command = script(
      'command.sh',
      `echo "$@" >> '${log}'; cat >> '${log}'; env >> '${log}'; echo out; echo err >&2`,
    );
    const clock = new SimulatedClock(start);
    const service = await account([...settled, { n: 10, made: 1 }], clock);
    const env = {
      PATH: process.env['PATH'],
      REEKOLECT_BOT_TOKEN: 'secret-1',
      REEKOLECT_TOKEN_FILE_X: 'secret-2',
      REEKOLECT_DATABASE_URL: 'secret-3',
      REEKOLECT_DATABASE_URL_FILE: 'secret-4',
      PGPASSWORD: 'secret-5',
      OTHER: 'stays',
    };
    const words = ['--for', '3m', '--exec', command, '--tag', 'a b', '--help', '--', '-o'];
    const found = await runMain(['contacts', 'watch', ...words], { service, clock, env });
    expect(found).toMatchObject({ exit: 0, stdout: '' });
    expect(found.stderr).toMatch(/^(out\nerr|err\nout)\n$/);
    const text = readFileSync(log, 'utf8');
    expect(text).toMatch(/^--tag a b --help -- -o\n\{"_id":"[^\n]*"\}\}\}\n/);
    expect(text).not.toMatch(/secret-\d|a-token-of-the-tests/);
    expect(text).toContain('OTHER=stays');
  });

  test('tries five times, then ends with exit 7 and the id; the mark stays before it', async () => {
    const count = join(folder, 'count');
    const command = script(
      'failing.sh',
      `read line; echo "$line" >> '${count}'; case "$line" in *"Person 11"*) exit 3;; esac`,
    );
    const clock = new SimulatedClock(start);
    const coming = [10, 11, 12].map((n) => ({ n, made: n - 9 }));
    const service = await account([...settled, ...coming], clock);
    const config = new ConfigFolder();
    const run = (path: string) =>
      config.run(['contacts', 'watch', '--job', 'crm', '--for', '9m', '--exec', path], {
        service,
        clock,
        env: { PATH: process.env['PATH'] },
      });
    const { exit, stderr } = await run(command);
    expect(exit).toBe(7);
    expect(stderr).toContain(`exited with 3, 5 times, on the record ${idOf(11)}`);
    expect(stderr.match(/attempt \d of 5 in \d+ s/g)).toHaveLength(4);
    const tried = () => readFileSync(count, 'utf8').match(/Person \d+/g);
    expect(tried()).toEqual(['Person 10', ...Array(5).fill('Person 11')]);
    expect((await run(script('good.sh', `cat >> '${count}'`))).exit).toBe(0);
    expect(tried()?.slice(6)).toEqual(['Person 11', 'Person 12']);
  });

  test('ends a command with all that it started, over its time and on Ctrl-C', async () => {
    const started = join(folder, 'started');
    writeFileSync(started, '');
    const pids = () => readFileSync(started, 'utf8').split('\n').filter(Boolean);
    const command = script('slow.sh', `sleep 60 & echo $! >> '${started}'; wait`);
    const clock = new SimulatedClock(start);
    const service = await account([...settled, { n: 10, made: 1 }], clock);
    const stop = new AbortController();
    const args = ['contacts', 'watch', '--exec-timeout', '1s', '--exec', command];
    const env = { PATH: process.env['PATH'] };
    const run = runMain(args, { service, clock, env, signal: stop.signal });
    // The first is killed over its time, the second is stopped.
    await expect.poll(() => pids().length, { timeout: 20_000 }).toBe(2);
    stop.abort(interruption(130));
    const { exit, stderr } = await run;
    expect(exit).toBe(130);
    expect(stderr).toContain('took longer than 1 s and was killed');
    const living = () => pids().filter((pid) => isRunning(pid));
    await expect.poll(living, { timeout: 5000 }).toEqual([]);
  });
});

/** Looks in /proc: one that has ended may be listed until somebody asks after it. */
function isRunning(pid: string): boolean {
  const { state = 'Z' } = processAt(`/proc/${pid}`);
  return state !== 'Z';
}

test('a real watch ends by Ctrl-C within a second, and a second one of its job is refused', async () => {
  const service = await serve({ contacts: [] });
  const config = mkdtempSync(join(tmpdir(), 'reekolect-'));
  const env = { ...envOf(service), REEKOLECT_CONFIG_DIR: config };
  const args = ['contacts', 'watch', '--job', 'crm', '-v'];
  const run = await startCli(args, { env });
  while (!run.stderr.includes('next look')) await sleep(50);
  expect((await (await startCli(args, { env })).ended).code).toBe(75);
  const sent = performance.now();
  run.child.kill('SIGINT');
  expect((await run.ended).code).toBe(130);
  expect(performance.now() - sent).toBeLessThan(1000);
});

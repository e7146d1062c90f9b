import { appendFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { cleanEnv, envOf, startCli, tempFolder } from '../support/cli.ts';
import { type Outcome, runMain } from '../support/context.ts';
import { failFrom, type Service, serve } from '../support/service.ts';

let server: Service;
let config: string;
let folder: string;
let file: string;

beforeEach(async () => {
  server = await serve({ pageSize: 5, window: true });
  config = await tempFolder();
  folder = await tempFolder();
  file = join(folder, 'new.csv');
});

/** The nth contact, created at a time of the day. */
function person(number: number, time: string | undefined, tags: readonly string[] = []) {
  const _id = number.toString(16).padStart(24, '0');
  const profile = { userDetails: { tags } };
  if (time === undefined) return { _id, profile };
  return { _id, profile, createdAt: time.includes('T') ? time : `2026-11-02T${time}:00.000Z` };
}

/** An export of what is new, at a time of the day. */
function exportNew(time: string, ...more: string[]): Promise<Outcome> {
  const words = ['contacts', 'export', '-o', file, '--columns', 'id', '--since-last', ...more];
  const now = new Date(`2026-11-02T${time}:00Z`);
  const impatient = ['--max-attempts', '1'];
  const env = { REEKOLECT_CONFIG_DIR: config };
  return runMain([...words, ...impatient], { service: server, env, now });
}

/** The numbers of the contacts in the file, in order. */
async function numbersIn(path = file): Promise<number[]> {
  const [, ...ids] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return ids.map((id) => Number.parseInt(id, 16)).sort((a, b) => a - b);
}

async function marks(): Promise<string[]> {
  const names = await readdir(join(config, 'jobs'));
  return names.filter((name) => name.endsWith('.json'));
}

describe('an export of what is new', () => {
  it('says nothing of what a service sends all the same that applies no dates', async () => {
    const contacts = [person(2, '08:00'), person(1, '2026-01-01T00:00:00.000Z')];
    server = await serve({ contacts });
    expect(await exportNew('09:00')).toMatchObject({ exit: 0 });
    expect(await numbersIn()).toEqual([1, 2]);
    for (const [number, flags] of [
      [3, []],
      [4, ['--trust-server']],
    ] as const) {
      server.insert(person(number, `1${number}:00`));
      const { exit, stderr } = await exportNew(`1${number}:30`, ...flags);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.not.stringContaining('warning') });
      expect(await numbersIn()).toEqual([number]);
    }
  });

  it('leaves the mark where contacts without an id may have come twice', async () => {
    let looks = 0;
    server = await serve({
      pageSize: 1000,
      contacts: ({ page }) => {
        if (page > 1) return [];
        looks += 1;
        return [{ message: looks === 1 ? 'as it was' : 'changed' }, person(1, '08:00')];
      },
    });
    expect(await exportNew('09:00', '--verify')).toMatchObject({ exit: 8 });
    expect(await exportNew('10:00', '--verify')).toMatchObject({
      exit: 0,
      stderr: expect.stringMatching(/^2 new since the beginning$/m),
    });
  });

  it.each(['attrs', 'all'])('brings all that is new with --columns %s', async (columns) => {
    server.insert(person(1, '08:00'), person(2, '08:10'));
    expect(await exportNew('09:00', '--columns', columns)).toMatchObject({ exit: 0 });
    expect(await numbersIn()).toEqual([1, 2]);
    server.insert(person(3, '09:30'));
    expect(await exportNew('10:00', '--columns', columns)).toMatchObject({ exit: 0 });
    expect(await numbersIn()).toEqual([3]);
  });

  it('leaves the mark where an account never comes to rest', async () => {
    let fronts = 0;
    let restless = true;
    // Each look at the front finds one more, who was there all along.
    server = await serve({
      pageSize: 1000,
      contacts: ({ page }) => {
        if (page > 1) return [];
        if (restless) fronts += 1;
        return Array.from({ length: fronts }, (_, index) => person(index, '01:00'));
      },
    });
    expect(await exportNew('09:00', '--verify')).toMatchObject({ exit: 8 });
    restless = false;
    expect(await exportNew('10:00', '--verify')).toMatchObject({
      exit: 0,
      stderr: expect.stringContaining(`${fronts} new since the beginning\n`),
    });
  });

  it('goes on under a new token of its account, also after a run without news', async () => {
    server.insert({ ...person(1, '08:00'), _customer: 'c1' });
    expect(await exportNew('09:00')).toMatchObject({ exit: 0 });
    expect(await exportNew('10:00')).toMatchObject({
      exit: 0,
      stderr: expect.stringMatching(/^0 new since/m),
    });
    Object.assign(server, { token: 'another-token' });
    expect(await exportNew('11:00')).toMatchObject({ exit: 0 });
  });

  it('holds everything at first, then what came since, and says how much', async () => {
    server.insert(person(1, '08:00'), person(2, '08:30'));
    expect(await exportNew('09:00')).toMatchObject({
      exit: 0,
      stderr: '2 new since the beginning\n',
    });
    expect(await numbersIn()).toEqual([1, 2]);
    server.insert(person(3, '09:10'), person(4, '09:20'));
    expect(await exportNew('10:00')).toMatchObject({
      exit: 0,
      stderr: '2 new since 2026-11-02T09:00:00.000Z\n',
    });
    expect(await numbersIn()).toEqual([3, 4]);
    expect(await exportNew('11:00')).toMatchObject({
      exit: 0,
      stderr: expect.stringMatching(
        /^warning: nothing matches: the \d+ bytes of .*\n0 new since 2026-11-02T10:00:00.000Z\n$/,
      ),
    });
    expect(await numbersIn()).toEqual([]);
  });

  it('asks only for contacts from about the last time on', async () => {
    server.insert(...Array.from({ length: 200 }, (_, index) => person(index + 1, '01:00')));
    await exportNew('09:00');
    server.insert(person(300, '09:30'));
    await exportNew('10:00');
    const before = server.requests.length;
    await exportNew('11:00');
    expect(server.requests.length - before).toBeLessThan(10);
  });

  it('has those with the very time of the mark that were not exported, and no other', async () => {
    server.insert(person(1, '08:00'), person(2, '08:00'));
    await exportNew('09:00');
    server.insert(person(3, '08:00'), person(4, '08:00'));
    await exportNew('10:00');
    expect(await numbersIn()).toEqual([3, 4]);
  });

  it('has contacts that surface a quarter of an hour after they were created', async () => {
    server.insert(person(1, '08:00'), person(3, '08:59'));
    await exportNew('09:00');
    // Number 2 was created before number 3, and turns up behind it.
    server.contacts.splice(1, 0, person(2, '08:45'));
    await exportNew('10:00');
    expect(await numbersIn()).toEqual([2]);
    await exportNew('11:00');
    expect(await numbersIn()).toEqual([]);
  });

  it('is not thrown off by contacts created in the future, or at no time', async () => {
    server.insert(person(1, '08:00'), person(2, '2099-01-01T00:00:00.000Z'), person(3, undefined));
    server.insert(person(4, 'Tuesday, T'));
    await exportNew('09:00');
    expect(await numbersIn()).toEqual([1, 2, 3, 4]);
    server.insert(person(5, '09:30'), person(6, '2098-01-01T00:00:00.000Z'), person(7, undefined));
    await exportNew('10:00');
    expect(await numbersIn()).toEqual([5, 6, 7]);
    await exportNew('11:00');
    expect(await numbersIn()).toEqual([]);
  });

  it('leaves the mark where it is when it fails', async () => {
    server.insert(person(1, '08:00'));
    await exportNew('09:00');
    server.insert(...Array.from({ length: 12 }, (_, index) => person(index + 2, '09:30')));
    server.script.answer = failFrom(3);
    expect(await exportNew('10:00')).toMatchObject({ exit: 5 });
    expect(await numbersIn()).toEqual([1]);
    delete server.script.answer;
    expect(await exportNew('11:00')).toMatchObject({
      exit: 0,
      stderr: '12 new since 2026-11-02T09:00:00.000Z\n',
    });
    expect(await numbersIn()).toHaveLength(12);
  });

  it('writes no file with --skip-empty when nothing is new, and leaves the old one', async () => {
    expect(await exportNew('08:00', '--skip-empty')).toMatchObject({ exit: 0 });
    expect(await readdir(folder)).toEqual([]);
    server.insert(person(1, '08:00'));
    await exportNew('09:00', '--skip-empty');
    const { mtimeMs, ino } = await stat(file);
    expect(await exportNew('10:00', '--skip-empty')).toMatchObject({
      exit: 0,
      stderr: '0 new since 2026-11-02T09:00:00.000Z\n',
    });
    expect(await stat(file)).toMatchObject({ mtimeMs, ino });
    expect(await readdir(folder)).toEqual(['new.csv']);
  });

  it('says with exit 9 that nothing is new, where --fail-on-empty asks for it', async () => {
    server.insert(person(1, '08:00'));
    expect(await exportNew('09:00', '--fail-on-empty')).toMatchObject({ exit: 0 });
    expect(await exportNew('10:00', '--fail-on-empty')).toMatchObject({ exit: 9 });
  });
});

describe('jobs', () => {
  it('are told apart by their filters, unless they are named', async () => {
    server.insert(person(1, '08:00', ['vip']), person(2, '08:00', ['other']));
    await exportNew('09:00');
    await exportNew('09:00', '--tag', 'vip');
    expect(await numbersIn()).toEqual([1]);
    expect(await marks()).toHaveLength(2);
    const { stderr } = await exportNew('10:00', '--tag', 'vip');
    expect(stderr).toContain('0 new since 2026-11-02T09:00:00.000Z\n');
    await exportNew('10:00');
    expect(await numbersIn()).toEqual([]);
  });

  it('may have a name of their own', async () => {
    const named = (time: string, name: string) => {
      const words = ['contacts', 'export', '-o', file, '--columns', 'id', '--since-last', name];
      const now = new Date(`2026-11-02T${time}:00Z`);
      return runMain(words, { service: server, env: { REEKOLECT_CONFIG_DIR: config }, now });
    };
    server.insert(person(1, '08:00'));
    await named('09:00', 'nightly');
    expect(await named('10:00', 'weekly')).toMatchObject({ stderr: '1 new since the beginning\n' });
    expect(await named('10:00', 'nightly')).toMatchObject({
      stderr: expect.stringMatching(/^0 new since 2026-11-02T09:00:00.000Z$/m),
    });
    expect((await marks()).sort()).toEqual(['nightly.json', 'weekly.json']);
  });

  it('run one at a time, also with other files', async () => {
    server.insert(person(1, '08:00'));
    const both = await Promise.all([exportNew('09:00'), exportNew('09:00', '-o', `${file}.gz`)]);
    expect(both.map(({ exit }) => exit).sort()).toEqual([0, 75]);
    expect(both.find(({ exit }) => exit === 75)?.stderr).toContain(`process ${process.pid}`);
  });
});

describe('a file that grows', () => {
  it('holds each contact once, after as many runs as one likes', async () => {
    for (let run = 0; run < 6; run += 1) {
      server.insert(person(run * 2 + 1, `0${run}:10`), person(run * 2 + 2, `0${run}:50`));
      expect(await exportNew(`0${run + 1}:00`, '--append')).toMatchObject({ exit: 0 });
    }
    expect(await numbersIn()).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect((await readFile(file, 'utf8')).match(/^id$/gm)).toHaveLength(1);
  });

  /** Two runs with --append; then the mark as it was between the rename and its own move. */
  async function stopBeforeMark() {
    server.insert(person(1, '08:00'));
    await exportNew('09:00', '--append');
    const [name = ''] = await marks();
    const path = join(config, 'jobs', name);
    const before = JSON.parse(await readFile(path, 'utf8'));
    const old = await readFile(file);
    server.insert(person(2, '09:30'));
    await exportNew('10:00', '--append');
    const { mark } = JSON.parse(await readFile(path, 'utf8'));
    const { ino, size } = await stat(file);
    const next = { mark, file: { path: file, inode: ino, bytes: size } };
    await writeFile(path, `${JSON.stringify({ ...before, next })}\n`);
    return { old };
  }

  it('does not repeat what a run had added that was killed before the mark moved', async () => {
    await stopBeforeMark();
    server.insert(person(3, '10:30'));
    expect(await exportNew('11:00', '--append')).toMatchObject({
      exit: 0,
      stderr: '1 new since 2026-11-02T10:00:00.000Z\n',
    });
    expect(await numbersIn()).toEqual([1, 2, 3]);
  });

  it('does not lose what a run had added that was killed before the mark moved, and is resumed', async () => {
    server.insert(...[1, 2, 3, 4, 5, 6].map((number) => person(number, '08:00')));
    await exportNew('09:00', '--append');
    const [name = ''] = await marks();
    const path = join(config, 'jobs', name);
    const before = JSON.parse(await readFile(path, 'utf8'));
    // No newer than the newest: what is asked for stays the same.
    server.contacts.push(person(7, '07:50'));
    server.script.answer = failFrom(3);
    expect(await exportNew('10:00', '--append')).toMatchObject({ exit: 5 });
    const log = await readFile(`${file}.part`);
    delete server.script.answer;
    expect(await exportNew('10:00', '--append', '--resume')).toMatchObject({ exit: 0 });
    const { mark } = JSON.parse(await readFile(path, 'utf8'));
    const { ino, size } = await stat(file);
    const next = { mark, file: { path: file, inode: ino, bytes: size } };
    await writeFile(path, `${JSON.stringify({ ...before, next })}\n`);
    await writeFile(`${file}.part`, log);
    expect(await exportNew('11:00', '--append', '--resume')).toMatchObject({ exit: 0 });
    expect(await numbersIn()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('does not lose what a run meant to add that was killed before the rename', async () => {
    const { old } = await stopBeforeMark();
    await rm(file);
    await writeFile(file, old);
    await exportNew('11:00', '--append');
    expect(await numbersIn()).toEqual([1, 2]);
  });

  it('keeps what others added to it meanwhile', async () => {
    server.insert(person(1, '08:00'));
    await exportNew('09:00', '--append');
    await appendFile(file, `${person(99, undefined)._id}\n`);
    server.insert(person(2, '09:30'));
    await exportNew('10:00', '--append');
    expect(await numbersIn()).toEqual([1, 2, 99]);
  });

  it('has one header, also where others make it or take it away meanwhile', async () => {
    server.insert(person(1, '08:00'));
    server.script.before = () => writeFile(file, `id\n${person(98, undefined)._id}\n`);
    await exportNew('09:00', '--append');
    expect(await readFile(file, 'utf8')).toMatch(/^id\n[^i]+$/);
    expect(await numbersIn()).toEqual([1, 98]);
    server.insert(person(2, '09:30'));
    server.script.before = () => rm(file, { force: true });
    await exportNew('10:00', '--append');
    expect(await readFile(file, 'utf8')).toMatch(/^id\n[^i]+$/);
    expect(await numbersIn()).toEqual([2]);
  });

  it('neither loses nor repeats when it is killed at any moment', async () => {
    server.script.pageSize = 4;
    const env = await cleanEnv({ ...envOf(server), REEKOLECT_CONFIG_DIR: config });
    const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
    let number = 0;
    const addSome = () => {
      for (let added = 0; added < 9; added += 1) {
        number += 1;
        // Not in the order of their numbers: some turn up late.
        const time = hour - 50 * 60_000 + number * 1000 - (number % 3) * 300_000;
        server.insert(person(number, new Date(time).toISOString()));
      }
    };
    const start = () =>
      startCli(
        ['contacts', 'export', '-o', file, '--columns', 'id', '--append', '--since-last', 'grow'],
        { env },
      );
    let usualMs = 0;
    // The first run compiles the code that the others find in their cache.
    for (let run = 0; run < 2; run += 1) {
      addSome();
      const began = performance.now();
      expect((await (await start()).ended).code).toBe(0);
      usualMs = performance.now() - began;
    }
    let kills = 0;
    for (let trial = 0; trial < 12; trial += 1) {
      addSome();
      const run = await start();
      // Mostly near the end, where the file is renamed and the mark moves.
      await Promise.race([sleep(usualMs * (0.4 + trial * 0.06)), run.ended]);
      run.child.kill('SIGKILL');
      if ((await run.ended).signal === 'SIGKILL') kills += 1;
      const held = await numbersIn();
      expect(new Set(held).size).toBe(held.length);
    }
    expect(kills).toBeGreaterThan(2);
    expect((await (await start()).ended).code).toBe(0);
    expect(await numbersIn()).toEqual(Array.from({ length: number }, (_, index) => index + 1));
  }, 120_000);
});

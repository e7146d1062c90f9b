import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AtomicFile, openAtomicFile } from '../../src/files/atomic-file.ts';
import {
  type Job,
  type JobFacts,
  listJobs,
  openJob,
  otherAccount,
  resetJob,
} from '../../src/state/job.ts';
import type { Json } from '../../src/table.ts';

const hour = 3_600_000;
const ten = Date.parse('2026-11-02T10:00:00.000Z');

let root: string;
let folder: string;
let env: { readonly REEKOLECT_CONFIG_DIR: string };
let opened: Job | undefined;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reekolect-job-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'j-'));
  env = { REEKOLECT_CONFIG_DIR: folder };
});

afterEach(async () => {
  await opened?.release();
});

/** Opens the job, as a later run does: the one before has ended. */
async function open(change: Partial<JobFacts> = {}, name = 'nightly'): Promise<Job> {
  await opened?.release();
  opened = await openJob(env, name, {
    command: 'contacts export',
    host: 'api.test/v2',
    profile: 'work',
    token: 'a-token',
    filters: { tag: ['vip'] },
    now: new Date(ten),
    ...change,
  });
  return opened;
}

/** A run that delivers contacts, given by key and creation time. */
async function deliver(
  contacts: { readonly [key: string]: number },
  change: Partial<JobFacts> = {},
  customer?: string,
) {
  const job = await open(change);
  const now = (change.now ?? new Date(ten)).getTime();
  for (const [key, created] of Object.entries(contacts)) job.add(key, created, now);
  job.setCustomer(customer);
  await job.commit(new Date(now));
}

async function fileOf(text: string, name = 'out.csv'): Promise<AtomicFile> {
  const path = join(folder, name);
  const file = await openAtomicFile({ path, shown: name, place: 'rename' }, undefined);
  await file.write(text);
  return file;
}

const path = () => join(folder, 'jobs/nightly.json');

describe('a cursor', () => {
  it('knows nothing at first: all is new', async () => {
    const job = await open();
    expect(job.from).toBeUndefined();
    expect(job.lastRun).toBeUndefined();
    expect(job.warnings).toEqual([]);
    expect(job.isNew('a', ten, ten)).toBe(true);
    expect(job.isNew('b', Number.NaN, ten)).toBe(true);
  });

  it('gives the same answers all through a run, whatever the run adds', async () => {
    await deliver({ a: ten });
    const job = await open();
    const answers = () => ['a', 'b', 'c'].map((key) => job.isNew(key, ten, ten));
    expect(answers()).toEqual([false, true, true]);
    job.add('b', ten, ten);
    job.add('far', ten + 5 * hour, ten + 5 * hour);
    expect(answers()).toEqual([false, true, true]);
    expect(job.from).toEqual(new Date(ten - hour));
    await job.commit(new Date(ten));
    expect(answers()).toEqual([false, true, true]);
  });

  it('leaves out what was created an hour before the mark, even if the service sends it', async () => {
    await deliver({ a: ten });
    const job = await open();
    expect(job.isNew('old', ten - hour - 1, ten)).toBe(false);
    expect(job.isNew('late', ten - hour, ten)).toBe(true);
    expect(job.isNew('timeless', Number.NaN, ten)).toBe(true);
  });

  it('remembers what has no time, and what is dated ahead', async () => {
    await deliver({ a: ten, timeless: Number.NaN, ahead: ten + 1000 * hour });
    const job = await open();
    expect(job.warnings).toEqual([]);
    expect(job.from).toEqual(new Date(ten - hour));
    for (const [key, time] of [
      ['timeless', Number.NaN],
      ['ahead', ten + 1000 * hour],
    ] as const) {
      expect(job.isNew(key, time, ten)).toBe(false);
      expect(job.isNew(`other ${key}`, time, ten)).toBe(true);
    }
  });

  it('moves only with the commit', async () => {
    await deliver({ a: ten - 5 * hour });
    const job = await open();
    job.add('b', ten, ten);
    const later = await open();
    expect(later.isNew('b', ten, ten)).toBe(true);
    expect(later.from).toEqual(new Date(ten - 6 * hour));
  });

  it('does not go back when a run brings nothing', async () => {
    await deliver({ a: ten });
    await deliver({}, { now: new Date(ten + hour) });
    const job = await open();
    expect(job.from).toEqual(new Date(ten - hour));
    expect(job.lastRun).toEqual(new Date(ten + hour));
    expect(job.isNew('a', ten, ten)).toBe(false);
  });
});

describe('a mark that lies in the future', () => {
  const in2098 = Date.parse('2098-06-01T00:00:00.000Z');
  const in2099 = Date.parse('2099-01-01T00:00:00.000Z');

  it('is lowered to what can be true, with one warning; nothing is lost or repeated', async () => {
    await deliver({ a: ten - 2 * hour, wrong: in2098 }, { now: new Date(in2099) });
    const job = await open();
    expect(job.warnings).toEqual([expect.stringContaining('in the future')]);
    expect(job.from).toEqual(new Date(ten - 3 * hour));
    expect(job.lastRun?.getTime()).toBeLessThanOrEqual(ten + hour);
    expect(job.isNew('a', ten - 2 * hour, ten)).toBe(false);
    expect(job.isNew('wrong', in2098, ten)).toBe(false);
    expect(job.isNew('b', ten - 2 * hour, ten)).toBe(true);
    job.add('b', ten - hour, ten);
    await job.commit(new Date(ten));
    const next = await open();
    expect(next.warnings).toEqual([]);
    expect(next.from).toEqual(new Date(ten - 2 * hour));
  });

  it('with nothing that can be true begins anew', async () => {
    await deliver({ wrong: in2098 }, { now: new Date(in2099) });
    const job = await open();
    expect(job.warnings[0]).toContain('the beginning');
    expect(job.from).toBeUndefined();
    expect(job.isNew('a', ten, ten)).toBe(true);
  });
});

describe('a run that was killed', () => {
  /** A run up to the point where it was killed: before or after its file was in place. */
  async function killed(inPlace: boolean): Promise<void> {
    await deliver({ a: ten - 2 * hour });
    const job = await open();
    job.add('b', ten - hour, ten);
    const file = await fileOf('id\nb\n');
    await job.prepare(new Date(ten), await file.flush());
    if (inPlace) await file.commit();
    else await file.abandon();
  }

  it('before its file was in place has delivered nothing', async () => {
    await killed(false);
    const job = await open();
    expect(job.finished).toBeUndefined();
    expect(job.isNew('b', ten - hour, ten)).toBe(true);
  });

  it('after that is found finished, until a run has committed', async () => {
    await killed(true);
    for (let again = 0; again < 3; again += 1) {
      const job = await open();
      expect(job.finished?.path).toBe(join(folder, 'out.csv'));
      expect(Math.abs((job.finished?.at.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
      expect(job.isNew('b', ten - hour, ten)).toBe(false);
      expect(job.lastRun).toEqual(new Date(ten));
    }
    await (await open()).commit(new Date(ten));
    expect((await open()).finished).toBeUndefined();
  });

  it('after that is found finished, until that is acknowledged', async () => {
    await killed(true);
    await (await open()).acknowledgeFinished();
    const job = await open();
    expect(job.finished).toBeUndefined();
    expect(job.isNew('b', ten - hour, ten)).toBe(false);
  });

  it('is not taken for finished by another file of the same size in that place', async () => {
    await killed(false);
    await writeFile(join(folder, 'out.csv'), 'id\nc\n');
    expect((await open()).isNew('b', ten - hour, ten)).toBe(true);
  });

  it('is not taken for finished by what another run was copying', async () => {
    await killed(false);
    await writeFile(join(folder, 'out.csv'), 'id');
    await writeFile(join(folder, '.out.csv.copy'), 'id\nc\n');
    expect((await open()).isNew('b', ten - hour, ten)).toBe(true);
    expect(await readFile(join(folder, 'out.csv'), 'utf8')).toBe('id');
  });

  it('while it copied over a mount is finished first', async () => {
    await deliver({});
    const job = await open();
    job.add('b', ten, ten);
    const file = await fileOf('id\nb\n');
    await job.prepare(new Date(ten), await file.flush());
    await file.abandon();
    await writeFile(join(folder, 'out.csv'), 'id');
    await writeFile(join(folder, '.out.csv.copy'), 'id\nb\n');
    expect((await open()).finished?.path).toBe(join(folder, 'out.csv'));
    expect(await readFile(join(folder, 'out.csv'), 'utf8')).toBe('id\nb\n');
    expect((await readdir(folder)).sort()).toEqual(['jobs', 'out.csv']);
  });
});

describe('a lock of a job', () => {
  it('is held until release, and a second run exits 75', async () => {
    const job = await open();
    const facts = {
      command: 'c',
      host: 'h',
      profile: 'p',
      token: 't',
      filters: {},
      now: new Date(),
    };
    await expect(openJob(env, 'nightly', facts)).rejects.toMatchObject({
      exit: 75,
      message: expect.stringContaining('is writing the job nightly'),
      // Another file would not help.
      hint: 'wait for it to end: the next run goes on from its mark',
    });
    await job.release();
    await open();
    expect(await readdir(join(folder, 'jobs'))).toEqual(['nightly.json.lock']);
  });

  it('that is lost lets no cursor be written: exit 75', async () => {
    await deliver({ a: ten });
    const before = await readFile(path(), 'utf8');
    const job = await open();
    job.add('b', ten, ten);
    await rm(`${path()}.lock`);
    const file = await fileOf('x');
    await expect(job.prepare(new Date(ten), await file.flush())).rejects.toMatchObject({
      exit: 75,
    });
    await expect(job.commit(new Date(ten))).rejects.toMatchObject({ exit: 75 });
    await file.abandon();
    expect(await readFile(path(), 'utf8')).toBe(before);
    expect(await readdir(join(folder, 'jobs'))).toEqual(['nightly.json']);
  });

  it('is free when the job can not be opened', async () => {
    await deliver({ a: ten });
    await expect(open({ host: 'elsewhere' })).rejects.toMatchObject({ exit: 2 });
    expect(await readdir(join(folder, 'jobs'))).toEqual(['nightly.json']);
  });
});

describe('a job belongs', () => {
  it('to its command: exit 2 for another', async () => {
    await deliver({ a: ten });
    await expect(open({ command: 'contacts watch' })).rejects.toMatchObject({
      exit: 2,
      message: 'the job nightly belongs to contacts export, not to contacts watch',
    });
  });

  it('to its host: exit 2 for another, with the way to forget it', async () => {
    await deliver({ a: ten });
    await expect(open({ host: 'api.test/v3' })).rejects.toMatchObject({
      exit: 2,
      code: 'other-job',
      message: 'the job nightly belongs to api.test/v2, profile work',
      hint: expect.stringContaining('reekolect jobs reset nightly'),
    });
  });

  it('to the command that all had when records named none, and to its host', async () => {
    await mkdir(join(folder, 'jobs'));
    await writeFile(path(), JSON.stringify({ job: 'nightly', host: 'api.test/v2' }));
    await expect(open({ command: 'contacts watch' })).rejects.toMatchObject({
      exit: 2,
      code: 'other-job',
      message: 'the job nightly belongs to contacts export, not to contacts watch',
      hint: 'choose another name',
    });
    await expect(open({ host: 'elsewhere' })).rejects.toMatchObject({
      exit: 2,
      message: 'the job nightly belongs to api.test/v2',
    });
  });

  it('to the profile that ran it last; its record says so', async () => {
    await deliver({ a: ten }, {}, 'c1');
    const first = JSON.parse(await readFile(path(), 'utf8'));
    await deliver({}, { profile: 'play' }, 'c1');
    expect(JSON.parse(await readFile(path(), 'utf8'))).toEqual({ ...first, profile: 'play' });
    expect(first).toMatchObject({ job: 'nightly', command: 'contacts export', customer: 'c1' });
  });

  it.each([
    ['the same token', 'a-token', 'c1', undefined, 'same'],
    ['the same token, though its records changed hands', 'a-token', 'c1', 'c2', 'same'],
    ['a rotated token of the same account', 'new', 'c1', 'c1', 'same'],
    ['another account', 'new', 'c1', 'c2', 'other'],
    ['another token before any record is known', 'new', 'c1', undefined, 'unknown'],
    ['another token where records have no account', 'new', undefined, undefined, 'other'],
    ['another token where the job knows no account', 'new', undefined, 'c1', 'other'],
  ] as const)('to its account: %s', async (_name, token, ours, found, answer) => {
    await deliver({ a: ten }, {}, ours);
    const job = await open({ token });
    expect(job.accountMatches(found)).toBe(answer);
    expect(otherAccount(job)).toMatchObject({
      exit: 2,
      code: 'other-job',
      message: 'the job nightly belongs to another account',
    });
  });

  it('to no account before its first success; a rotated token is kept then', async () => {
    expect((await open()).accountMatches('c1')).toBe('same');
    await deliver({ a: ten }, {}, 'c1');
    await deliver({ b: ten }, { token: 'new' }, 'c1');
    expect((await open({ token: 'new' })).accountMatches(undefined)).toBe('same');
    expect((await open({ token: 'a-token' })).accountMatches('c2')).toBe('other');
  });

  it('and its record, private, holds no token', async () => {
    await deliver({ a: ten }, { token: 'a-secret-token' }, 'c1');
    expect(await readFile(path(), 'utf8')).not.toContain('a-secret-token');
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });
});

describe('other filters than last time', () => {
  it('are warned of once, with the date of the mark', async () => {
    await deliver({ a: ten });
    const filters = { tag: ['cold'], online: true };
    const { warnings } = await open({ filters });
    expect(warnings).toEqual([
      'the job nightly ran with other filters until now; what they left out before 2026-11-02T10:00:00.000Z is not exported',
    ]);
    await deliver({}, { filters });
    expect((await open({ filters: { online: true, tag: ['cold'] } })).warnings).toEqual([]);
  });

  it('are told apart by the order of values, and by what parts of them hold', async () => {
    await deliver({ a: ten }, { filters: { tag: ['a', 'b'], body: { x: 1, y: { z: null } } } });
    const warnings = async (filters: Json) => (await open({ filters })).warnings.length;
    expect(await warnings({ body: { y: { z: null }, x: 1 }, tag: ['a', 'b'] })).toBe(0);
    expect(await warnings({ body: { y: { z: null }, x: 1 }, tag: ['b', 'a'] })).toBe(1);
    expect(await warnings({ body: { y: { z: 0 }, x: 1 }, tag: ['a', 'b'] })).toBe(1);
    expect(await warnings({ body: { y: { z: null } }, tag: ['a', 'b'] })).toBe(1);
  });

  it('are warned of with the date of the run where no contact had a time', async () => {
    await deliver({ a: Number.NaN });
    expect((await open({ filters: {} })).warnings).toEqual([
      expect.stringContaining('left out before 2026-11-02T10:00:00.000Z is'),
    ]);
  });

  it('are warned of beside a mark that lies in the future, with what takes its place', async () => {
    const in2098 = Date.parse('2098-06-01T00:00:00.000Z');
    await deliver({ a: ten, b: in2098 }, { now: new Date(in2098) });
    expect((await open({ filters: {} })).warnings).toEqual([
      'the mark of nightly lay in the future, at 2098-06-01T00:00:00.000Z: going on from 2026-11-02T10:00:00.000Z',
      expect.stringContaining('left out before 2026-11-02T10:00:00.000Z is'),
    ]);
  });
});

describe('a damaged record', () => {
  const sound = { job: 'nightly', host: 'api.test/v2', profile: 'work' };
  const mark = { newest: '', ran: '2026-11-02T10:00:00.000Z', recent: {} };
  it.each([
    '',
    '{"job"',
    'null',
    '[]',
    '{}',
    '"x"',
    '7',
    ...[
      { ...sound, job: null },
      { ...sound, host: 7 },
      { ...sound, token: 'x' },
      { ...sound, mark: null },
      { ...sound, mark: {} },
      { ...sound, mark: { ...mark, ran: 'yesterday-ish' } },
      { ...sound, mark: { ...mark, newest: 'x' } },
      { ...sound, mark: { ...mark, recent: null } },
      { ...sound, mark: { ...mark, recent: { a: 7 } } },
      { ...sound, mark: { ...mark, days: [null] } },
      { ...sound, mark, next: {} },
      { ...sound, mark, next: { mark } },
      { ...sound, mark, next: { mark, file: { path: '', inode: 1, bytes: 1 } } },
      { ...sound, mark, next: { mark, file: { path: '/x', inode: '1', bytes: 1 } } },
      { ...sound, mark, next: { mark, file: { path: '/x', inode: 1, bytes: 1.5 } } },
      { ...sound, mark, next: { mark, file: { path: '/x', inode: 1, bytes: 1, sha256: '' } } },
      { ...sound, mark, next: { mark, file: null } },
      { ...sound, mark, next: { mark: {}, file: { path: '/x', inode: 1, bytes: 1 } } },
      { ...sound, mark, next: 'x' },
      { ...sound, mark, next: [] },
      { ...sound, mark, next: { mark, file: 'x' } },
      { ...sound, mark, next: { mark, file: { path: '/x', inode: 1, bytes: '1' } } },
      { ...sound, mark, next: { mark, file: { path: '/x', inode: 1, bytes: 1, sha256: 7 } } },
      { ...sound, mark: 'x' },
      { ...sound, mark: [] },
      { ...sound, mark: { ...mark, newest: 7 } },
      { ...sound, mark: { ...mark, recent: 'x' } },
      { ...sound, token: { salt: 7, hash: 'x' } },
      { ...sound, token: { salt: 'x', hash: '' } },
      { ...sound, mark, finished: { path: '/x', at: 'x' } },
      { ...sound, mark, finished: { path: '/x' } },
      { ...sound, mark, finished: { path: 7, at: mark.ran } },
      { ...sound, mark, finished: 'x' },
      { ...sound, host: '' },
      { ...sound, command: 7 },
      { ...sound, profile: '' },
      { ...sound, customer: null },
      { ...sound, token: { salt: 'x' } },
      { ...sound, token: { hash: 'x' } },
      { ...sound, mark: { ...mark, recent: [] } },
      { ...sound, mark: { ...mark, recent: { a: 'x' } } },
      { ...sound, mark: { ...mark, days: {} } },
      { ...sound, mark: { ...mark, days: [mark.ran, 'x'] } },
    ].map((record) => JSON.stringify(record)),
  ])('is exit 7, naming the file, and can be reset: %s', async (text) => {
    await mkdir(join(folder, 'jobs'));
    await writeFile(path(), text);
    const named = {
      exit: 7,
      code: 'corrupt-mark',
      message: `${path()} can't be read as the mark of a job`,
      hint: expect.stringContaining('move it away'),
    };
    await expect(open()).rejects.toMatchObject(named);
    await expect(listJobs(env)).rejects.toMatchObject(named);
    expect(await resetJob(env, 'nightly')).toBe(true);
    expect(await resetJob(env, 'nightly')).toBe(false);
    expect(await listJobs(env)).toEqual([]);
  });

  it('that can not be read is exit 7, naming it', async () => {
    await mkdir(path(), { recursive: true });
    const named = { code: 'file', message: expect.stringContaining(`${path()} can't be read`) };
    await expect(open()).rejects.toMatchObject(named);
    await rm(path(), { recursive: true });
    execFileSync('mkfifo', [path()]);
    await expect(open()).rejects.toMatchObject({ exit: 7, code: 'not-a-file' });
  });

  it.each([true, false])(
    'is not one of an older version, whose file in place %s is told by its size alone',
    async (inPlace) => {
      await mkdir(join(folder, 'jobs'));
      const file = join(folder, 'out.csv');
      await writeFile(file, 'id\n');
      const { ino, size } = await stat(file);
      const later = { ...mark, ran: '2026-11-02T11:00:00.000Z' };
      const next = {
        mark: later,
        file: { path: file, inode: ino, bytes: size + (inPlace ? 0 : 1) },
      };
      await writeFile(path(), JSON.stringify({ ...sound, mark, next }));
      const job = await open();
      expect(job.lastRun).toEqual(new Date(inPlace ? later.ran : mark.ran));
      // That version did not say when it had written it down: when its run began will do.
      expect(job.finished).toEqual(inPlace ? { path: file, at: new Date(later.ran) } : undefined);
      expect(JSON.parse(await readFile(path(), 'utf8')).next).toBeUndefined();
    },
  );

  it.each(['another file of that size', 'none'])(
    'is not one of an older version, with %s in the place of its file',
    async (there) => {
      await mkdir(join(folder, 'jobs'));
      const file = join(folder, 'out.csv');
      await writeFile(file, 'id\n');
      const { ino, size } = await stat(file);
      if (there === 'none') await rm(file);
      const later = { ...mark, ran: '2026-11-02T11:00:00.000Z' };
      const next = { mark: later, file: { path: file, inode: ino + 1, bytes: size } };
      await writeFile(path(), JSON.stringify({ ...sound, mark, next }));
      expect((await open()).lastRun).toEqual(new Date(mark.ran));
    },
  );

  it('is not one that begins with a mark of its encoding, or was written before', async () => {
    await mkdir(join(folder, 'jobs'));
    await writeFile(path(), `\uFEFF${JSON.stringify({ ...sound, mark })}`);
    const job = await open();
    expect(job.lastRun).toEqual(new Date(mark.ran));
    expect(job.accountMatches('c1')).toBe('same');
    expect(job.warnings).toEqual([]);
  });

  it('is not one without a mark, which has nothing to warn of', async () => {
    await mkdir(join(folder, 'jobs'));
    await writeFile(path(), JSON.stringify({ ...sound, filters: { tag: ['cold'] } }));
    expect((await open()).warnings).toEqual([]);
  });
});

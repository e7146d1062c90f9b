import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { jobFile, jobNameFor, jobsFolder, listJobs, resetJob } from '../../src/state/job-store.ts';

let root: string;
let folder: string;
let env: { readonly REEKOLECT_CONFIG_DIR: string };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reekolect-jobs-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'j-'));
  env = { REEKOLECT_CONFIG_DIR: folder };
});

const mark = { newest: '', ran: '2026-11-02T10:00:00.000Z', recent: {} };

async function put(name: string, record: object): Promise<void> {
  await mkdir(join(folder, 'jobs'), { recursive: true });
  await writeFile(join(folder, 'jobs', name), JSON.stringify(record));
}

describe('the name of a job', () => {
  test('that is nothing but its filters stays the same over versions: its mark hangs on it', () => {
    expect(jobNameFor({ host: 'api.test', filters: { tag: ['vip'] } })).toBe(
      'filters-8593fa94767b',
    );
    expect(jobNameFor({ a: 1 })).not.toBe(jobNameFor({ a: 2 }));
  });

  test.each(['a', '7', 'Nightly', 'vip.v2_x-y@host', 'x'.repeat(100)])(
    'may be %s',
    async (name) => {
      expect(await jobFile(env, name)).toBe(join(folder, 'jobs', `${name}.json`));
      expect(await listJobs(env)).toEqual([]);
    },
  );

  test.each(['', '..', '../x', 'a/b', 'a b', 'a\n', '-x', '_x', 'x'.repeat(101), 'né'])(
    'may not be %j',
    async (name) => {
      await expect(jobFile(env, name)).rejects.toMatchObject({
        exit: 2,
        message: `not a name for a job: ${name}`,
        hint: 'use letters, digits, . _ - and @',
      });
    },
  );
});

describe('jobs are listed', () => {
  test('by name, and nothing else that lies there', async () => {
    const record = (job: string) => ({ job, host: 'api.test' });
    for (const name of ['weekly', 'daily', 'a', 'zz', 'monthly']) {
      await put(`${name}.json`, record(name));
    }
    await put('.daily.json', record('temporary'));
    await put('daily.json.lock', record('lock'));
    await symlink('/nowhere/at/all', join(folder, 'jobs/gone.json'));
    expect((await listJobs(env)).map(({ job }) => job)).toEqual([
      'a',
      'daily',
      'monthly',
      'weekly',
      'zz',
    ]);
  });

  test('where there is no folder for them: none', async () => {
    expect(jobsFolder(env)).toBe(join(folder, 'jobs'));
    expect(await listJobs(env)).toEqual([]);
    await writeFile(join(folder, 'jobs'), '');
    expect(await listJobs(env)).toEqual([]);
  });

  test('where the folder can not be read: exit 7, naming it', async () => {
    const jobs = join(folder, 'jobs');
    await symlink('jobs', jobs);
    await expect(listJobs(env)).rejects.toMatchObject({
      exit: 7,
      message: expect.stringContaining(`${jobs} can't be read`),
    });
  });
});

describe('to reset a job', () => {
  test('forgets it; there is none then', async () => {
    await put('nightly.json', { job: 'nightly', host: 'api.test', mark });
    expect(await resetJob(env, 'nightly')).toBe(true);
    expect(await listJobs(env)).toEqual([]);
    expect(await resetJob(env, 'nightly')).toBe(false);
  });

  test('whose mark a database keeps leaves the word that it counts no more', async () => {
    const known = { job: 'sync', host: 'api.test', database: 'contacts.db' };
    await put('sync.json', { ...known, mark });
    expect(await resetJob(env, 'sync')).toBe(true);
    expect(JSON.parse(await readFile(join(folder, 'jobs/sync.json'), 'utf8'))).toEqual(known);
    expect(await listJobs(env)).toEqual([known]);
  });

  test('that can not be removed is exit 7, naming it', async () => {
    const path = join(folder, 'jobs/nightly.json');
    await mkdir(path, { recursive: true });
    await expect(resetJob(env, 'nightly')).rejects.toMatchObject({
      exit: 7,
      message: expect.stringContaining(path),
    });
  });
});

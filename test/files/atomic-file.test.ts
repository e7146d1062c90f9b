import {
  type FileHandle,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAtomicFile, recoverTarget, writeAtomically } from '../../src/files/atomic-file.ts';
import { isAt } from '../../src/files/file-identity.ts';
import { type Lock, takeLock } from '../../src/files/lock.ts';
import type { Target } from '../../src/files/target.ts';

let root: string;
let folder: string;
let path: string;
let target: Target;
let lock: Lock;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reekolect-atomic-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'a-'));
  path = join(folder, 'x.csv');
  target = { path, shown: 'x.csv', place: 'rename' };
  lock = await takeLock(`${path}.lock`, path);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await lock.release();
});

async function names(): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name !== 'x.csv.lock').sort();
}

async function errorOf(work: Promise<unknown>) {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('an atomic file', () => {
  it('leaves the old file until it is committed, and is private', async () => {
    await writeFile(path, 'old', { mode: 0o644 });
    const file = await openAtomicFile(target, lock);
    await file.write('new');
    const identity = await file.flush();
    expect(identity).toMatchObject({ path, bytes: 3, sha256: file.sha256 });
    expect(await readFile(path, 'utf8')).toBe('old');
    await file.commit();
    await file.abandon();
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(path)).ino).toBe(identity.inode);
    expect(await isAt(path, identity)).toBe(true);
    expect(await names()).toEqual(['x.csv']);
  });

  it('that is abandoned leaves nothing', async () => {
    const file = await openAtomicFile(target, lock);
    await file.write('new');
    await file.abandon();
    expect(await names()).toEqual([]);
  });

  it('is whole whoever else writes the same target without a lock', async () => {
    const both = await Promise.all([1, 2, 3].map(() => openAtomicFile(target, undefined)));
    const contents = ['a', 'b', 'c'].map((letter) => letter.repeat(1_000_000));
    await Promise.all(
      both.map(async (file, index) => {
        for (let part = 0; part < 10; part += 1) {
          await file.write(contents[index]?.slice(0, 100_000) ?? '');
        }
        await file.commit();
      }),
    );
    expect(contents).toContain(await readFile(path, 'utf8'));
    expect(await names()).toEqual(['x.csv']);
  });

  it('is not put in place when its lock is lost: exit 75, nothing replaced', async () => {
    await writeFile(path, 'old');
    const file = await openAtomicFile(target, lock);
    await file.write('new');
    await rm(`${path}.lock`);
    expect(await errorOf(file.commit())).toMatchObject({ exit: 75, code: 'lock-lost' });
    await file.abandon();
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await names()).toEqual(['x.csv']);
  });

  it('is not put in place when another file has taken its place: exit 7, nothing replaced', async () => {
    for (const disturb of [
      async (beside: string) => {
        await rm(beside);
        await writeFile(beside, 'foreign');
      },
      (beside: string) => writeFile(beside, 'foreign'),
      (beside: string) => rm(beside),
    ]) {
      await writeFile(path, 'old');
      const file = await openAtomicFile(target, lock);
      await file.write('new');
      await file.flush();
      const [beside = ''] = await names();
      await disturb(join(folder, beside));
      expect(await errorOf(file.commit())).toMatchObject({ exit: 7 });
      await file.abandon();
      expect(await names()).toEqual(['x.csv']);
      expect(await readFile(path, 'utf8')).toBe('old');
    }
  });

  it('clears what killed runs of its target left, and nothing else', async () => {
    const ours = ['.x.csv.12-0123456789ab.tmp', '.x.csv.99999-ffffffffffff.tmp'];
    const others = [
      '.x.csv.notes.tmp',
      '.x.csv.12-0123456789ab.tmp.bak',
      '.x.csv2.12-0123456789ab.tmp',
      '.x.12-0123456789ab.tmp',
      'x.csv.12-0123456789ab.tmp',
    ];
    for (const name of [...ours, ...others]) await writeFile(join(folder, name), 'left');
    await writeAtomically(path, 'new', lock);
    expect(await names()).toEqual([...others, 'x.csv'].sort());
  });

  it('leaves the files of others alone without the lock', async () => {
    const left = '.x.csv.12-0123456789ab.tmp';
    await writeFile(join(folder, left), 'in use');
    await writeAtomically(path, 'new', undefined);
    expect(await names()).toEqual([left, 'x.csv']);
  });

  it('may have the longest name that there is', async () => {
    for (const name of ['n'.repeat(255), 'ü'.repeat(127)]) {
      const long = { ...target, path: join(folder, name) };
      const file = await openAtomicFile(long, lock);
      await file.write('new');
      await file.commit();
      expect(await names()).toEqual([name]);
      await rm(long.path);
    }
  });
});

describe('a file system', () => {
  async function failing(method: 'sync' | 'chmod', errno: string) {
    const handle = await open(root);
    const methods = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    vi.spyOn(methods, method).mockRejectedValue(Object.assign(new Error(errno), { code: errno }));
  }

  for (const errno of ['EINVAL', 'ENOSYS', 'EOPNOTSUPP', 'ENOTSUP', 'EPERM']) {
    it(`that can neither flush nor change modes (${errno}) is no failure`, async () => {
      await failing('sync', errno);
      await failing('chmod', errno);
      await writeAtomically(path, 'new', lock);
      await writeFile(path, 'old');
      const file = await openAtomicFile({ ...target, place: 'copy' }, lock);
      await file.write('newer');
      await file.commit();
      expect(await readFile(path, 'utf8')).toBe('newer');
    });
  }

  it('that fails to flush is one: exit 7, nothing replaced', async () => {
    await writeFile(path, 'old');
    const file = await openAtomicFile(target, lock);
    await file.write('new');
    await failing('sync', 'EIO');
    expect(await errorOf(file.commit())).toMatchObject({ exit: 7 });
    await file.abandon();
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await names()).toEqual(['x.csv']);
  });
});

describe('a target that can only be copied into', () => {
  beforeEach(() => {
    target = { ...target, place: 'copy' };
  });

  it('keeps its inode, and holds the new content alone', async () => {
    await writeFile(path, 'old and much longer');
    const { ino } = await stat(path);
    const file = await openAtomicFile(target, lock);
    await file.write('new');
    await file.commit();
    await file.abandon();
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).ino).toBe(ino);
    expect(await names()).toEqual(['x.csv']);
  });

  it('is finished by the next run when the copy was cut short', async () => {
    await writeFile(path, 'ne');
    await writeFile(join(folder, '.x.csv.copy'), 'new and whole', { mode: 0o600 });
    expect(await recoverTarget(target, lock)).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('new and whole');
    expect(await names()).toEqual(['x.csv']);
    expect(await recoverTarget(target, lock)).toBe(false);
  });

  it('says so when the copy fails half way, and keeps what is needed to finish it', async () => {
    await writeFile(path, 'old');
    const file = await openAtomicFile(target, lock);
    await file.write('new');
    await file.flush();
    await rm(path);
    await mkdir(path);
    expect(await errorOf(file.commit())).toMatchObject({ exit: 7, code: 'torn-copy' });
    await file.abandon();
    expect(await names()).toEqual(['.x.csv.copy', 'x.csv']);
    await rm(path, { recursive: true });
    expect(await recoverTarget(target, lock)).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('is not filled from what stands in the way of the copy: exit 7', async () => {
    await mkdir(join(folder, '.x.csv.copy'));
    expect(await errorOf(recoverTarget(target, lock))).toMatchObject({ exit: 7 });
    expect(await names()).toEqual(['.x.csv.copy']);
  });
});

import { execFile, execFileSync } from 'node:child_process';
import {
  chown,
  lchown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openAtomicFile } from '../../src/files/atomic-file.ts';
import { takeLock } from '../../src/files/lock.ts';
import { mountOf, parseMounts } from '../../src/files/mounts.ts';
import { checkTarget } from '../../src/files/target.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

let root: string;
let folder: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'reekolect-target-'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(root, 't-'));
});

function refused(path: string, message = path) {
  return expect(checkTarget(path)).rejects.toMatchObject({
    exit: 7,
    message: expect.stringContaining(message),
  });
}

describe('a target', () => {
  it('is the file itself, new or old', async () => {
    const path = join(folder, 'x.csv');
    expect(await checkTarget(path)).toEqual({ path, shown: path, place: 'rename' });
    await writeFile(path, 'old');
    expect(await checkTarget(path)).toEqual({ path, shown: path, place: 'rename' });
  });

  it('is found through links, also those whose target is not there yet', async () => {
    await mkdir(join(folder, 'real'));
    await symlink('real', join(folder, 'folder'));
    await symlink('folder/new.csv', join(folder, 'link.csv'));
    await symlink(join(folder, 'link.csv'), join(folder, 'second.csv'));
    for (const name of ['link.csv', 'second.csv', 'folder/new.csv', 'folder/../second.csv']) {
      const { path } = await checkTarget(`${folder}/${name}`);
      expect(path).toBe(join(folder, 'real/new.csv'));
    }
  });

  it('behind a link to a folder counts `..` from where the link leads', async () => {
    await mkdir(join(folder, 'a/b'), { recursive: true });
    await symlink('a/b', join(folder, 'link'));
    expect((await checkTarget(`${folder}/link/../x.csv`)).path).toBe(join(folder, 'a/x.csv'));
  });

  it('is refused where its folder is missing, also behind a link', async () => {
    await symlink('/no/such/share/x.csv', join(folder, 'link.csv'));
    await refused(join(folder, 'link.csv'), '/no');
    await refused(join(folder, 'none/x.csv'), join(folder, 'none'));
  });

  it('is refused where links go in a circle', async () => {
    await symlink('b.csv', join(folder, 'a.csv'));
    await symlink('a.csv', join(folder, 'b.csv'));
    await refused(join(folder, 'a.csv'), 'circle');
  });

  it('is refused when it is a folder, or is called like one', async () => {
    await writeFile(join(folder, 'x.csv'), 'old');
    await symlink('new/', join(folder, 'link.csv'));
    for (const name of ['', '/', '/.', '/x.csv/', '/x.csv/.', '/new.csv/', '/..', '/link.csv']) {
      await refused(`${folder}${name}`, `${folder}${name}`);
    }
    await refused('', 'a folder');
  });

  it('is refused when it is no regular file', async () => {
    execFileSync('mkfifo', [join(folder, 'fifo.csv')]);
    await refused(join(folder, 'fifo.csv'), 'not a regular file');
    await refused('/dev/null', 'not a regular file');
  });
});

describe.skipIf(!isRoot)('in a sticky folder that others may write (needs root)', () => {
  let shared: string;
  const stranger = 54_321;

  beforeEach(async () => {
    shared = join(folder, 'shared');
    await mkdir(shared);
    execFileSync('chmod', ['1777', shared]);
  });

  it('a link of the user is followed, and one of the owner of the folder', async () => {
    await symlink(join(folder, 'x.csv'), join(shared, 'mine.csv'));
    expect((await checkTarget(join(shared, 'mine.csv'))).path).toBe(join(folder, 'x.csv'));
    await chown(shared, stranger, stranger);
    await symlink(join(folder, 'x.csv'), join(shared, 'owner.csv'));
    await lchown(join(shared, 'owner.csv'), stranger, stranger);
    expect((await checkTarget(join(shared, 'owner.csv'))).path).toBe(join(folder, 'x.csv'));
  });

  it('a link of somebody else is refused, to a file or to a folder', async () => {
    await symlink(join(folder, 'x.csv'), join(shared, 'theirs.csv'));
    await symlink(folder, join(shared, 'folder'));
    for (const name of ['theirs.csv', 'folder']) {
      await lchown(join(shared, name), stranger, stranger);
    }
    await refused(join(shared, 'theirs.csv'), 'link of another user');
    await refused(join(shared, 'folder/x.csv'), 'link of another user');
    execFileSync('chmod', ['0755', shared]);
    expect((await checkTarget(join(shared, 'theirs.csv'))).path).toBe(join(folder, 'x.csv'));
  });
});

/** False where this user may not. */
function mount(...args: readonly string[]): Promise<boolean> {
  return run('mount', args).then(
    () => true,
    () => false,
  );
}

describe('a file with a mount of its own', () => {
  const noMount = 'this user may mount nothing here';
  let place: string;
  let disk: string;
  let path: string;
  let mounted: boolean;

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'reekolect-mount-'));
    disk = join(place, 'disk');
    path = join(place, 'x.csv');
    await mkdir(disk);
    await writeFile(path, '');
    mounted = await mount('-t', 'tmpfs', '-o', 'size=160k', 'tmpfs', disk);
    await writeFile(join(disk, 'y.csv'), 'the old file');
    mounted = mounted && (await mount('--bind', join(disk, 'y.csv'), path));
  });

  afterAll(async () => {
    await run('umount', ['-l', path]).catch(() => {});
    await run('umount', ['-l', disk]).catch(() => {});
    await rm(place, { recursive: true, force: true });
  });

  async function write(content: string): Promise<void> {
    const lock = await takeLock(`${path}.lock`, path);
    const target = await checkTarget(path);
    expect(target.place).toBe('copy');
    const file = await openAtomicFile(target, lock);
    try {
      await file.write(content);
      await file.commit();
    } finally {
      await file.abandon();
      await lock.release();
    }
  }

  it('is copied into', async (context) => {
    context.skip(!mounted, noMount);
    await write('the new file');
    expect(await readFile(join(disk, 'y.csv'), 'utf8')).toBe('the new file');
    expect((await readdir(place)).sort()).toEqual(['disk', 'x.csv']);
  });

  it('keeps the old content where the new has no room', async (context) => {
    context.skip(!mounted, noMount);
    const before = await readFile(path, 'utf8');
    await expect(write('x'.repeat(300_000))).rejects.toMatchObject({
      exit: 7,
      message: expect.stringContaining('does not fit'),
    });
    expect(await readFile(path, 'utf8')).toBe(before);
    expect((await readdir(place)).sort()).toEqual(['disk', 'x.csv']);
  });

  it('is known by its mount where the disk is the same', async (context) => {
    context.skip(!mounted, noMount);
    const twin = join(place, 'twin.csv');
    await writeFile(twin, '');
    await writeFile(join(place, 'other.csv'), '');
    await run('mount', ['--bind', join(place, 'other.csv'), twin]);
    try {
      expect((await stat(twin)).dev).toBe((await stat(place)).dev);
      expect(await checkTarget(twin)).toMatchObject({ place: 'copy' });
      // Where even that is not seen, the rename tells.
      const file = await openAtomicFile({ path: twin, shown: twin, place: 'rename' }, undefined);
      await file.write('new');
      await file.commit();
      expect(await readFile(join(place, 'other.csv'), 'utf8')).toBe('new');
    } finally {
      await run('umount', ['-l', twin]);
    }
    for (const name of ['twin.csv', 'other.csv']) await rm(join(place, name));
    expect((await readdir(place)).sort()).toEqual(['disk', 'x.csv']);
  });
});

describe('mounts', () => {
  const text = [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda rw',
    '23 22 0:5 / /run/my\\040secrets ro,nosuid - tmpfs tmpfs rw',
    '24 22 0:6 / /run rw - tmpfs tmpfs rw',
    '',
  ].join('\n');

  it('are read, blanks in their names included', () => {
    const mounts = parseMounts(text);
    expect(mounts.map(({ point }) => point)).toEqual(['/', '/run/my secrets', '/run']);
    expect(mountOf('/run/my secrets/token', mounts)?.readOnly).toBe(true);
    expect(mountOf('/run/my secrets2', mounts)).toMatchObject({ point: '/run', readOnly: false });
    expect(mountOf('/runner', mounts)?.point).toBe('/');
    expect(mountOf('/x', [])).toBeUndefined();
  });
});

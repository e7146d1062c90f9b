import { copyFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { loadEngine } from '../../src/database/sqlite-engine.ts';
import { change } from '../support/sqlite.ts';
import { person, Synced } from '../support/synced.ts';

vi.setConfig({ testTimeout: 60_000 });

const stamps = 'SELECT changed_at FROM contacts_all ORDER BY id';

/** What others do when the service is asked for a page, the first time. */
function atPage(world: Synced, page: number, act: () => void): void {
  const { before } = world.service.script;
  let isDone = false;
  world.service.script.before = (call) => {
    if (call.page === page && !isDone) {
      isDone = true;
      act();
    }
    return before?.(call);
  };
}

test.skipIf(!isBuiltin('node:sqlite'))(
  'a program that holds the file while the service is read stops nothing, and costs nobody a change',
  async () => {
    const world = await Synced.with(12);
    await world.sync();
    const before = world.column(stamps);
    world.service.contacts[2] = person(10, { status: 'CLOSED' });
    world.service.insert(person(13));
    const other = (await loadEngine()).open(world.path);
    atPage(world, 1, () => other.exec('BEGIN EXCLUSIVE'));
    atPage(world, 3, () => other.exec('ROLLBACK'));
    try {
      expect(await world.sync()).toMatchObject({ new: 1, changed: 1, unchanged: 11 });
    } finally {
      other.close();
    }
    const after = world.column(stamps);
    const isAsBefore = before.map((stamp, n) => stamp === after[n]);
    expect(isAsBefore).toEqual(before.map((_stamp, n) => n !== 9));
  },
);

test('tables that somebody changes while the service is read: exit 75, and the next run fills them', async () => {
  const world = await Synced.with(12);
  await world.sync();
  atPage(world, 2, () => {
    const other = join(world.folder, 'other.db');
    copyFileSync(world.path, other);
    change(
      other,
      `DROP VIEW contact_tags; DROP VIEW contact_segments; DROP VIEW contact_attributes;
       DROP VIEW contacts; ALTER TABLE contacts_all DROP COLUMN name`,
    );
    renameSync(other, world.path);
  });
  const { exit, stderr } = await world.run();
  expect({ exit, stderr }).toMatchObject({
    exit: 75,
    stderr: expect.stringContaining('run it again'),
  });

  expect(await world.sync()).toMatchObject({ new: 0, changed: 12 });
  expect(new Set(world.column('SELECT name FROM contacts')).size).toBe(12);
});

test('a file that somebody deletes while the service is read leaves no copy of itself behind', async () => {
  const world = await Synced.with(12);
  await world.sync();
  atPage(world, 2, () => rmSync(world.path));
  const { exit, stderr } = await world.run();
  expect({ exit, stderr }).toMatchObject({
    exit: 75,
    stderr: expect.stringContaining('run it again'),
  });
  expect(readdirSync(world.folder)).toEqual(['contacts.db.part']);
  expect(await world.sync('--resume')).toMatchObject({ new: 12 });
});

test('a file of before that somebody puts in its place while the service is read: exit 75, and the next run fills it', async () => {
  const world = await Synced.with(12);
  await world.sync();
  const older = join(world.folder, 'older.db');
  copyFileSync(world.path, older);
  world.service.insert(person(13));
  await world.sync();
  atPage(world, 2, () => renameSync(older, world.path));
  const { exit, stderr } = await world.run();
  expect({ exit, stderr }).toMatchObject({
    exit: 75,
    stderr: expect.stringContaining('it was replaced'),
  });

  expect(await world.sync()).toMatchObject({ new: 1, unchanged: 12 });
  expect(world.column('SELECT count(*) FROM contacts')).toEqual([13]);
});

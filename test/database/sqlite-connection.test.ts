import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tables } from '../../src/database/schema.ts';
import { SqliteConnection } from '../../src/database/sqlite-connection.ts';
import { loadEngine } from '../../src/database/sqlite-engine.ts';

const rows = Array(10).fill(['a', 'b', 'c']);

function block() {
  const until = performance.now() + 20;
  while (performance.now() < until);
}

/** An engine of which every statement takes its time. */
const slow = {
  exec() {},
  async rewrite() {},
  close() {},
  prepare: () => ({
    all() {
      block();
      return [];
    },
    run() {
      block();
      return 1;
    },
  }),
};

const native = test.skipIf(!isBuiltin('node:sqlite'));

native('others have their turn while a long log is moved into the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reekolect-log-'));
  const path = join(folder, 'a.db');
  try {
    const connection = new SqliteConnection((await loadEngine()).open(path), 'a.db');
    connection.setJournal('WAL');
    connection.exec('CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(20000000))');
    expect((await stat(`${path}-wal`)).size).toBeGreaterThan(20_000_000);
    expect(await turnsWithin(() => connection.tidy())).toBeGreaterThan(20);
    expect((await stat(path)).size).toBeGreaterThan(20_000_000);
    connection.close();
    expect(await readdir(folder)).toEqual(['a.db']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

native('others have their turn while a large file is written anew', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reekolect-anew-'));
  const path = join(folder, 'a.db');
  try {
    const connection = new SqliteConnection((await loadEngine()).open(path), 'a.db');
    connection.exec('CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(20000000)), (1)');
    connection.exec('DELETE FROM t WHERE a <> 1');
    expect(await turnsWithin(() => connection.rewrite())).toBeGreaterThan(20);
    expect((await stat(path)).size).toBeLessThan(20_000);
    connection.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (2); COMMIT');
    connection.close();
    expect(await readdir(folder)).toEqual(['a.db']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each<[string, (connection: SqliteConnection) => Promise<unknown>]>([
  [
    'rows that are written',
    (it) =>
      it.insert({ table: 'agents', columns: tables.agents, stamps: [], onConflict: '' }, rows),
  ],
  [
    'statements',
    async (it) => {
      for (let count = 0; count < 5; count += 1) {
        await it.all('SELECT');
        await it.run('DELETE');
      }
    },
  ],
])('others have their turn between %s', async (_name, work) => {
  const turns = await turnsWithin(() => work(new SqliteConnection(slow, 'contacts.db')));
  expect(turns).toBeGreaterThanOrEqual(4);
});

/** How often others had their turn meanwhile. */
async function turnsWithin(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await work();
  isDone = true;
  return turns;
}

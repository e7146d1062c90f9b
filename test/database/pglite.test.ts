import { PGlite } from '@electric-sql/pglite';
import type { Client } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PostgresConnection } from '../../src/database/postgres-connection.ts';
import { Store } from '../../src/database/store.ts';
import { contactKey } from '../../src/records/contacts/key.ts';
import { readPage } from '../../src/records/page.ts';
import { people } from '../support/synced.ts';

vi.setConfig({ hookTimeout: 60_000 });

/** Another build of PostgreSQL than a server's: what our statements do there they do anywhere. */
let database: PGlite;
beforeAll(async () => {
  database = await PGlite.create();
  await database.exec('CREATE SCHEMA reekolect');
});
afterAll(() => database.close());

const pause = async () => {};

/** As much of a client as a connection needs. */
const client = {
  async query(asked: string | { text: string; values: unknown[] }, params?: unknown[]) {
    const { text, values } = typeof asked === 'string' ? { text: asked, values: params } : asked;
    const { rows, affectedRows } = await database.query(text, values);
    return { rows, rowCount: affectedRows };
  },
} as unknown as Client;

async function transact<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const connection = new PostgresConnection(client, 'PGlite', 'reekolect');
  await connection.begin();
  const result = await work(new Store(connection, true));
  await connection.commit();
  return result;
}

function contacts(count: number) {
  const body = JSON.stringify({ success: true, message: '', data: people(count), code: 200 });
  return readPage(Buffer.from(body), contactKey).records;
}

async function ask(sql: string): Promise<readonly unknown[]> {
  await database.exec('SET search_path TO reekolect');
  return (await database.query(sql)).rows;
}

test('every statement of a sync does in another PostgreSQL what it does in a server', async () => {
  const [first, second, third] = ['00', '01', '02'].map((s) => `2026-11-01T00:00:${s}.000Z`);
  const run = (id: string, at = '') => ({ run: id, at, everyone: false });
  await transact(async (store) => {
    expect(await store.state()).toBeUndefined();
    await store.prepare();
    expect(await store.upsert(contacts(600), run('a', first))).toBe(600);
    await store.setDirectory('agents', [['1', 'Nomsa', null]]);
    await store.setState({ host: 'h' });
  });
  await transact(async (store) => {
    expect((await store.state())?.get('host')).toBe('h');
    expect(await store.upsert(contacts(600), run('b', second))).toBe(0);
    const ids = await store.idsAfter('', 10);
    expect(ids).toHaveLength(10);
    await store.markDeleted(ids, { run: 'b', at: second as string }, pause);
    expect(await store.counts()).toEqual({ all: 600, live: 590 });
  });
  await transact(async (store) => {
    expect(await store.upsert(contacts(4), run('c', third))).toBe(4);
    expect(await store.purge(third as string, pause)).toBe(6);
    await store.addRun({
      id: 'c',
      started_at: third as string,
      finished_at: third as string,
      kind: 'full',
      walks: 2,
      stable: true,
      seen: 4,
      created: 0,
      updated: 4,
      deleted: 0,
    });
    expect(await store.doneBy('c')).toMatchObject({ kind: 'full', walks: 2 });
  });
  expect(await ask('SELECT count(*)::int AS n FROM contacts')).toEqual([{ n: 594 }]);
  expect(await ask('SELECT count(*)::int AS n FROM contact_tags')).toEqual([{ n: 594 }]);
  const changes = 'SELECT change, count(*)::int AS n FROM contact_changes GROUP BY 1 ORDER BY 1';
  expect(await ask(changes)).toEqual([
    { change: 'created', n: 594 },
    { change: 'deleted', n: 4 },
    { change: 'restored', n: 4 },
  ]);
}, 60_000);

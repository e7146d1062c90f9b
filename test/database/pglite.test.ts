import { PassThrough } from 'node:stream';
import { PGlite } from '@electric-sql/pglite';
import pg, { type Client } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { contactRows } from '../../src/database/contact-rows.ts';
import { PackedQuery } from '../../src/database/packed-query.ts';
import { PostgresConnection } from '../../src/database/postgres-connection.ts';
import { postgres } from '../../src/database/schema.ts';
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
  async query(asked: string | PackedQuery, params?: unknown[]) {
    if (asked instanceof PackedQuery) return send(asked);
    const { rows, affectedRows } = await database.query(asked, params);
    return { rows, rowCount: affectedRows };
  },
} as unknown as Client;

/** What a query writes to a server goes to the database, and its answers come back. */
async function send(query: PackedQuery): Promise<void> {
  const stream = new PassThrough({ highWaterMark: 100_000_000 });
  query.submit(new pg.Connection({ stream: () => stream }));
  const { messages } = await database.execProtocol(stream.read(), { throwOnError: false });
  for (const message of messages) {
    if (message.name === 'commandComplete') query.handleCommandComplete(message as never);
    if (message.name === 'error') query.handleError(message);
    if (message.name === 'readyForQuery') query.handleReadyForQuery();
  }
}

async function transact<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const connection = new PostgresConnection(client, 'PGlite', 'reekolect');
  await connection.begin();
  const result = await work(new Store(connection, true));
  await connection.commit();
  return result;
}

function contacts(count: number, after = 0) {
  const data = people(after + count).slice(0, count);
  const body = JSON.stringify({ success: true, message: '', data, code: 200 });
  return contactRows(readPage(Buffer.from(body), contactKey).records, postgres);
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
    expect(await store.upsert(contacts(1100, 600), run('a', first))).toBe(1100);
    await store.setDirectory('agents', [['1', 'Nomsa', null]]);
    await store.setState({ host: 'h' });
  });
  await transact(async (store) => {
    expect((await store.state())?.get('host')).toBe('h');
    expect(await store.upsert(contacts(600), run('b', second))).toBe(0);
    const ids = await store.idsAfter('', 10);
    expect(ids).toHaveLength(10);
    await store.markDeleted(ids, { run: 'b', at: second as string }, pause);
    expect(await store.counts()).toEqual({ all: 1700, live: 1690 });
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
  expect(await ask('SELECT count(*)::int AS n FROM contacts')).toEqual([{ n: 1694 }]);
  expect(await ask('SELECT count(*)::int AS n FROM contact_tags')).toEqual([{ n: 1694 }]);
  const changes = 'SELECT change, count(*)::int AS n FROM contact_changes GROUP BY 1 ORDER BY 1';
  expect(await ask(changes)).toEqual([
    { change: 'created', n: 1694 },
    { change: 'deleted', n: 4 },
    { change: 'restored', n: 4 },
  ]);
}, 60_000);

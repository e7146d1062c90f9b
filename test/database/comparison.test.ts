import { mkdtempSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Comparison, compareWith } from '../../src/database/comparison.ts';
import { contactRows } from '../../src/database/contact-rows.ts';
import { sqlite } from '../../src/database/schema.ts';
import { SqliteConnection } from '../../src/database/sqlite-connection.ts';
import { loadEngine } from '../../src/database/sqlite-engine.ts';
import { Store } from '../../src/database/store.ts';
import { contactKey } from '../../src/records/contacts/key.ts';
import { readPage } from '../../src/records/page.ts';

const folder = mkdtempSync(join(tmpdir(), 'reekolect-comparison-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function contactsOf(...records: readonly unknown[]) {
  const body = JSON.stringify({ success: true, data: records });
  return readPage(Buffer.from(body), contactKey).records;
}

async function open(name: string): Promise<SqliteConnection> {
  return new SqliteConnection((await loadEngine()).open(join(folder, name)), name);
}

/** A file that holds these, and what tells who differs from them. */
async function fileOf(name: string, ...records: readonly unknown[]) {
  const connection = await open(name);
  const store = new Store(connection);
  connection.exec('BEGIN');
  await store.prepare();
  const rows = contactRows(contactsOf(...records), sqlite);
  await store.upsert(rows, { run: 'a', at: '2026-11-01T00:00:00.000Z', everyone: true });
  connection.exec('COMMIT');
  const comparison = (await compareWith(connection)) as Comparison;
  const keysOf = async (...now: readonly unknown[]) => {
    const changed = await comparison.changedAmong(contactsOf(...now));
    return changed.map(({ key }) => key);
  };
  return { connection, store, keysOf };
}

test('only who is new, changed or marked as deleted has to be written', async () => {
  const [same, changed, marked] = [{ _id: 's' }, { _id: 'c' }, { _id: 'm', name: 'Zo\u00eb \0' }];
  const { connection, store, keysOf } = await fileOf('a.db', same, changed, marked);
  try {
    const now = [same, { ...changed, name: 'Ann' }, { _id: 'n' }, marked];
    expect(await keysOf(...now)).toEqual(['c', 'n']);
    const at = '2026-11-02T00:00:00.000Z';
    await store.markDeleted(['m'], { run: 'b', at }, async () => {});
    expect(await keysOf(...now)).toEqual(['c', 'n', 'm']);
    expect(await keysOf()).toEqual([]);
  } finally {
    connection.close();
  }
});

test('texts of any length and any characters are compared, and many at once', async () => {
  const odd = [
    { _id: 'long', name: 'x'.repeat(300_000) },
    { _id: 'half', name: '\ud800' },
    { _id: 12, name: 'number' },
    { _id: '12', name: 'text' },
    { name: 'without an id' },
  ];
  const many = Array.from({ length: 12_000 }, (_, n) => ({ _id: `many${n}` }));
  const { connection, keysOf } = await fileOf('b.db', ...odd, ...many);
  try {
    expect(await keysOf(...odd, ...many)).toEqual([]);
    const last = { ...many.at(-1), name: 'Ann' };
    expect(await keysOf(...odd, ...many.slice(0, -1), last)).toEqual(['many11999']);
    expect(await keysOf({ ...odd[0], name: `${odd[0]?.name}y` })).toEqual(['long']);
  } finally {
    connection.close();
  }
});

test('where the tables lack a column everybody has to be written', async () => {
  const { connection } = await fileOf('c.db', { _id: 's' });
  const names = ['contacts', 'contact_tags', 'contact_segments', 'contact_attributes'];
  const views = names.map((name) => `DROP VIEW ${name};`).join(' ');
  connection.exec(`${views} ALTER TABLE contacts_all DROP COLUMN city`);
  expect(await compareWith(connection)).toBeUndefined();
});

test.skipIf(!isBuiltin('node:sqlite'))(
  'while another program holds the file everybody may have changed',
  async () => {
    const { connection, keysOf } = await fileOf('d.db', { _id: 's' });
    const other = await open('d.db');
    try {
      expect(await keysOf({ _id: 's' })).toEqual([]);
      other.exec('BEGIN EXCLUSIVE');
      expect(await keysOf({ _id: 's' })).toEqual(['s']);
      const late = await open('d.db');
      expect(await compareWith(late)).toBeUndefined();
      other.exec('ROLLBACK');
      expect(await keysOf({ _id: 's' })).toEqual([]);
    } finally {
      other.close();
      connection.close();
    }
  },
);

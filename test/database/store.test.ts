import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SqliteConnection } from '../../src/database/sqlite-connection.ts';
import { loadEngine } from '../../src/database/sqlite-engine.ts';
import { Store } from '../../src/database/store.ts';
import { contactKey } from '../../src/records/contacts/key.ts';
import { readPage } from '../../src/records/page.ts';

const folder = mkdtempSync(join(tmpdir(), 'reekolect-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function contactsOf(...records: readonly object[]) {
  const body = JSON.stringify({ success: true, data: records });
  return readPage(Buffer.from(body), contactKey).records;
}

test('only who is new, changed or marked as deleted has to be written', async () => {
  const engine = await loadEngine();
  const connection = new SqliteConnection(engine.open(join(folder, 'a.db')), 'a.db');
  try {
    const store = new Store(connection);
    await store.prepare();
    const [same, changed, marked] = [{ _id: 's' }, { _id: 'c' }, { _id: 'm', name: 'Zo\u00eb \0' }];
    const contacts = contactsOf(same, changed, marked);
    await store.upsert(contacts, { run: 'a', at: '2026-11-01T00:00:00.000Z', everyone: false });
    const now = contactsOf(same, { ...changed, name: 'Ann' }, { _id: 'n' }, marked);
    const keysOf = async () => (await store.changedAmong(now)).map(({ key }) => key);
    expect(await keysOf()).toEqual(['c', 'n']);
    const at = '2026-11-02T00:00:00.000Z';
    await store.markDeleted(['m'], { run: 'b', at }, async () => {});
    expect(await keysOf()).toEqual(['c', 'n', 'm']);
  } finally {
    connection.close();
  }
});

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contactRows } from '../../src/database/contact-rows.ts';
import { contactTable, sqlite } from '../../src/database/schema.ts';
import type { ContactRow } from '../../src/database/values.ts';
import { contactKey } from '../../src/records/contacts/key.ts';
import { readPage } from '../../src/records/page.ts';
import { Spool } from '../../src/sync/spool.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-spool-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function rowsOf(texts: readonly string[]): Iterable<ContactRow> {
  const body = Buffer.from(`{"success":true,"data":[${texts.join(',')}]}`);
  return contactRows(readPage(body, contactKey).records, sqlite);
}

async function through(rows: Iterable<ContactRow>): Promise<readonly ContactRow[][]> {
  const spool = await Spool.open(join(folder, 'contacts.db'));
  try {
    await spool.add(rows);
    await spool.flush();
    const batches: ContactRow[][] = [];
    for await (const batch of spool.batches()) {
      batches.push([...batch]);
      expect(batch.count).toBe(batches.at(-1)?.length);
    }
    expect(await readdir(folder)).toEqual([]);
    return batches;
  } finally {
    await spool.close();
  }
}

test('rows come back as they were, whatever their texts hold', async () => {
  const rows = rowsOf([
    '{"_id":"1","profile":{"userDetails":{"name":"Zo\u00eb \ud83d\ude00 \u2028"}}}',
    '{ "_id" : "2",\n "name": "a\\u0000b\\ud800", "isOnline": true, "userInteracted": false }',
    '{"_id":12345678901234567890,"big":98765432109876543210,"e":1e400}',
    '{"__proto__":{"a":1},"_id":"4","unreadMessages":-2.5,"tags":["vip",""]}',
    '{"_id":"5","unreadMessages":1e400,"createdAt":"2026-11-01T09:30:00.000Z"}',
    '{"name":"without an id"}',
    'null',
    `{"_id":"\\ud800\\"","profile":{"userDetails":{"name":"${'\u20ac'.repeat(100_000)}"}}}`,
  ]);
  const [batch = []] = await through(rows);
  expect(batch).toEqual([...rows]);
  expect(new Set(batch.flat().map((value) => typeof value))).toContain('boolean');
});

test('no character is lost where many texts, of any length, are kept one after the other', async () => {
  const names = Array.from({ length: 499 }, (_, n) => '\u20ac'.repeat(1 + ((n * 7) % 1500)));
  const profileOf = (name: string) => `{"userDetails":{"name":"${name}"}}`;
  const rows = rowsOf(names.map((name, n) => `{"_id":"${n}","profile":${profileOf(name)}}`));
  const [batch = []] = await through(rows);
  const at = contactTable.findIndex(({ name }) => name === 'name');
  expect(batch.map((row) => row[at])).toEqual(names);
  const rawOf = (row: ContactRow) => String(row.at(-1));
  expect(batch.map(rawOf)).toEqual([...rows].map(rawOf));
});

test('500 of them are one batch, and fewer where they are long', async () => {
  const short = rowsOf(Array.from({ length: 1201 }, (_, n) => `{"_id":"${n}"}`));
  expect((await through(short)).map((batch) => batch.length)).toEqual([500, 500, 201]);
  const text = 'x'.repeat(1_500_000);
  const long = rowsOf(Array.from({ length: 4 }, (_, n) => `{"_id":"${n}","text":"${text}"}`));
  expect((await through(long)).map((batch) => batch.length)).toEqual([3, 1]);
  expect(await through([])).toEqual([]);
});

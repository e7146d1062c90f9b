import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contactKey } from '../../src/records/contacts/key.ts';
import { readPage } from '../../src/records/page.ts';
import type { RecordText } from '../../src/records/record.ts';
import { Spool } from '../../src/sync/spool.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reekolect-spool-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function contactsOf(texts: readonly string[]): readonly RecordText[] {
  const body = Buffer.from(`{"success":true,"data":[${texts.join(',')}]}`);
  return readPage(body, contactKey).records;
}

async function through(contacts: readonly RecordText[]): Promise<readonly RecordText[][]> {
  const spool = await Spool.open(join(folder, 'contacts.db'));
  try {
    await spool.add(contacts);
    await spool.flush();
    const batches: RecordText[][] = [];
    for await (const batch of spool.batches()) batches.push([...batch]);
    expect(await readdir(folder)).toEqual([]);
    return batches;
  } finally {
    await spool.close();
  }
}

const facts = ({ key, keyless, json }: RecordText) => ({ key, keyless, json });

test('contacts come back as they were, whatever their text holds', async () => {
  const contacts = contactsOf([
    '{"_id":"1","name":"Zo\u00eb \ud83d\ude00 \u2028"}',
    '{ "_id" : "2",\n "name": "a\\u0000b\\ud800" }',
    '{"_id":12345678901234567890,"big":98765432109876543210,"e":1e400}',
    '{"__proto__":{"a":1},"_id":"4"}',
    '{"name":"without an id"}',
    'null',
    `{"_id":"\\ud800\\"","text":"${'x'.repeat(100_000)}"}`,
  ]);
  const [batch = []] = await through(contacts);
  expect(batch.map(facts)).toEqual(contacts.map(facts));
});

test('500 of them are one batch, and fewer where they are long', async () => {
  const short = contactsOf(Array.from({ length: 1201 }, (_, n) => `{"_id":"${n}"}`));
  expect((await through(short)).map((batch) => batch.length)).toEqual([500, 500, 201]);
  const text = 'x'.repeat(1_500_000);
  const long = contactsOf(Array.from({ length: 4 }, (_, n) => `{"_id":"${n}","text":"${text}"}`));
  expect((await through(long)).map((batch) => batch.length)).toEqual([3, 1]);
  expect(await through([])).toEqual([]);
});

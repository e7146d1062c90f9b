import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runMain, type World } from '../support/context.ts';
import { noPostgres, PostgresServer } from '../support/postgres.ts';
import { sandboxWith } from '../support/sandbox.ts';
import { serve } from '../support/service.ts';
import { ask, type FoundRow } from '../support/sqlite.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

let server: PostgresServer | undefined;

beforeAll(async () => {
  if (noPostgres === undefined) server = await PostgresServer.start();
});

afterAll(() => server?.stop());

const created = '"createdAt":"2026-10-01T00:00:00.000Z"';
const details = (json: string) => `"profile":{"userDetails":{${json}}}`;
const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** What strangers, imports and old versions leave behind, as JSON text. */
const hostile: readonly string[] = [
  `{"_id":"nul",${created},${details('"userProvidedName":"a\\u0000b","tags":["x\\u0000"]')}}`,
  `{"_id":"half",${created},${details('"name":"\\ud800 half","city":"\\udc00"')}}`,
  `{"_id":"whole",${created},${details('"name":"\\ud83d\\ude00 \\\\u0000 is no NUL"')}}`,
  `{"_id":"huge",${created},"unreadMessages":1e400000,"x":1e400000}`,
  `{"_id":"tiny",${created},"unreadMessages":1e300,"x":1e-400000}`,
  `{"_id":"digits",${created},"unreadMessages":${'9'.repeat(40)},"x":${'9'.repeat(3000)}}`,
  `{"_id":"deep",${created},"x":${deep(20_000)},"note":"] }"}`,
  `{"_id":"future","createdAt":"+012345-01-01T00:00:00.000Z","lastSeenAt":"12345-01-01T00:00:00.000Z"}`,
  `{"_id":"nodate","createdAt":"2026-02-30T00:00:00.000Z","updatedAt":"0000-01-01T00:00:00.000Z"}`,
  `{"_id":"epoch","createdAt":1759276800000,"lastSeenAt":{"$date":"2026-10-01T02:00:00+02:00"}}`,
  `{"_id":"${'i'.repeat(3000)}",${created}}`,
  `{"_id":"a\\u0000b",${created}}`,
  `{"_id":"a\\ufffdb",${created}}`,
  `{"_id":12,${created}}`,
  `{"_id":"12",${created}}`,
  `{"_id":{"a":[1]},${created}}`,
  `{${created},"name":"nobody"}`,
  `{"_id":"proto",${created},${details('"attributes":[{"key":"__proto__","value":"p"},{"key":"k\\u0000","value":"v\\u0000"},{"key":"k","value":{"a":["=1"]}},null]')}}`,
  `{"_id":"object",${created},${details('"attributes":{"__proto__":"p","constructor":{"x":1}},"tags":{"name":"vip"}')}}`,
  `{"_id":"odd",${created},"status":7,"isOnline":"yes","tags":3,"profile":[],"segments":[{"_id":"s","name":"Seg"},null,5]}`,
  `{"_id":"quotes",${created},${details(`"name":"Robert'); DROP TABLE contacts_all;-- \\" ? $1","tags":["a'b","c\\"d"]`)}}`,
  `{ "_id" : "spaced",\n  ${created} , "a" : [ ] }`,
  `{"_id":"long",${created},${details(`"name":"${'é'.repeat(300_000)}"`)}}`,
];

const times = ['first_synced_at', 'changed_at', 'deleted_at'];

/** What both databases hold, in the same words. */
interface Held {
  readonly sqlite: ReadonlyMap<string, FoundRow>;
  readonly postgres: ReadonlyMap<string, FoundRow> | undefined;
  /** What an export says of each, by its raw id. */
  readonly exported: readonly FoundRow[];
}

let databases = 0;

async function hold(service: World['service'] & object): Promise<Held> {
  const run = async (...args: readonly string[]) => {
    const outcome = await runMain(args, { service });
    expect(outcome).toMatchObject({ exit: 0 });
    return outcome.stdout;
  };
  const path = join(mkdtempSync(join(tmpdir(), 'reekolect-hostile-')), 'contacts.db');
  await run('contacts', 'sync', path);
  const exported = (await run('contacts', 'export', '--format', 'ndjson', '--columns', 'all'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const sqlite = byId(ask(path, 'SELECT * FROM contacts_all').map(fromSqlite));
  if (server === undefined) return { sqlite, postgres: undefined, exported };
  databases += 1;
  const name = await server.database(`hostile${databases}`);
  await run('contacts', 'sync', server.url(name));
  const rows = await server.ask(
    name,
    'SELECT *, raw::text AS raw_text FROM reekolect.contacts_all',
  );
  // Every query of a user must work, whatever strangers typed.
  for (const view of ['contacts', 'contact_tags', 'contact_attributes', 'contact_segments']) {
    await server.ask(name, `SELECT * FROM reekolect.${view}`);
    ask(path, `SELECT * FROM ${view}`);
  }
  await server.ask(name, `SELECT raw->>'_id', raw->>'x' FROM reekolect.contacts_all`);
  return { sqlite, postgres: byId(rows.map(fromPostgres)), exported };
}

function byId(rows: readonly FoundRow[]) {
  return new Map(rows.map((row) => [row.id, row]));
}

const booleans = ['online', 'interacted', 'live_chat', 'ordered', 'subscribed'];
const lists = ['platform', 'tags', 'segments', 'attributes'];

function fromSqlite(row: FoundRow): FoundRow {
  const read = { ...row };
  for (const name of lists) read[name] = JSON.parse(row[name]);
  for (const name of booleans) read[name] = row[name] === null ? null : row[name] === 1;
  return without(read);
}

function fromPostgres(row: FoundRow): FoundRow {
  const read = { ...row, unread: row.unread === null ? null : Number(row.unread) };
  for (const [name, value] of Object.entries(row)) {
    if (value instanceof Date) read[name] = value.toISOString();
  }
  return without(read);
}

function without(row: FoundRow): FoundRow {
  const { raw_text, ...kept } = row;
  for (const name of times) delete kept[name];
  return kept;
}

describe('what strangers typed', () => {
  let held: Held;

  beforeAll(async () => {
    held = await hold(await serve({ contacts: hostile, pageSize: 5 }));
  }, 180_000);

  test('is held by both kinds of database alike, and all of it', () => {
    expect(held.sqlite.size).toBe(hostile.length);
    expect([...held.sqlite.keys()]).toContain('\u000112');
    if (held.postgres === undefined) return;
    expect([...held.postgres.keys()].sort()).toEqual([...held.sqlite.keys()].sort());
    for (const [id, row] of held.sqlite) {
      const { raw, ...columns } = row;
      const { raw: other, ...others } = held.postgres.get(id);
      expect(others, id.slice(0, 20)).toEqual(columns);
      // What jsonb would refuse is a string that holds the exact text.
      if (typeof other === 'string') expect(other === raw, id.slice(0, 20)).toBe(true);
      else expect(other).toEqual(JSON.parse(raw));
    }
    const asText = ['nul', 'half', 'huge', 'tiny', 'digits', 'deep'];
    const found = [...held.postgres].filter(([, row]) => typeof row.raw === 'string');
    expect(
      found
        .map(([id]) => id)
        .filter((id) => id.length < 10 && asText.includes(id))
        .sort(),
    ).toEqual(asText.sort());
  });

  test('comes back as the exact text that the service sent', () => {
    const texts = new Set([...held.sqlite.values()].map(({ raw }) => raw));
    expect(hostile.filter((json) => !texts.has(json)).map((json) => json.slice(0, 40))).toEqual([]);
  });

  test('has no time that does not exist, and no half characters', () => {
    expect(held.sqlite.get('future')).toMatchObject({ created_at: null, last_seen_at: null });
    expect(held.sqlite.get('nodate')).toMatchObject({ created_at: null, updated_at: null });
    expect(held.sqlite.get('epoch')).toMatchObject({
      created_at: '2025-10-01T00:00:00.000Z',
      last_seen_at: '2026-10-01T00:00:00.000Z',
    });
    expect(held.sqlite.get('nul')).toMatchObject({ name: 'a\ufffdb', tags: ['x\ufffd'] });
    expect(held.sqlite.get('half')).toMatchObject({ name: '\ufffd half', city: '\ufffd' });
    expect(Object.entries(held.sqlite.get('proto').attributes)).toEqual(
      expect.arrayContaining([['k\ufffd', 'v\ufffd']]),
    );
    expect(JSON.stringify(held.sqlite.get('proto').attributes)).toContain('"__proto__":"p"');
  });
});

test('every column reads back as an export writes it', async () => {
  const { sqlite, postgres, exported } = await hold(await sandboxWith());
  expect(exported.length).toBe(sqlite.size);
  for (const row of exported) {
    for (const held of [sqlite.get(row.id), ...(postgres ? [postgres.get(row.id)] : [])]) {
      for (const [name, value] of Object.entries(row)) {
        if (name === 'agent_name' || name === 'segment_names') continue;
        expect(held[name], `${row.id} ${name}`).toEqual(cleaned(value));
      }
    }
  }
});

function cleaned(value: unknown): unknown {
  const text = JSON.stringify(value).replace(/\\ud83d(?!\\u)/g, '\ufffd');
  return JSON.parse(text);
}

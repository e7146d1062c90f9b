import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createHistory, createTables, postgres, views } from '../../src/database/schema.ts';

const folder = fileURLToPath(new URL('../../src/database/', import.meta.url));

/** Words that Citus, CockroachDB, Timescale or a pool in front of them would not take. */
const forbidden =
  /\b(?:TEMP|TEMPORARY|ctid|xmax|xmin|COPY|SERIAL|LOCK TABLE|CASCADE|TRIGGER|REFERENCES|SEQUENCE|now\(\)|LISTEN|PREPARE)\b/;

test('no statement needs what only one kind of PostgreSQL has', () => {
  for (const file of readdirSync(folder)) {
    const text = readFileSync(folder + file, 'utf8').replace(/^\s*(?:\/\/|\/?\*).*$/gm, '');
    expect(text.match(forbidden), file).toBeNull();
  }
  const made = [...createTables(postgres), createHistory(postgres), ...views(postgres, ['id'])];
  expect(made.join(' ').match(forbidden)).toBeNull();
});

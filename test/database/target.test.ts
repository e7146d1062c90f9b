import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPassword } from '../../src/database/pgpass.ts';
import { type PostgresTarget, parseTarget } from '../../src/database/target.ts';
import { runMain } from '../support/context.ts';
import { serve } from '../support/service.ts';

/** What people mistake for an address that is understood, each with a password in it. */
const addresses = [
  'postgres://me:geheim@127.0.0.1:1/x',
  'postgres://me@127.0.0.1:1/x?password=geheim',
  'postgres://me@127.0.0.1:1/x?sslmode=geheim',
  'postgres://me:12/geheim@127.0.0.1:1/x',
  'postgres://me:gehe#im@127.0.0.1:1/x',
  'postgres:/me:geheim@h/x',
  'postgres:me:geheim@h/x.db',
  '"postgres://me:geheim@127.0.0.1:1/x"',
  'postgresql+psycopg2://me:geheim@h/x',
  'jdbc:postgresql://me:geheim@h/x',
  'jdbc:postgresql://me:geheim@h/x.db',
  'host=h user=me password=geheim dbname=x',
  'host=h user=me password = geheim dbname=x.db',
  'mysql://me:geheim@h/x',
  'sqlite://me:geheim@h/x.db',
  'geheim',
];

describe.each(addresses)('the password in %s', (address) => {
  test('is repeated by nothing, wherever it comes from', async () => {
    const service = await serve();
    const world = { service, env: { REEKOLECT_DATABASE_URL: address } };
    const outcomes = [
      await runMain(['contacts', 'sync', '-v'], world),
      await runMain(['contacts', 'sync', '-v', '--errors', 'json'], world),
      await runMain(['doctor', '-v'], world),
    ];
    if (address !== 'geheim')
      outcomes.push(await runMain(['contacts', 'sync', address, '-v'], { service }));
    for (const { exit, stdout, stderr } of outcomes) {
      expect([2, 7]).toContain(exit);
      expect(stdout + stderr).not.toMatch(/gehe/);
    }
  });
});

test('a password for the key of a certificate is none for the command line either', async () => {
  const { exit, stderr } = await runMain([
    'contacts',
    'sync',
    'postgres://me@127.0.0.1/x?sslpassword=geheim',
  ]);
  expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('password') });
  expect(stderr).not.toContain('geheim');
});

test.each([
  ['postgres://me@a.example,b.example/x', {}],
  ['postgres://a.example:5432,b.example:5433/x', {}],
  ['postgres:///x?host=a.example,b.example', {}],
  ['postgres:///x', { PGHOST: 'a.example,b.example' }],
])('%s names several servers: exit 2', async (target, env) => {
  const { exit, stderr } = await runMain(['contacts', 'sync', target], { env });
  expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining('several') });
});

test("a comma in a user's name is no list of servers", () => {
  const facts = { typed: true, schema: undefined, env: {} };
  expect(parseTarget('postgres://a,b@db.example/x', facts)).toMatchObject({ user: 'a,b' });
});

test.each(['', 'x'.repeat(64), 'pg_mine', 'why?'])(
  'a schema that PostgreSQL would not take (%s) is a mistake, before anything is asked',
  async (schema) => {
    const target = 'postgres://me@127.0.0.1:1/x';
    const { exit, stderr } = await runMain(['contacts', 'sync', target, '--schema', schema]);
    expect({ exit, stderr }).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('63 bytes'),
    });
  },
);

const parsed = (text: string) =>
  parseTarget(text, { typed: false, schema: undefined, env: {} }) as PostgresTarget;

test('an address is read as libpq reads it', () => {
  expect(parsed('postgres://me@h/x?password=a+b%20c')).toMatchObject({ password: 'a+b c' });
  const { host, shown } = parsed('postgres://me@[::1]:5433/x');
  expect([host, shown]).toEqual(['::1', 'postgres://me@[::1]:5433/x']);
});

test.each([
  ['/srv/socket', '/srv/socket:*:*:*:found\n', 'found'],
  ['/srv/socket', 'localhost:*:*:*:no\n', undefined],
  ['/var/run/postgresql', 'localhost:*:*:*:found\n', 'found'],
])('a password for the socket in %s is found by %j: %s', (folder, lines, password) => {
  const path = join(mkdtempSync(join(tmpdir(), 'reekolect-pgpass-')), 'pgpass');
  writeFileSync(path, lines, { mode: 0o600 });
  expect(readPassword(path, parsed(`postgres://me@/x?host=${folder}`)).password).toBe(password);
});

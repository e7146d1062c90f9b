import { expect, test } from 'vitest';
import type { Session } from '../../src/session.ts';
import { settleTarget } from '../../src/sync/settle-target.ts';

const session = (env: object) =>
  ({
    profile: 'work',
    context: { env: { HOME: '/home/me', ...env }, now: () => new Date('2026-11-27T12:30:15Z') },
  }) as unknown as Session;

const settle = (typed: string | undefined, env = {}) =>
  settleTarget(typed, { schema: undefined, zone: () => 'UTC' }, session(env));

test.each([
  ['{date}-{time}-{profile}.db', '2026-11-27-123015-work.db'],
  [' ~/contacts.db\n', '/home/me/contacts.db'],
  ['sqlite:~/{date}', '/home/me/2026-11-27'],
])('the name of a file is filled in: %j', async (text, file) => {
  expect(await settle(text)).toEqual({ kind: 'sqlite', file });
  expect(await settle(undefined, { REEKOLECT_DATABASE_URL: text })).toMatchObject({ file });
});

test('nothing of a password is', async () => {
  const url = 'postgres://me:{date}@db.example.com/shop';
  expect(await settle(undefined, { REEKOLECT_DATABASE_URL: url })).toMatchObject({
    password: '{date}',
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runMain } from '../support/context.ts';
import { noPostgres, PostgresServer, runUnprivileged } from '../support/postgres.ts';
import { type Service, serve } from '../support/service.ts';
import { people } from '../support/synced.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const skipped =
  noPostgres ??
  (spawnSync('openssl', ['version']).status === 0 ? undefined : 'skipped: no openssl');

const folder = mkdtempSync(join(tmpdir(), 'reekolect-tls-'));
const at = (name: string) => join(folder, name);

/** A certificate of its own, or one that another signs. */
function certify(name: string, more: readonly string[]): void {
  const words = `req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ${at(`${name}.key`)} -out ${at(`${name}.crt`)}`;
  execFileSync('openssl', [...words.split(' '), ...more], { stdio: 'ignore' });
}

function certifyBy(authority: string, name: string, more: readonly string[]): void {
  certify(name, ['-CA', at(`${authority}.crt`), '-CAkey', at(`${authority}.key`), ...more]);
}

describe.skipIf(skipped !== undefined)(skipped ?? 'TLS to a server', () => {
  let server: PostgresServer;
  let service: Service;

  beforeAll(async () => {
    certify('ours', ['-subj', '/CN=Our authority']);
    certify('another', ['-subj', '/CN=Another authority']);
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    certifyBy('ours', 'server', names);
    certifyBy('ours', 'guest', ['-subj', '/CN=guest']);
    server = await PostgresServer.start();
    service = await serve({ contacts: people(2), pageSize: 4 });
    const put = (name: string, text: string | Buffer) => {
      runUnprivileged(
        'sh',
        ['-c', 'umask 077; cat > "$0"', join(server.folder, 'data', name)],
        `${text}`,
      );
    };
    for (const name of ['server.crt', 'server.key', 'ours.crt']) put(name, readFileSync(at(name)));
    put(
      'pg_hba.conf',
      'hostssl all guest all cert\nhostssl all secure all trust\nhost all admin all trust\n',
    );
    for (const role of ['secure', 'guest']) {
      await server.ask('postgres', `CREATE ROLE ${role} SUPERUSER LOGIN`);
    }
    await server.ask('postgres', 'ALTER SYSTEM SET ssl = on');
    await server.ask('postgres', `ALTER SYSTEM SET ssl_ca_file = 'ours.crt'`);
    await server.ask('postgres', 'SELECT pg_reload_conf()');
  });

  afterAll(() => server?.stop());

  function run(
    env: Record<string, string>,
    { host = 'localhost', user = 'secure', query = '' } = {},
  ) {
    const target = `postgres://${user}@${host}:${server.port}/postgres${query}`;
    return runMain(['contacts', 'sync', target], { service, env });
  }

  test('is proven by the root certificate, in the environment or in TARGET', async () => {
    const env = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: at('ours.crt') };
    expect(await run(env)).toMatchObject({ exit: 0, stderr: '' });
    const query = `?sslmode=verify-full&sslrootcert=${encodeURIComponent(at('ours.crt'))}`;
    expect(await run({}, { query })).toMatchObject({ exit: 0, stderr: '' });
  });

  test.each([
    [
      'is not proven by the root certificate of another',
      { PGSSLROOTCERT: at('another.crt') },
      'localhost',
      'PGSSLROOTCERT',
    ],
    ['is not proven without a root certificate', {}, 'localhost', 'PGSSLROOTCERT'],
    ['is not proven to another name', { PGSSLROOTCERT: at('ours.crt') }, '127.0.0.1', 'verify-ca'],
    [
      'needs a root certificate that is there',
      { PGSSLROOTCERT: at('none.crt') },
      'localhost',
      'none.crt',
    ],
  ])('%s: exit 7', async (_name, env, host, words) => {
    const { exit, stderr } = await run({ PGSSLMODE: 'verify-full', ...env }, { host });
    expect({ exit, stderr }).toMatchObject({ exit: 7, stderr: expect.stringContaining(words) });
  });

  test('verify-ca takes any name, and no other authority', async () => {
    const verify = (root: string) => ({ PGSSLMODE: 'verify-ca', PGSSLROOTCERT: at(root) });
    expect(await run(verify('ours.crt'), { host: '127.0.0.1' })).toMatchObject({ exit: 0 });
    expect(await run(verify('another.crt'), { host: '127.0.0.1' })).toMatchObject({ exit: 7 });
  });

  test('require encrypts, and asks for proof only with a root certificate', async () => {
    expect(await run({ PGSSLMODE: 'require' })).toMatchObject({ exit: 0, stderr: '' });
    const wrong = { PGSSLMODE: 'require', PGSSLROOTCERT: at('another.crt') };
    expect(await run(wrong)).toMatchObject({ exit: 7 });
  });

  test('is what a server may insist on', async () => {
    const { exit, stderr } = await run({ PGSSLMODE: 'disable' });
    expect({ exit, stderr }).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining('PGSSLMODE=require'),
    });
  });

  test('proves who we are by a certificate of ours', async () => {
    const env = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: at('ours.crt') };
    const guest = { PGSSLCERT: at('guest.crt'), PGSSLKEY: at('guest.key') };
    expect(await run({ ...env, ...guest }, { user: 'guest' })).toMatchObject({ exit: 0 });
    expect(await run(env, { user: 'guest' })).toMatchObject({ exit: 7 });
  });
});

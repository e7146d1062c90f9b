import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runMain } from '../support/context.ts';
import {
  freePort,
  noPostgres,
  PostgresServer,
  runUnprivileged,
  untilAnswers,
} from '../support/postgres.ts';
import { failFrom, type Service, serve } from '../support/service.ts';
import { people, person } from '../support/synced.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let server: PostgresServer;
let databases = 0;

beforeAll(async () => {
  if (noPostgres === undefined) server = await PostgresServer.start();
});

afterAll(() => server?.stop());

/** An account and a database on the server that follows it. */
class World {
  readonly service: Service;
  readonly name: string;
  readonly config = mkdtempSync(join(tmpdir(), 'reekolect-'));

  constructor(service: Service, name: string) {
    this.service = service;
    this.name = name;
  }

  static async with(count: number): Promise<World> {
    databases += 1;
    const service = await serve({ contacts: people(count), pageSize: 4 });
    return new World(service, await server.database(`shop${databases}`));
  }

  run(flags = '', env: Record<string, string> = {}, target = server.url(this.name)) {
    const words = flags === '' ? [] : flags.split(' ');
    return runMain(['contacts', 'sync', target, ...words], {
      service: this.service,
      env: { REEKOLECT_CONFIG_DIR: this.config, ...env },
    });
  }

  async sync(flags = '', env: Record<string, string> = {}) {
    const { exit, stdout, stderr } = await this.run(`--format json ${flags}`.trim(), env);
    if (exit !== 0) throw new Error(`exit ${exit}: ${stderr}`);
    return JSON.parse(stdout);
  }

  ask(sql: string) {
    return server.ask(this.name, sql);
  }
}

describe.skipIf(noPostgres !== undefined)(noPostgres ?? 'a sync into PostgreSQL', () => {
  test('follows the account as one into a file does', async () => {
    const world = await World.with(6);
    expect(await world.sync('--history')).toMatchObject({ new: 6, stable: true });
    world.service.contacts[0] = person(6, { status: 'CLOSED' });
    const gone = world.service.remove(person(1)._id);
    expect(await world.sync('--history')).toMatchObject({
      new: 0,
      changed: 1,
      deleted: 1,
      unchanged: 4,
    });
    const rows = await world.ask('SELECT * FROM reekolect.contacts ORDER BY id');
    expect(rows).toHaveLength(5);
    expect(rows[4]).toMatchObject({
      status: 'CLOSED',
      created_at: new Date(person(6).createdAt),
      tags: ['vip'],
    });
    expect(rows[4].raw).toEqual(person(6, { status: 'CLOSED' }));
    world.service.contacts.push(gone);
    expect(await world.sync('--history')).toMatchObject({ changed: 1, unchanged: 5 });
    const changes = await world.ask(
      'SELECT change, before FROM reekolect.contact_changes ORDER BY at, change',
    );
    expect(changes.map(({ change }) => change)).toEqual([
      ...Array(6).fill('created'),
      'changed',
      'deleted',
      'restored',
    ]);
    expect(changes[6].before).toEqual(person(6));
    const tags = await world.ask('SELECT count(*) FROM reekolect.contact_tags');
    expect(tags).toEqual([{ count: '6' }]);
  });

  test('takes an account whose id holds what no text may', async () => {
    const world = await World.with(0);
    world.service.insert(person(1, { _customer: '\0\ud800' }));
    await world.sync();
    expect(await world.sync()).toMatchObject({ unchanged: 1 });
  });

  test('writes no row the second time', async () => {
    const world = await World.with(5);
    await world.sync();
    const versions = 'SELECT xmin, id FROM reekolect.contacts_all ORDER BY id';
    const before = await world.ask(versions);
    expect(await world.sync()).toMatchObject({ changed: 0, unchanged: 5 });
    expect(await world.ask(versions)).toEqual(before);
  });

  test('a failed walk leaves it alone, and --resume goes on', async () => {
    const world = await World.with(12);
    await world.sync();
    world.service.insert(person(13));
    world.service.script.answer = failFrom(3);
    expect(await world.run('--max-attempts 1')).toMatchObject({ exit: 5 });
    expect(await world.ask('SELECT count(*) FROM reekolect.contacts')).toEqual([{ count: '12' }]);
    delete world.service.script.answer;
    world.service.requests.splice(0);
    // As a run leaves it that is killed while it makes a file without a name.
    const [log] = readdirSync(join(world.config, 'sync'));
    const made = `.${log?.replace('.part', '')}.1-0123456789ab.tmp`;
    writeFileSync(join(world.config, 'sync', made), '');
    expect(await world.sync('--resume')).toMatchObject({ new: 1, unchanged: 12 });
    expect(world.service.asked.filter((page) => page === 2)).toHaveLength(1);
    expect(readdirSync(join(world.config, 'sync'))).toEqual([]);
  });

  test('a run above --max-deletions, killed when all was in place, fails again when it is resumed', async () => {
    const world = await World.with(8);
    await world.sync();
    world.service.contacts.splice(0, 6);
    const logs = join(world.config, 'sync');
    let kept = '';
    world.service.script.answer = ({ path }) => {
      if (path !== '/inbox/segments') return undefined;
      kept = join(logs, readdirSync(logs).find((name) => name.endsWith('.part')) ?? '');
      copyFileSync(kept, `${kept}.kept`);
      return undefined;
    };
    const failed = await world.run();
    expect(failed).toMatchObject({ exit: 8, stderr: expect.stringContaining('6 of 8') });
    renameSync(`${kept}.kept`, kept);
    expect(await world.run('--resume')).toEqual(failed);
    expect(readdirSync(logs)).toEqual([]);
  });

  test('while another run writes it: exit 75', async () => {
    const world = await World.with(2);
    await world.sync();
    const other = new pg.Client({ connectionString: server.url(world.name) });
    await other.connect();
    try {
      await other.query('BEGIN; SELECT * FROM reekolect.sync_state FOR UPDATE');
      expect(await world.run()).toMatchObject({ exit: 75 });
    } finally {
      await other.end();
    }
    expect(await world.sync()).toMatchObject({ unchanged: 2 });
  });

  test('keeps views that people have built on the tables, when a column is added', async () => {
    const world = await World.with(2);
    await world.sync();
    await world.ask(`DROP VIEW reekolect.contacts CASCADE;
      ALTER TABLE reekolect.contacts_all DROP COLUMN last_message;
      CREATE VIEW reekolect.contacts AS SELECT id, name, status FROM reekolect.contacts_all;
      CREATE VIEW mine AS SELECT name, status FROM reekolect.contacts`);
    expect(await world.sync()).toMatchObject({ changed: 2 });
    expect(await world.ask('SELECT name FROM mine ORDER BY name')).toEqual([
      { name: 'Person 1' },
      { name: 'Person 2' },
    ]);
    const [row] = await world.ask('SELECT * FROM reekolect.contacts');
    expect(Object.keys(row).slice(0, 3)).toEqual(['id', 'name', 'status']);
    expect(row).toHaveProperty('last_message');
  });

  test.each(['40001', '40P01'])('is repeated where others were in its way (%s)', async (state) => {
    const world = await World.with(3);
    await world.sync();
    await world.ask(`CREATE SEQUENCE tries;
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('public.tries') < 3 THEN RAISE EXCEPTION 'in the way' USING ERRCODE = '${state}'; END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER fail BEFORE INSERT ON reekolect.sync_runs FOR EACH ROW EXECUTE FUNCTION fail()`);
    world.service.insert(person(4));
    expect(await world.sync()).toMatchObject({ new: 1, unchanged: 3 });
    expect(await world.ask('SELECT count(*) FROM reekolect.sync_runs')).toEqual([{ count: '2' }]);
  });

  test('does without rights to make the schema where that is there', async () => {
    const world = await World.with(2);
    await world.ask(
      `CREATE ROLE plain${databases} LOGIN; REVOKE CREATE ON DATABASE ${world.name} FROM PUBLIC`,
    );
    const url = server.url(world.name, `plain${databases}`);
    const refused = await world.run('', {}, url);
    expect(refused).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining('CREATE SCHEMA "reekolect"'),
    });
    expect(world.service.requests).toEqual([]);
    await world.ask('CREATE SCHEMA reekolect');
    const unused = await world.run('', {}, url);
    expect(unused).toMatchObject({ exit: 7, stderr: expect.stringContaining('GRANT USAGE') });
    await world.ask(`GRANT USAGE, CREATE ON SCHEMA reekolect TO plain${databases}`);
    expect(await world.run('', {}, url)).toMatchObject({ exit: 0 });
    await world.ask(`CREATE ROLE reader${databases} LOGIN; GRANT USAGE ON SCHEMA reekolect TO reader${databases};
      GRANT SELECT ON ALL TABLES IN SCHEMA reekolect TO reader${databases}`);
    const reader = await world.run('', {}, server.url(world.name, `reader${databases}`));
    expect(reader).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining('GRANT SELECT, INSERT'),
    });
  });

  test('says before anything is asked that it may write none of the tables, or nothing at all', async () => {
    const world = await World.with(2);
    await world.sync();
    const role = `half${databases}`;
    await world.ask(`CREATE ROLE ${role} LOGIN; GRANT USAGE ON SCHEMA reekolect TO ${role};
      GRANT ALL ON ALL TABLES IN SCHEMA reekolect TO ${role}; REVOKE INSERT ON reekolect.segments FROM ${role}`);
    world.service.requests.splice(0);
    const refused = await world.run('', {}, server.url(world.name, role));
    expect(refused).toMatchObject({ exit: 7, stderr: expect.stringContaining('GRANT SELECT') });
    await server.ask(
      'postgres',
      `ALTER DATABASE ${world.name} SET default_transaction_read_only = on`,
    );
    expect(await world.run()).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining('replica'),
    });
    expect(world.service.requests).toEqual([]);
  });

  test('says before anything is asked that it may make no table for --history', async () => {
    const world = await World.with(2);
    await world.sync();
    const role = `writer${databases}`;
    await world.ask(`CREATE ROLE ${role} LOGIN; GRANT USAGE ON SCHEMA reekolect TO ${role};
      GRANT ALL ON ALL TABLES IN SCHEMA reekolect TO ${role}`);
    const theirs = server.url(world.name, role);
    expect(await world.run('', {}, theirs)).toMatchObject({ exit: 0 });
    world.service.requests.splice(0);
    const refused = await world.run('--history', {}, theirs);
    expect(refused).toMatchObject({ exit: 7, stderr: expect.stringContaining('GRANT CREATE') });
    expect(world.service.requests).toEqual([]);
    await world.sync('--history');
    const unwritable = await world.run('--history', {}, theirs);
    expect(unwritable).toMatchObject({ exit: 7, stderr: expect.stringContaining('GRANT SELECT') });
    await world.ask(`GRANT ALL ON ALL TABLES IN SCHEMA reekolect TO ${role}`);
    expect(await world.run('--history', {}, theirs)).toMatchObject({ exit: 0 });
  });

  test('takes an id of a segment or agent that no index could hold', async () => {
    const world = await World.with(2);
    const long = randomBytes(3000).toString('hex');
    Object.assign(world.service.script, {
      segments: [{ _id: long, segmentName: 'Long' }],
      agents: [{ _id: long, name: 'Longer' }],
    });
    await world.sync();
    const names = 'SELECT s.name, a.name AS agent FROM reekolect.segments s, reekolect.agents a';
    expect(await world.ask(names)).toEqual([{ name: 'Long', agent: 'Longer' }]);
  });

  test('leaves tables of others alone, and takes a schema of its own', async () => {
    const world = await World.with(2);
    await world.ask('CREATE SCHEMA reekolect; CREATE TABLE reekolect.contacts (a int)');
    expect(await world.run()).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining('--schema NAME'),
    });
    expect(await world.run('--schema my-own')).toMatchObject({ exit: 0 });
    expect(await world.ask('SELECT count(*) FROM "my-own".contacts')).toEqual([{ count: '2' }]);
  });
});

describe.skipIf(noPostgres !== undefined)(noPostgres ?? 'the way to the server', () => {
  test("is told by libpq's variables", async () => {
    const world = await World.with(2);
    const env = {
      PGHOST: server.folder,
      PGPORT: String(server.port),
      PGUSER: 'admin',
      PGDATABASE: world.name,
    };
    expect(await world.run('', env, 'postgres://')).toMatchObject({ exit: 0, stderr: '' });
    expect(await world.ask('SELECT count(*) FROM reekolect.contacts')).toEqual([{ count: '2' }]);
  });

  test('needs no password in sight: it comes from the environment or a file', async () => {
    const world = await World.with(1);
    const role = `locked${databases}`;
    await world.ask(`CREATE ROLE ${role} SUPERUSER LOGIN PASSWORD 'geh:eim'`);
    const [{ setting }] = await world.ask(
      `SELECT setting FROM pg_settings WHERE name = 'hba_file'`,
    );
    const trust = 'local all all trust\nhost all all 127.0.0.1/32 trust\n';
    writeFileSync(setting, `host all ${role} 127.0.0.1/32 scram-sha-256\n${trust}`);
    await world.ask('SELECT pg_reload_conf()');
    const url = server.url(world.name, role);
    const file = join(world.config, 'pgpass');
    mkdirSync(world.config, { recursive: true });
    writeFileSync(file, `other:*:*:*:no\n*:${server.port}:${world.name}:${role}:geh\\:eim\n`, {
      mode: 0o600,
    });
    const outcomes = [
      await world.run('-v', { PGPASSFILE: join(world.config, 'none') }, url),
      await world.run('-v', { PGPASSWORD: 'wrong-one' }, url),
      await world.run('-v', { PGPASSWORD: 'geh:eim' }, url),
      await world.run('-v', { PGPASSFILE: file }, url),
    ];
    expect(outcomes.map(({ exit }) => exit)).toEqual([7, 7, 0, 0]);
    expect(outcomes[0]?.stderr).toContain('PGPASSWORD');
    for (const { stderr, stdout } of outcomes)
      expect(stderr + stdout).not.toMatch(/geh:eim|wrong-one/);
    const env = { REEKOLECT_DATABASE_URL: url.replace('@', ':geh%3Aeim@') };
    const inEnv = await runMain(['contacts', 'sync', '--dry-run', '-v'], {
      service: world.service,
      env,
    });
    expect(inEnv.exit).toBe(0);
    expect(inEnv.stdout + inEnv.stderr).not.toContain('geh');
  });

  test('a server without TLS: the hint names the variable', async () => {
    const world = await World.with(1);
    const { exit, stderr } = await world.run('', { PGSSLMODE: 'verify-full' });
    expect({ exit, stderr }).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining('PGSSLMODE=disable'),
    });
    expect(await world.run('', { PGSSLMODE: 'prefer' })).toMatchObject({ exit: 0 });
  });

  test.each(['SQL_ASCII', 'LATIN1'])(
    'text kept as %s has not every name: exit 7',
    async (encoding) => {
      const world = await World.with(1);
      const name = `${world.name}_${encoding.toLowerCase()}`;
      await server.database(`${name} TEMPLATE template0 ENCODING '${encoding}' LOCALE 'C'`);
      const { exit, stderr } = await world.run('', {}, server.url(name));
      expect({ exit, stderr }).toMatchObject({ exit: 7, stderr: expect.stringContaining('UTF8') });
      expect(world.service.requests).toEqual([]);
    },
  );

  test('no server, no such database: exit 7', async () => {
    const world = await World.with(1);
    expect(await world.run('', {}, 'postgres://me@127.0.0.1:1/x')).toMatchObject({ exit: 7 });
    const none = await world.run('', {}, server.url('no_such'));
    expect(none).toMatchObject({ exit: 7, stderr: expect.stringContaining('createdb no_such') });
    expect(world.service.requests).toEqual([]);
  });
});

describe('what is refused before any connection', () => {
  const outcome = (target: string, env = {}) => runMain(['contacts', 'sync', target], { env });

  test.each([
    'postgres://me:geheim@127.0.0.1/shop',
    'postgresql://me@127.0.0.1/shop?password=geheim',
  ])('a password on the command line: exit 2', async (target) => {
    const { exit, stderr } = await outcome(target);
    expect(exit).toBe(2);
    expect(stderr).not.toContain('geheim');
  });

  test('Redshift: exit 7', async () => {
    const { exit, stderr } = await outcome(
      'postgres://me@a.b.eu-west-1.redshift.amazonaws.com:5439/dev',
    );
    expect({ exit, stderr }).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining('Redshift'),
    });
  });

  test.each(['postgres://me@h:99999/x', 'postgres://me@h/x?sslmode=maybe'])(
    '%s: exit 2',
    async (target) => {
      expect((await outcome(target)).exit).toBe(2);
    },
  );
});

describe.skipIf(noPostgres !== undefined)(noPostgres ?? 'on a bad way to the server', () => {
  test('a COMMIT whose answer is lost has committed, and is not done twice', async () => {
    const world = await World.with(3);
    let lost = 0;
    const relay = createServer((client) => {
      const onward = connect(server.port, '127.0.0.1');
      let commits = false;
      client.on('error', () => {}).on('close', () => onward.destroy());
      onward.on('error', () => {}).on('close', () => client.destroy());
      client.on('data', (bytes) => {
        if (bytes.includes('INSERT INTO sync_runs')) commits = true;
        onward.write(bytes);
      });
      onward.on('data', (bytes) => {
        if (!commits || !bytes.includes('COMMIT')) return void client.write(bytes);
        lost += 1;
        client.destroy();
      });
    });
    await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
    const { port } = relay.address() as AddressInfo;
    try {
      const target = `postgres://admin@127.0.0.1:${port}/${world.name}`;
      const { exit, stdout } = await world.run('--format json', {}, target);
      expect({ exit, lost }).toEqual({ exit: 0, lost: 1 });
      expect(JSON.parse(stdout)).toMatchObject({ new: 3 });
      expect(await world.ask('SELECT count(*) FROM reekolect.sync_runs')).toEqual([{ count: '1' }]);
    } finally {
      relay.close();
    }
  });

  test.each([
    ['never', 0],
    ['late', 1],
  ])(
    'a COMMIT that comes %s, behind a cut that the server notices late, is settled',
    async (_name, late) => {
      const world = await World.with(3);
      let cuts = 0;
      const relay = createServer((client) => {
        const onward = connect(server.port, '127.0.0.1');
        let ends = false;
        client.on('error', () => {}).on('close', () => ends || onward.destroy());
        onward.on('error', () => {}).on('close', () => client.destroy());
        onward.on('data', (bytes) => client.write(bytes));
        client.on('data', (bytes) => {
          if (bytes.includes('INSERT INTO sync_runs')) cuts ||= -1;
          if (cuts !== -1 || !bytes.includes('COMMIT')) return void onward.write(bytes);
          cuts = 1;
          ends = true;
          client.destroy();
          setTimeout(() => (late ? onward.end(bytes) : onward.destroy()), 900);
        });
      });
      await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
      const { port } = relay.address() as AddressInfo;
      try {
        const target = `postgres://admin@127.0.0.1:${port}/${world.name}`;
        const { exit, stdout, stderr } = await world.run('--format json', {}, target);
        expect({ exit, cuts, stderr }).toEqual({ exit: 0, cuts: 1, stderr: '' });
        expect(JSON.parse(stdout)).toMatchObject({ new: 3 });
        expect(await world.ask('SELECT count(*) FROM reekolect.sync_runs')).toEqual([
          { count: '1' },
        ]);
      } finally {
        relay.close();
      }
    },
  );

  test('a pool that gives each transaction another connection does', async () => {
    const world = await World.with(3);
    world.service.contacts = people(1600);
    Object.assign(world.service.script, { pageSize: 400 });
    const port = await freePort();
    const pid = join(server.folder, 'pool.pid');
    const config = join(server.folder, 'pool.ini');
    writeFileSync(
      config,
      `[databases]\n* = host=127.0.0.1 port=${server.port} user=admin\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nunix_socket_dir =\nlogfile = ${pid}.log\npidfile = ${pid}\n`,
      { mode: 0o644 },
    );
    runUnprivileged('pgbouncer', ['-d', config]);
    try {
      await untilAnswers(port);
      const target = `postgres://admin@127.0.0.1:${port}/${world.name}`;
      for (const said of [{ new: 1600 }, { unchanged: 1600 }]) {
        const { exit, stdout, stderr } = await world.run('--format json', {}, target);
        expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
        expect(JSON.parse(stdout)).toMatchObject(said);
      }
    } finally {
      process.kill(Number(readFileSync(pid, 'utf8')));
    }
  });
});

import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { failFrom, serve } from '../support/service.ts';
import { change } from '../support/sqlite.ts';
import { people, person, Synced } from '../support/synced.ts';

vi.setConfig({ testTimeout: 60_000 });

const agent = { _id: 'a'.repeat(24), name: 'Nomsa', contact: { email: 'nomsa@example.com' } };
const segment = { _id: 'b'.repeat(24), segmentName: 'VIP' };

/** As another program that clears up. */
function removePrivate({ folder }: Synced): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith('.')) rmSync(join(folder, name), { recursive: true });
  }
}

describe.concurrent('a sync into a new file', () => {
  test('holds every contact, its tags, segments and attributes, and nothing else lies beside it', async () => {
    const attributes = [{ key: 'city', value: 'Durban' }];
    const profile = { userDetails: { name: 'Thandi', tags: ['vip', 'new'], attributes } };
    const contact = person(9, { profile, segments: [segment._id], _agentAssigned: agent._id });
    const world = await Synced.with(5, { agents: [agent], segments: [segment] });
    world.service.insert(contact);

    const said = await world.sync();

    expect(said).toEqual({ new: 6, changed: 0, deleted: 0, unchanged: 0, walks: 2, stable: true });
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
    expect(statSync(world.path).mode & 0o777).toBe(0o600);
    expect(world.column('SELECT count(*) FROM contacts')).toEqual([6]);
    const { _id: id } = contact;
    const [row] = world.ask(`SELECT * FROM contacts WHERE id = '${id}'`);
    expect(row).toMatchObject({
      id,
      name: 'Thandi',
      created_at: contact.createdAt,
      deleted_at: null,
    });
    expect(row).toMatchObject({ agent_name: 'Nomsa', segment_names: 'VIP' });
    expect(JSON.parse(row.raw)).toEqual(contact);
    const tags = world.ask(`SELECT tag FROM contact_tags WHERE contact_id = '${id}'`);
    expect(tags).toEqual([{ tag: 'vip' }, { tag: 'new' }]);
    expect(world.ask('SELECT * FROM contact_segments')).toEqual([
      { contact_id: id, segment_id: segment._id, name: 'VIP' },
    ]);
    expect(world.ask('SELECT * FROM contact_attributes')).toEqual([
      { contact_id: id, key: 'city', value: 'Durban' },
    ]);
    expect(world.ask('SELECT * FROM segments')).toEqual([{ id: segment._id, name: 'VIP' }]);
    expect(world.ask('SELECT * FROM agents')).toEqual([
      { id: agent._id, name: 'Nomsa', email: 'nomsa@example.com' },
    ]);
    expect(world.ask('SELECT kind, walks, stable, seen, created FROM sync_runs')).toEqual([
      { kind: 'full', walks: 2, stable: 1, seen: 6, created: 6 },
    ]);
  });

  test.runIf(process.platform === 'linux')('leaves no file open', async () => {
    const world = await Synced.with(2);
    await world.sync();
    await world.sync();
    const open = readdirSync('/proc/self/fd').map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return '';
      }
    });
    expect(open.filter((path) => path.startsWith(world.folder))).toEqual([]);
  });

  test('shows nothing of it where the walk breaks off, and is gone on with by --resume', async () => {
    const world = await Synced.with(12, { answer: failFrom(3) });
    const { exit, stderr } = await world.run('--max-attempts 1');
    expect({ exit, stderr }).toMatchObject({ exit: 5, stderr: expect.stringMatching(/--resume/) });
    expect(readdirSync(world.folder)).toEqual(['contacts.db.part']);
    delete world.service.script.answer;
    world.service.requests.splice(0);

    expect(await world.sync('--resume')).toMatchObject({ new: 12, stable: true });
    expect(world.service.asked.filter((page) => page === 2)).toHaveLength(1);
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
  });

  test('that another program makes meanwhile is left alone: exit 7', async () => {
    const world = await Synced.with(12, {
      before: ({ page }) => page === 2 && writeFileSync(world.path, 'theirs'),
    });
    const { exit, stderr } = await world.run();
    expect({ exit, stderr }).toMatchObject({ exit: 7, stderr: expect.stringMatching(/--resume/) });
    expect(stderr).toContain('another program made');
    expect(readFileSync(world.path, 'utf8')).toBe('theirs');
    rmSync(world.path);
    delete world.service.script.before;
    expect(await world.sync('--resume')).toMatchObject({ new: 12 });
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
  });

  test.each<[string, string, number, (world: Synced) => void]>([
    [
      'when its folder goes',
      'folder-gone',
      7,
      ({ folder }) => renameSync(folder, `${folder}-elsewhere`),
    ],
    [
      'when another run has taken the lock and ended',
      'lock-lost',
      75,
      (world) => {
        removePrivate(world);
        rmSync(`${world.path}.lock`);
      },
    ],
    ['when another program clears it away', 'file-disturbed', 7, removePrivate],
  ])('says what became of it %s', async (_name, code, expected, meddle) => {
    const world = await Synced.with(12);
    world.service.script.before = ({ page }) => {
      if (page !== 3) return;
      delete world.service.script.before;
      meddle(world);
    };
    const { exit, stderr } = await world.run('--errors json');
    expect({ exit, ...JSON.parse(stderr) }).toMatchObject({ exit: expected, code });
  });

  test('says what it did to people, to scripts that ask, and else nothing', async () => {
    const world = await Synced.with(2);
    expect(await world.run()).toEqual({ exit: 0, stdout: '', stderr: '' });
    expect(await world.run('--format text')).toMatchObject({
      stdout: `0 new, 0 changed, 0 deleted, 2 as before in ${world.path}\n`,
    });
  });

  test('needs no list of segments or agents, and says once that they are refused', async () => {
    const world = await Synced.with(2, {
      answer: ({ path }) => (path === '/inbox/users' ? undefined : { status: 403, body: '{}' }),
    });
    const { exit, stderr } = await world.run();
    expect(exit).toBe(0);
    expect(stderr.match(/warning/g)).toHaveLength(1);
    expect(world.column('SELECT count(*) FROM contacts')).toEqual([2]);
  });

  test('shows the request with --dry-run, and touches nothing', async () => {
    const world = await Synced.with(2);
    const { exit, stdout } = await world.run('--dry-run');
    expect(exit).toBe(0);
    expect(stdout).toContain('POST http');
    expect(readdirSync(world.folder)).toEqual([]);
    expect(world.service.requests).toEqual([]);
  });
});

describe.concurrent('the next sync', () => {
  test('writes only what changed', async () => {
    const world = await Synced.with(5);
    await world.sync();
    const before = world.ask(
      'SELECT id, changed_at, first_synced_at FROM contacts_all ORDER BY id',
    );

    expect(await world.sync()).toMatchObject({ new: 0, changed: 0, deleted: 0, unchanged: 5 });
    expect(
      world.ask('SELECT id, changed_at, first_synced_at FROM contacts_all ORDER BY id'),
    ).toEqual(before);

    world.service.contacts[2] = person(3, { status: 'CLOSED' });
    world.service.insert(person(6));
    expect(await world.sync()).toMatchObject({ new: 1, changed: 1, deleted: 0, unchanged: 4 });
    const after = world.ask(
      'SELECT id, status, changed_at, first_synced_at FROM contacts ORDER BY id',
    );
    const moved = after.filter((row, n) => row.changed_at !== before[n]?.changed_at);
    expect(moved.map(({ id }) => id)).toEqual([person(3)._id, person(6)._id]);
    expect(after[2]).toMatchObject({
      status: 'CLOSED',
      first_synced_at: before[2].first_synced_at,
    });
  });

  test('leaves a file that can be read where nothing can be written beside it', async () => {
    const world = await Synced.with(5);
    await world.sync();
    world.service.insert(person(6));
    await world.sync();
    expect(world.column('PRAGMA journal_mode')).toEqual(['delete']);
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
  });

  test('marks who is gone, keeps the last values, and takes the mark away when they come back', async () => {
    const world = await Synced.with(5);
    await world.sync();
    const gone = world.service.remove(person(2)._id);

    expect(await world.sync()).toMatchObject({ deleted: 1, unchanged: 4 });
    expect(world.deleted).toEqual(['Person 2']);
    expect(world.column('SELECT count(*) FROM contacts')).toEqual([4]);
    expect(await world.sync()).toMatchObject({ deleted: 0, unchanged: 4 });

    world.service.contacts.push(gone);
    expect(await world.sync()).toMatchObject({ new: 0, changed: 1, unchanged: 4 });
    expect(world.deleted).toEqual([]);
  });

  test('shows names of segments and agents as they are now, and writes no contact for it', async () => {
    const world = await Synced.with(2, { segments: [segment], agents: [agent] });
    await world.sync();
    Object.assign(world.service.script, {
      segments: [{ ...segment, segmentName: 'Best' }],
      agents: [],
    });
    expect(await world.sync()).toMatchObject({ changed: 0 });
    expect(world.column('SELECT name FROM segments')).toEqual(['Best']);
    expect(world.column('SELECT name FROM agents')).toEqual([]);
  });

  test.runIf(process.getuid?.() === 0)('leaves the file to its owner and its group', async () => {
    const world = await Synced.with(2);
    await world.sync();
    chownSync(world.path, 1234, 1235);
    chmodSync(world.path, 0o640);
    world.service.insert(person(3));
    await world.sync();
    const { uid, gid, mode } = statSync(world.path);
    expect([uid, gid, mode & 0o777]).toEqual([1234, 1235, 0o640]);
  });

  test('keeps the tables of others, also where its copy of the file is cleared away', async () => {
    const world = await Synced.with(12);
    change(world.path, 'CREATE TABLE mine (a); INSERT INTO mine VALUES (1)');
    world.service.script.before = ({ page }) => page === 3 && removePrivate(world);
    expect(await world.sync()).toMatchObject({ new: 12 });
    expect(world.column('SELECT a FROM mine')).toEqual([1]);
    expect(await world.sync()).toMatchObject({ unchanged: 12 });
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
  });

  test('keeps what people have built on the tables', async () => {
    const world = await Synced.with(2);
    await world.sync();
    change(
      world.path,
      'CREATE TABLE notes (text); INSERT INTO notes VALUES (1); CREATE VIEW mine AS SELECT name FROM contacts',
    );
    await world.sync();
    expect(world.column('SELECT name FROM mine')).toHaveLength(2);
    expect(world.column('SELECT * FROM notes')).toEqual([1]);
  });
});

describe.concurrent('where it is not sure who is gone', () => {
  test('more than a tenth and five are too many, unless --max-deletions lets them go', async () => {
    const world = await Synced.with(8);
    await world.sync();
    for (let n = 1; n <= 6; n += 1) world.service.remove(person(n)._id);
    world.service.insert(person(9));

    const { exit, stderr } = await world.run();
    expect({ exit, stderr }).toMatchObject({ exit: 8, stderr: expect.stringContaining('6 of 8') });
    expect(stderr).toContain('--max-deletions 6');
    expect(world.deleted).toEqual([]);
    expect(world.column('SELECT count(*) FROM contacts')).toEqual([9]);

    expect((await world.run('--max-deletions 50%')).exit).toBe(8);
    expect(await world.sync('--max-deletions 6')).toMatchObject({ deleted: 6, unchanged: 3 });
  });

  test('five may go from a small account', async () => {
    const world = await Synced.with(6);
    await world.sync();
    for (let n = 1; n <= 5; n += 1) world.service.remove(person(n)._id);
    expect(await world.sync()).toMatchObject({ deleted: 5, unchanged: 1 });
  });

  test('an account without anybody marks nobody', async () => {
    const world = await Synced.with(3);
    await world.sync();
    world.service.contacts = [];
    const { exit, stderr } = await world.run('--max-deletions 100%');
    expect({ exit, stderr }).toMatchObject({
      exit: 8,
      stderr: expect.stringContaining('no contacts'),
    });
    expect(world.deleted).toEqual([]);
  });

  test('a walk that is never sure marks nobody, and what it met is there', async () => {
    const world = await Synced.with(6);
    await world.sync();
    world.service.remove(person(1)._id);
    let restless = 100;
    world.service.script.before = ({ page }) => {
      if (page !== 2) return;
      restless += 1;
      world.service.insert(person(restless), person(restless + 500));
    };
    const { exit, stderr } = await world.run();
    expect({ exit, stderr }).toMatchObject({ exit: 8, stderr: expect.stringContaining('missed') });
    expect(world.deleted).toEqual([]);
    expect(world.column('SELECT count(*) FROM contacts')[0]).toBeGreaterThan(10);
    expect(world.column('SELECT stable FROM sync_runs ORDER BY started_at')).toEqual([1, 0]);
  });

  test("another token than the last full run's marks nobody, unless it is vouched for", async () => {
    const world = await Synced.with(6);
    await world.sync();
    world.service.remove(person(1)._id);
    const env = { REEKOLECT_TOKEN: 'the-token-of-a-team-member' };
    const { exit, stderr } = await world.run('', { env });
    expect({ exit, stderr }).toMatchObject({ exit: 8, stderr: expect.stringContaining('token') });
    expect(world.deleted).toEqual([]);
    expect(await world.sync('--no-delete', { env })).toMatchObject({ deleted: 0 });
    expect(await world.sync('--max-deletions 10', { env })).toMatchObject({ deleted: 1 });
    expect(await world.sync('', { env })).toMatchObject({ deleted: 0 });
  });

  test('--no-delete marks nobody', async () => {
    const world = await Synced.with(3);
    await world.sync();
    world.service.remove(person(1)._id);
    expect(await world.sync('--no-delete')).toMatchObject({ deleted: 0, unchanged: 3 });
  });
});

describe.concurrent('the scope of a database', () => {
  test('is one account of one host, by the same filters', async () => {
    const world = await Synced.with(3);
    await world.sync('--tag vip');
    const other = await serve({ contacts: people(3).slice(1) });
    const stories = [
      ['', {}],
      ['--tag new', {}],
      ['--tag vip --status OPEN', {}],
      ['--tag vip', { service: other }],
    ] as const;
    const asked = world.service.requests.length;
    for (const [flags, more] of stories) {
      const { exit, stderr } = await world.run(flags, more);
      expect({ flags, exit, stderr }).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining('holds'),
      });
    }
    expect(world.service.requests.length + other.requests.length).toBe(asked);
    expect(world.deleted).toEqual([]);
    expect(await world.sync('--tag vip')).toMatchObject({ unchanged: 3 });
  });

  test('another account of the same host is another scope', async () => {
    const world = await Synced.with(3);
    await world.sync();
    world.service.contacts = people(3).map((it) => ({ ...it, _customer: 'd'.repeat(24) }));
    const env = { REEKOLECT_TOKEN: 'the-token-of-somebody-else' };
    expect(await world.run('', { env })).toMatchObject({ exit: 2 });
    const { exit, stderr } = await world.run();
    expect({ exit, stderr }).toMatchObject({
      exit: 2,
      stderr: expect.not.stringMatching('resume'),
    });
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
    expect(world.column(`SELECT count(*) FROM contacts WHERE raw LIKE '%dddd%'`)).toEqual([0]);
  });

  test.each(['a\0', '\ud800'])(
    'an account that no database takes as it is stays the same one: %j',
    async (it) => {
      const world = await Synced.with(3);
      world.service.contacts = people(3).map((contact) => ({ ...contact, _customer: it }));
      await world.sync();
      expect(await world.sync()).toMatchObject({ unchanged: 3 });
      const env = { REEKOLECT_TOKEN: 'another-token-of-the-same' };
      expect(await world.sync('--max-deletions 10%', { env })).toMatchObject({ unchanged: 3 });
    },
  );

  test('under filters, who is gone has left', async () => {
    const world = await Synced.with(3);
    await world.sync('--tag vip');
    world.service.remove(person(1)._id);
    const { stdout } = await world.run('--tag vip --format text');
    expect(stdout).toContain('0 new, 0 changed, 1 left, 2 as before');
  });

  test.each(['7d', 'today', 'last month'])(
    'a date such as %s would be another one each day',
    async (date) => {
      const world = await Synced.with(1);
      const args = ['contacts', 'sync', world.path, '--created-after', date];
      const { runMain } = await import('../support/context.ts');
      const { exit, stderr } = await runMain(args, { service: world.service });
      expect({ exit, stderr }).toMatchObject({
        exit: 2,
        stderr: expect.stringContaining('from now'),
      });
    },
  );
});

describe.concurrent('a quick sync', () => {
  const quick = '--quick --full-every 30d';

  test('asks for who came or was seen since, and marks nobody', async () => {
    const world = await Synced.with(6, { window: true });
    expect(await world.sync(quick)).toMatchObject({ new: 6 });
    const now = new Date().toISOString();
    world.service.insert(person(7, { createdAt: now, lastSeenAt: now }));
    world.service.remove(person(1)._id);
    world.service.requests.splice(0);

    const said = await world.sync(quick);

    expect(said).toEqual({ new: 1, changed: 0, deleted: 0, unchanged: 6, walks: 2, stable: true });
    const windows = world.service.bodies.map(({ createdAt, lastSeenAt }) => [
      createdAt.startAt !== '',
      lastSeenAt.startAt !== '',
    ]);
    expect(windows).toContainEqual([true, false]);
    expect(windows).toContainEqual([false, true]);
    expect(windows).not.toContainEqual([false, false]);
    expect(world.column('SELECT kind FROM sync_runs ORDER BY started_at')).toEqual([
      'full',
      'quick',
    ]);
    const { stdout } = await world.run(`${quick} --format text`);
    expect(stdout).toMatch(/; last full run \d{4}-\d\d-\d\dT[\d:.]+Z\n$/);
    const people = await world.run(quick, { stderrIsTTY: true, env: { TERM: 'dumb' } });
    expect(people.stderr).toMatch(/; last full run \d\d \w{3} \d{4} \d\d:\d\d\n$/);
  });

  test('is a full one when the last of those is too old', async () => {
    const world = await Synced.with(3);
    await world.sync();
    world.service.remove(person(1)._id);
    const now = new Date(Date.now() + 25 * 3_600_000);
    expect(await world.sync('--quick', { now })).toMatchObject({ deleted: 1 });
  });
});

describe.concurrent('a job', () => {
  test('is listed for each database, and reset makes the next quick run a full one', async () => {
    const { runMain } = await import('../support/context.ts');
    const world = await Synced.with(3);
    await world.sync();
    const env = { REEKOLECT_CONFIG_DIR: world.config };
    const list = await runMain(['jobs', 'list', '--format', 'json'], { env });
    const [{ job, last_run: ran }] = JSON.parse(list.stdout);
    expect(job).toMatch(/^sync-contacts.db-/);
    expect(Date.now() - Date.parse(ran)).toBeLessThan(60_000);
    await world.sync('--quick');
    expect(await runMain(['jobs', 'reset', job], { env })).toMatchObject({ exit: 0 });
    await world.sync('--quick');
    await world.sync('--quick');
    const kinds = world.column('SELECT kind FROM sync_runs ORDER BY started_at');
    expect(kinds).toEqual(['full', 'quick', 'full', 'quick']);
  });
});

describe.concurrent('a job that cannot be noted', () => {
  test('is a warning: the contacts are in place', async () => {
    const world = await Synced.with(3);
    await world.sync();
    const jobs = join(world.config, 'jobs');
    const [file = ''] = readdirSync(jobs);
    mkdirSync(join(jobs, `${file}.lock`));
    world.service.insert(person(4));
    const { exit, stdout, stderr } = await world.run('--format json');
    expect({ exit, stderr }).toMatchObject({
      exit: 0,
      stderr: expect.stringMatching(/^warning: jobs list/),
    });
    expect(JSON.parse(stdout)).toMatchObject({ new: 1 });
  });
});

describe.concurrent('history and purge', () => {
  test('keep what was before, until a person is erased', async () => {
    const world = await Synced.with(3);
    await world.sync('--history');
    world.service.contacts[0] = person(3, { status: 'CLOSED' });
    const gone = world.service.remove(person(1)._id);
    await world.sync('--history');
    world.service.contacts.push(gone);
    await world.sync('--history');
    const changes = world.ask(
      'SELECT contact_id, change, before FROM contact_changes ORDER BY at, contact_id',
    );
    expect(changes.map(({ change }) => change)).toEqual([
      'created',
      'created',
      'created',
      'deleted',
      'changed',
      'restored',
    ]);
    expect(JSON.parse(changes[4].before)).toEqual(person(3));

    world.service.remove(person(1)._id);
    await world.sync();
    expect(world.deleted).toEqual(['Person 1']);
    const later = new Date(Date.now() + 40 * 86_400_000);
    await world.sync('--purge 60d', { now: later });
    expect(world.deleted).toEqual(['Person 1']);
    await world.sync('--purge 30d', { now: later });
    expect(world.deleted).toEqual([]);
    expect(world.column(`SELECT count(*) FROM contacts_all WHERE id = '${person(1)._id}'`)).toEqual(
      [0],
    );
    expect(
      world.column(`SELECT count(*) FROM contact_changes WHERE contact_id = '${person(1)._id}'`),
    ).toEqual([0]);
  });

  test('are in the order of the runs where the clock stands still, or was set back', async () => {
    const world = await Synced.with(3);
    const now = Date.now();
    const stamps: unknown[] = [];
    const stamp = `SELECT changed_at FROM contacts_all WHERE id = '${person(3)._id}'`;
    for (const [n, ms] of [now, now, now - 86_400_000].entries()) {
      world.service.contacts[0] = person(3, { status: `${n}` });
      await world.sync('--history', { now: new Date(ms) });
      stamps.push(...world.column(stamp));
    }
    expect(new Set(stamps).size).toBe(3);
    expect([...stamps].sort()).toEqual(stamps);
    expect(world.column('SELECT change FROM contact_changes ORDER BY at')).toEqual([
      'created',
      'created',
      'created',
      'changed',
      'changed',
    ]);
  });

  test('leave not a byte in the file of people who are erased', async () => {
    const secrets = Array.from({ length: 300 }, (_, n) => `secret ${n + 1}.`);
    const tells = (n: number, more = '') => person(n, { note: `${secrets[n - 1]} ${more}` });
    const world = await Synced.with(0, { pageSize: 100 });
    world.service.contacts = people(300).map((_, n) => tells(300 - n));
    await world.sync('--history');
    world.service.contacts = people(300).map((_, n) => tells(300 - n, 'x'.repeat(n)));
    await world.sync('--history');
    world.service.contacts = people(300).filter((_, n) => n % 10 > 0);
    await world.sync('--history --max-deletions 30');
    expect(readFileSync(world.path).includes('secret 300.')).toBe(true);
    const gone = secrets.filter((_, n) => n % 10 === 9);

    await world.sync('--purge 30d', { now: new Date(Date.now() + 40 * 86_400_000) });

    expect(world.column('SELECT count(*) FROM contacts_all')).toEqual([270]);
    const file = readFileSync(world.path);
    expect(gone.filter((secret) => file.includes(secret))).toEqual([]);
    expect(file.includes('secret 299.')).toBe(true);
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
  });

  test('leave nobody who was erased by a run that was cut short behind its COMMIT', async () => {
    const world = await Synced.with(0, { pageSize: 100 });
    world.service.contacts = [person(1, { note: 'the secret of one' }), person(2)];
    await world.sync();
    // As that run would have left it.
    change(
      world.path,
      `DELETE FROM contacts_all WHERE id = '${person(1)._id}';
       INSERT INTO sync_state VALUES ('rewrite_due', 'yes')`,
    );
    world.service.contacts = [person(2)];
    expect(readFileSync(world.path).includes('the secret of one')).toBe(true);
    expect(await world.sync()).toMatchObject({ new: 0, changed: 0, unchanged: 1 });
    expect(readFileSync(world.path).includes('the secret of one')).toBe(false);
    expect(world.column(`SELECT count(*) FROM sync_state WHERE name = 'rewrite_due'`)).toEqual([0]);
  });
});

/** A run as one that is killed when all is in place: its log is still there. Returns what it said. */
async function killedWhenDone(world: Synced) {
  const log = `${world.path}.part`;
  world.service.script.answer = ({ path }) => {
    if (path.startsWith('/inbox/segments')) copyFileSync(log, `${log}.kept`);
    return undefined;
  };
  const said = await world.sync();
  renameSync(`${log}.kept`, log);
  return said;
}

describe.concurrent('a run that fails', () => {
  test('when all is in place is found finished, and says again what it did', async () => {
    const world = await Synced.with(6);
    await world.sync();
    world.service.insert(person(7));
    const said = await killedWhenDone(world);
    world.service.requests.splice(0);
    expect(await world.sync('--resume')).toEqual(said);
    expect(said).toMatchObject({ new: 1, unchanged: 6, walks: 2 });
    expect(world.service.requests).toEqual([]);
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
  });

  test('when all is in place but who was erased can still be read is ended by --resume', async () => {
    const world = await Synced.with(0);
    world.service.contacts = [person(1, { note: 'the secret of one' }), person(2)];
    await world.sync();
    const said = await killedWhenDone(world);
    // As a run that was killed before it wrote the file anew would have left it.
    change(
      world.path,
      `DELETE FROM contacts_all WHERE id = '${person(1)._id}';
       INSERT INTO sync_state VALUES ('rewrite_due', 'yes')`,
    );
    expect(readFileSync(world.path).includes('the secret of one')).toBe(true);
    world.service.requests.splice(0);
    expect(await world.sync('--resume')).toMatchObject({ walks: said.walks });
    expect(world.service.requests).toEqual([]);
    expect(readFileSync(world.path).includes('the secret of one')).toBe(false);
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
  });

  test('when all is in place does not end one that asks for more', async () => {
    const world = await Synced.with(6);
    await world.sync();
    world.service.remove(person(1)._id);
    const log = `${world.path}.part`;
    world.service.script.answer = ({ path }) => {
      if (path.startsWith('/inbox/segments')) copyFileSync(log, `${log}.kept`);
      return undefined;
    };
    await world.sync();
    renameSync(`${log}.kept`, log);
    const now = new Date(Date.now() + 40 * 86_400_000);
    await world.sync('--resume --purge 30d', { now });
    expect(world.column('SELECT count(*) FROM contacts_all')).toEqual([5]);
  });

  const restless = (world: Synced) => {
    let more = 100;
    world.service.script.before = ({ page }) => {
      if (page !== 2) return;
      more += 1;
      world.service.insert(person(more), person(more + 500));
    };
  };

  test.each<[string, string, (world: Synced) => void, Record<string, string>?]>([
    ['never sure', 'unstable', restless],
    ['above --max-deletions', 'too-many-deletions', (world) => world.service.contacts.splice(0, 6)],
    ['without anybody', 'no-contacts', (world) => world.service.contacts.splice(0)],
    [
      'with another token',
      'other-token',
      (world) => world.service.remove(person(1)._id),
      { REEKOLECT_TOKEN: 'the-token-of-a-team-member' },
    ],
    [
      'of people without an id who may have come twice',
      'keyless-twice',
      (world) => {
        world.service.contacts.push({ profile: { userDetails: { name: 'Nobody' } } });
        let came = false;
        world.service.script.before = ({ page }) => {
          if (page === 2 && !came) world.service.insert(person(20));
          came ||= page === 2;
        };
      },
    ],
  ])(
    'for a reason, %s, and was killed when all was in place fails again when it is resumed',
    async (_name, code, change, env = {}) => {
      const world = await Synced.with(8);
      await world.sync();
      change(world);
      const log = `${world.path}.part`;
      world.service.script.answer = ({ path }) => {
        if (path.startsWith('/inbox/segments')) copyFileSync(log, `${log}.kept`);
        return undefined;
      };
      const flags = '--quiet --format json --errors json';
      const failed = await world.run(flags, { env });
      expect({ ...failed, code: JSON.parse(failed.stderr).code }).toMatchObject({ exit: 8, code });
      renameSync(`${log}.kept`, log);
      expect(await world.run(`${flags} --resume`, { env })).toEqual(failed);
      expect(readdirSync(world.folder)).toEqual(['contacts.db']);
    },
  );

  test('leaves the database alone, and is gone on with by --resume', async () => {
    const world = await Synced.with(12);
    await world.sync();
    world.service.insert(person(13));
    world.service.script.answer = failFrom(3);
    const { exit, stderr } = await world.run('--max-attempts 1');
    expect(exit).toBe(5);
    expect(stderr).toContain('--resume');
    expect(world.column('SELECT count(*) FROM contacts')).toEqual([12]);
    delete world.service.script.answer;
    world.service.requests.splice(0);

    expect(await world.sync('--resume')).toMatchObject({ new: 1, unchanged: 12 });
    expect(world.service.asked.filter((page) => page === 2)).toHaveLength(1);
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
  });
});

describe.concurrent('what is no database of ours', () => {
  test.each([
    [
      'another file',
      'not an SQLite database',
      (path: string) => writeFileSync(path, 'x'.repeat(5000)),
    ],
    [
      'a file of UTF-16',
      'UTF-16',
      (path: string) => {
        change(path, 'CREATE TABLE mine (a)');
        const bytes = readFileSync(path);
        bytes[59] = 2;
        writeFileSync(path, bytes);
      },
    ],
    ['foreign tables', 'did not make', (path: string) => change(path, 'CREATE TABLE contacts (a)')],
  ])('%s is left alone: exit 7', async (_name, words, make) => {
    const world = await Synced.with(2);
    make(world.path);
    const { exit, stderr } = await world.run();
    expect({ exit, stderr }).toMatchObject({ exit: 7, stderr: expect.stringContaining(words) });
    expect(world.service.requests).toEqual([]);
  });

  test('tables of a newer reekolect are left alone: exit 7', async () => {
    const world = await Synced.with(2);
    await world.sync();
    change(world.path, `UPDATE sync_state SET value = '2' WHERE name = 'schema_version'`);
    const { exit, stderr } = await world.run();
    expect({ exit, stderr }).toMatchObject({
      exit: 7,
      stderr: expect.stringContaining('npm install'),
    });
  });

  test('a state that no run wrote is left alone: exit 7', async () => {
    const world = await Synced.with(1);
    await world.sync();
    const saved = readFileSync(world.path);
    world.service.requests.splice(0);
    for (const name of ['filters', 'cursor', 'last_full', 'last_at', 'last_failure']) {
      writeFileSync(world.path, saved);
      change(world.path, `UPDATE sync_state SET value = 'gone' WHERE name = '${name}'`);
      const { exit, stderr } = await world.run('--quick');
      const told = { name, exit: 7, stderr: expect.stringContaining('sync_state') };
      expect({ name, exit, stderr }).toMatchObject(told);
    }
    expect(world.service.requests).toEqual([]);
  });

  test('a column that is missing is added, and filled for everybody', async () => {
    const world = await Synced.with(2);
    await world.sync();
    change(
      world.path,
      `DROP VIEW contact_tags; DROP VIEW contact_segments; DROP VIEW contact_attributes; DROP VIEW contacts;
       ALTER TABLE contacts_all DROP COLUMN created_at;
       CREATE VIEW contacts AS SELECT id, name FROM contacts_all`,
    );
    expect(await world.sync()).toMatchObject({ changed: 2 });
    expect(world.column('SELECT created_at FROM contacts ORDER BY id')).toEqual([
      person(1).createdAt,
      person(2).createdAt,
    ]);
    const [row] = world.ask('SELECT * FROM contacts');
    expect(Object.keys(row).slice(0, 2)).toEqual(['id', 'name']);
  });
});

describe.concurrent('what a program that was killed has left beside the target', () => {
  const log = (world: Synced, ending: string) => {
    const other = join(world.folder, 'other.sqlite');
    change(other, 'CREATE TABLE a (b)');
    const path = `${world.path}${ending}`;
    const changed = 'PRAGMA cache_size = 1; BEGIN; UPDATE a SET b = 2 || b';
    change(other, `INSERT INTO a VALUES (zeroblob(90000)); ${changed}`, () => {
      copyFileSync(`${other}-journal`, path);
    });
    rmSync(other);
    return path;
  };

  test.each(['-journal', '-wal'])('%s of a file that is gone does no harm', async (ending) => {
    const world = await Synced.with(40);
    log(world, ending);
    await world.sync();
    expect(readdirSync(world.folder)).toEqual(['contacts.db']);
    expect(world.column('SELECT count(*) FROM contacts')).toEqual([40]);
    expect(world.column('PRAGMA integrity_check')).toEqual(['ok']);
  });

  test('with an empty file it may be at work still: exit 7, and nothing is asked', async () => {
    const world = await Synced.with(2);
    const path = log(world, '-journal');
    const before = readFileSync(path);
    writeFileSync(world.path, '');
    const { exit, stderr } = await world.run();
    expect({ exit, stderr }).toMatchObject({ exit: 7, stderr: expect.stringContaining('killed') });
    expect(world.service.requests).toEqual([]);
    expect(readFileSync(path)).toEqual(before);
  });
});

describe.concurrent('a target', () => {
  test.each([
    ['contacts.csv', 'names no database'],
    ['mysql://host/db', 'no mysql database'],
    ['sqlite:', 'followed by nothing'],
    [':memory:', 'names no database'],
    ['sqlite::memory:', 'in memory'],
  ])('%s is a mistake: exit 2', async (target, words) => {
    const { runMain } = await import('../support/context.ts');
    const { exit, stderr } = await runMain(['contacts', 'sync', target]);
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining(words) });
  });

  test.each(['', '--resume'])('that is a folder is to be a file %s: exit 7', async (flags) => {
    const world = await Synced.with(1);
    mkdirSync(world.path);
    const { exit, stderr } = await world.run(flags);
    expect({ exit, stderr }).toMatchObject({
      exit: 7,
      stderr: expect.stringMatching(/contacts\.db is a folder\n.*TARGET/),
    });
    expect(stderr).not.toMatch(/(?:^| )-o\b/m);
  });

  test.each([
    [247, 0],
    [248, 7],
    [250, 7],
  ])(
    'of %i letters is refused before it is asked for where SQLite needs more',
    async (length, expected) => {
      const { runMain } = await import('../support/context.ts');
      const world = await Synced.with(2);
      const file = `${'x'.repeat(length - 3)}.db`;
      const { service, folder } = world;
      const { exit } = await runMain(['contacts', 'sync', join(folder, file)], { service });
      expect(exit).toBe(expected);
      expect(readdirSync(folder)).toEqual(exit === 0 ? [file] : []);
      if (exit !== 0) expect(service.requests).toEqual([]);
    },
  );

  test('comes from the environment where none is typed', async () => {
    const { runMain } = await import('../support/context.ts');
    const world = await Synced.with(2);
    const env = { REEKOLECT_DATABASE_URL: `sqlite:${world.path}` };
    const { exit, stderr } = await runMain(['contacts', 'sync'], { service: world.service, env });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(world.column('SELECT count(*) FROM contacts')).toEqual([2]);
    const file = join(world.folder, 'url');
    writeFileSync(file, `${world.path}\n`);
    const named = { REEKOLECT_DATABASE_URL_FILE: file };
    const again = await runMain(['contacts', 'sync'], { service: world.service, env: named });
    expect(again).toMatchObject({ exit: 0, stderr: '' });
  });

  test.each([
    ['--full-every 1d', '--quick'],
    ['--no-delete --max-deletions 3', 'contradict'],
    ['--max-deletions many', '20%'],
    ['--purge soon', '7d'],
    ['--schema mine', 'PostgreSQL'],
  ])('%s: exit 2', async (flags, words) => {
    const world = await Synced.with(1);
    const { exit, stderr } = await world.run(flags);
    expect({ exit, stderr }).toMatchObject({ exit: 2, stderr: expect.stringContaining(words) });
    expect(world.service.requests).toEqual([]);
  });
});

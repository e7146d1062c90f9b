import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../../support/cli.ts';
import { bodyIn, ConfigFolder } from '../../support/config-folder.ts';
import { runMain } from '../../support/context.ts';
import { serve } from '../../support/service.ts';

const now = new Date('2026-11-22T12:00:00.000Z');

/** Of every second one the city is Durban; ids are the numbers. */
function people(count: number) {
  return Array.from({ length: count }, (_, n) => ({
    _id: `${n}`,
    status: n < 4 ? 'OPEN' : 'CLOSED',
    unreadMessages: n,
    profile: {
      userDetails: {
        name: `Person ${n}`,
        tags: [n % 3 === 0 ? 'cold' : 'warm'],
        attributes: [{ key: 'city', value: n % 2 === 0 ? 'Durban' : 'Cape Town' }],
      },
    },
  }));
}

const durban = ['--where', 'attr.city=durban'];

async function run(words: string, flags: readonly string[], world: object = {}) {
  const service = await serve({ contacts: people(9) });
  const outcome = await runMain([...words.split(' '), ...flags], { service, now, ...world });
  return { ...outcome, service };
}

describe('--where keeps what passes, whatever the service says', () => {
  const ids = ['--columns', 'id', '--no-header'];

  test.each(['list', 'export'])('%s', async (verb) => {
    for (const flags of [durban, [...durban, '--trust-server']]) {
      const { exit, stdout, stderr } = await run(`contacts ${verb}`, [...flags, ...ids]);
      expect({ exit, stdout, stderr }).toEqual({ exit: 0, stdout: '0\n2\n4\n6\n8\n', stderr: '' });
    }
  });

  test('all of several must hold, commas included', async () => {
    const more = ['--where', 'unread>=4', '--where', 'tags!=cold'];
    const { stdout } = await run('contacts list', [...durban, ...more, ...ids]);
    expect(stdout).toBe('4\n8\n');
    const comma = await run('contacts list', ['--where', 'name=Person 1,Person 2', ...ids]);
    expect(comma.stdout).toBe('');
  });

  test('stats and count, which reads for it', async () => {
    const { stdout, service } = await run('contacts count', [...durban, '--trust-server']);
    expect(stdout).toBe('5\n');
    expect(service.asked).toEqual(expect.arrayContaining([1, 2, 3]));
    const stats = await run('contacts stats', [...durban, '--by', 'status', '--no-header']);
    expect(stats.stdout).toBe('status\tCLOSED\t3\t0.6\nstatus\tOPEN\t2\t0.4\n');
  });

  test('a limit is of those that pass', async () => {
    for (const verb of ['list', 'export']) {
      const { stdout } = await run(`contacts ${verb}`, [...durban, '--limit', '3', ...ids]);
      expect(stdout).toBe('0\n2\n4\n');
    }
  });

  test('the request does not change by it', async () => {
    const plain = await run('contacts list', []);
    const tested = await run('contacts list', durban);
    expect(tested.service.bodies[0]).toEqual(plain.service.bodies[0]);
  });
});

test('a row that breaks a filter as well is told as such', async () => {
  const flags = [...durban, '--status', 'OPEN', '--columns', 'id', '--no-header'];
  const { stdout, stderr } = await run('contacts export', flags);
  expect(stdout).toBe('0\n2\n');
  expect(stderr).toBe(
    'warning: 5 contacts left out: the service did not apply --status (5); --trust-server keeps them\n',
  );
});

test('the manifest counts what it excluded, apart from what was dropped', async () => {
  const file = join(await tempFolder(), 'durban.csv');
  await run('contacts export', [...durban, '--manifest', '-o', file]);
  const manifest = JSON.parse(readFileSync(`${file}.manifest.json`, 'utf8'));
  expect(manifest).toMatchObject({ unique: 9, excluded: 4, dropped: 0, rows: 5, complete: true });
  expect(manifest.filters).toEqual({ where: ['attr.city=durban'] });
});

test('-v and the dry run tell each test, and what its date came to', async () => {
  const flags = [...durban, '--where', 'last_message_at<30d', '--where', 'created_at=2026-11-01'];
  const { stdout, stderr, service } = await run('contacts list', [...flags, '--dry-run', '-v']);
  const tests = [
    '--where attr.city=durban',
    '--where last_message_at<30d: 2026-10-23T12:00:00.000Z',
    '--where created_at=2026-11-01: 2026-11-01T00:00:00.000Z to 2026-11-02T00:00:00.000Z',
  ];
  expect(stderr).toBe(tests.map((line) => `· ${line}\n`).join(''));
  const [head, body] = stdout.split('\n\n');
  expect(JSON.parse(body ?? '').applicableFilters).toEqual([]);
  const told = tests.map((line) => `\n(not sent, decided by the tool: ${line})`).join('');
  expect(head?.endsWith(told)).toBe(true);
  expect(service.calls).toEqual([]);
});

test.each([
  ["--where 'nmae=x'", ['--where', 'nmae=x'], 'did you mean name?'],
  ['a test that the shell took apart', ['--where', 'unread'], "'unread>3'"],
  ['a date that is none', ['--where', 'created_at<soon'], '2 days ago'],
])('%s is exit 2 before the first request, for every verb', async (_name, flags, hint) => {
  for (const words of ['contacts list', 'contacts export', 'contacts count', 'contacts stats']) {
    // A segment's name would have to be looked up.
    const { exit, stderr, service } = await run(words, ['--segment', 'VIP', ...flags]);
    expect(exit).toBe(2);
    expect(stderr).toContain(hint);
    expect(service.calls).toEqual([]);
  }
  expect((await run('view save big', flags)).exit).toBe(2);
});

test('a view keeps its tests, and those typed beside it must hold too', async () => {
  const folder = new ConfigFolder();
  const save = ['view', 'save', 'big', '--where', 'name~person, or not', '--where', 'unread>2'];
  expect((await folder.run([...save])).exit).toBe(0);
  const shown = await folder.run(['view', 'show', 'big']);
  expect(shown.stdout).toBe(
    "reekolect contacts list --where 'name~person, or not' --where 'unread>2'\n",
  );
  const both = ['--view', 'big', '--where', 'unread<6'];
  const dryRun = await folder.run(['contacts', 'list', '--dry-run', ...both]);
  const told = [...dryRun.stdout.matchAll(/--where (.*)\)/g)].map(([, text]) => text);
  expect(told).toEqual(['name~person, or not', 'unread>2', 'unread<6']);
  expect(bodyIn(dryRun).page).toBe(1);
});

test('where few pass, pages are asked for ahead; where all do, none beyond the limit is', async () => {
  const contacts = people(600).map(({ _id }) => ({ _id, profile: {} }));
  const readFor = async (test_: string) => {
    const service = await serve({ contacts, pageSize: 10, latencyMs: 20 });
    const args = ['contacts', 'list', '--limit', '25', '--where', test_, '--concurrency', '8'];
    let most = 0;
    let open = 0;
    service.script.before = async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 20));
      open -= 1;
    };
    await runMain(args, { service });
    return { most, asked: service.asked };
  };
  expect((await readFor('id>=0')).asked).toEqual([1, 2, 3, 1]);
  expect((await readFor('id~99')).most).toBeGreaterThan(4);
});

test.each([
  [['--where', 'attr.citty=Durban'], 'no contact that was read has attr.citty'],
  [['--columns', 'id,Town=attr.citty,attr.city'], 'no contact that was read has attr.citty'],
  [['--columns', 'id,attr.x', '--where', '!attr.y'], 'no contact that was read has attr.x, attr.y'],
  [['--columns', 'id,attr.city'], undefined],
])('an attribute that nobody has is told: %j', async (flags, line) => {
  for (const verb of ['list', 'export']) {
    const { exit, stderr } = await run(`contacts ${verb}`, flags);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: line ? `warning: ${line}\n` : '' });
  }
});

test('but not where nobody was read', async () => {
  const service = await serve({});
  const args = ['contacts', 'export', '--columns', 'attr.citty'];
  expect((await runMain(args, { service })).stderr).toBe('');
});

test('another test is another job, and another export to resume', async () => {
  const folder = await tempFolder();
  const service = await serve({ contacts: people(9) });
  const world = { service, env: { REEKOLECT_CONFIG_DIR: join(folder, 'config') } };
  const since = ['contacts', 'export', '--since-last', '--columns', 'id', '--no-header'];
  const first = await runMain([...since, ...durban], world);
  expect(first.stdout).toBe('0\n2\n4\n6\n8\n');
  const other = await runMain([...since, '--where', 'attr.city!=Durban'], world);
  expect(other.stdout).toBe('1\n3\n5\n7\n');
  const file = join(folder, 'a.csv');
  const failing = ({ page }: { readonly page: number }) =>
    page > 2 ? { status: 400, body: '{"success":false,"message":"no"}' } : undefined;
  service.script.answer = failing;
  const out = ['contacts', 'export', '-o', file, '--concurrency', '1'];
  expect((await runMain([...out, ...durban], world)).exit).not.toBe(0);
  const resumed = await runMain([...out, '--where', 'unread>3', '--resume'], world);
  expect(resumed.stderr).toContain('belongs to another export');
});

test('names of segments and agents are looked up, and a refusal is no reason to drop anybody', async () => {
  const contacts = people(3).map((person) => ({ ...person, _agentAssigned: 'a1' }));
  const agents = [{ _id: 'a1', name: 'Nomsa Adams' }];
  const service = await serve({ contacts, agents });
  const args = ['contacts', 'count', '--where', 'agent_name~nomsa'];
  expect((await runMain(args, { service })).stdout).toBe('3\n');
  service.script.answer = ({ path }) =>
    path === '/custom-user' ? { status: 403, body: '{"success":false,"message":"no"}' } : undefined;
  const refused = await runMain(args, { service });
  expect(refused).toMatchObject({ exit: 4, stdout: '' });
  const wrong = await serve({ contacts });
  const mistaken = [...args, '--where', 'nmae=x', '--segment', 'VIP'];
  expect((await runMain(mistaken, { service: wrong })).exit).toBe(2);
  expect(wrong.calls).toEqual([]);
});

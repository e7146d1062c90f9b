import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { takeLock } from '../../../src/files/lock.ts';
import { runMain } from '../../support/context.ts';
import { everyPage, sandboxWith } from '../../support/sandbox.ts';
import { idOf, type Script, serve } from '../../support/service.ts';

const now = new Date('2026-11-22T00:00:00Z');

function person(n: number, details: object = {}, rest: object = {}) {
  const userDetails = {
    name: `Person ${n}`,
    contact: {
      email: `person${n}@example.com`,
      phone: { number: `08210000${10 + n}`, prefix: '27' },
    },
    ...details,
  };
  const profile = { userDetails };
  return { _id: idOf(n), createdAt: '2026-11-01T00:00:00.000Z', profile, status: 'OPEN', ...rest };
}

function crowd(...more: readonly (object | string)[]): readonly (object | string)[] {
  return [...Array.from({ length: 7 }, (_, n) => person(n)), ...more];
}

describe('one contact', () => {
  test('is found by id, with all its fields laid out', async () => {
    const service = await sandboxWith({ now });
    const contacts = await everyPage(service);
    const wanted = contacts[120];
    const before = service.requests;
    const { exit, stdout, stderr } = await runMain(['contacts', 'get', wanted._id], { service });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^  id +${wanted._id}$`, 'm'));
    expect(stdout).toMatch(new RegExp(`^  created at +${wanted.createdAt}$`, 'm'));
    expect(stdout).toContain(`\nStatus\n  status`);
    expect(stdout).not.toContain('\u001b');
    // The time in the id leads to the right page at once; the pages after it are read ahead.
    expect(service.requests - before).toBeLessThanOrEqual(2);
  });

  test('is found by an id that was made long before the contact, by looking at everybody', async () => {
    const late = person(99, {}, { _id: idOf(99, '2020-01-01T00:00:00Z') });
    const service = await serve({ contacts: crowd(late), search: () => false });
    const { exit, stdout } = await runMain(['contacts', 'get', late._id.toUpperCase()], {
      service,
    });
    expect(exit).toBe(0);
    expect(stdout).toContain('Person 99');
  });

  test('is found by its e-mail, whatever the case, and only by the whole of it', async () => {
    const service = await serve({
      contacts: crowd(),
      search: (text, json) => json.includes(text.toLowerCase()),
    });
    const found = await runMain(['contacts', 'get', ' PERSON3@example.COM '], { service });
    expect(found.exit).toBe(0);
    expect(found.stdout).toContain('Person 3');
    expect(service.bodies[0]).toMatchObject({
      searchText: 'PERSON3@example.COM',
      applicableFilters: ['searchText'],
    });
    const part = await runMain(['contacts', 'get', 'son3@example.com'], { service });
    expect(part.exit).toBe(9);
  });

  test.each([
    '+27 82 100 0015',
    '0027821000015',
    '27821000015',
    '082 100 0015',
    '(082) 100-0015',
    '+27 (0)82.100.0015',
    '\u202a+27 82 100 0015\u202c',
  ])('is found by its phone written %j', async (typed) => {
    const service = await serve({
      contacts: crowd(),
      search: (text, json) => json.includes(text),
    });
    const { exit, stdout } = await runMain(['contacts', 'get', typed], { service });
    expect(exit).toBe(0);
    expect(stdout).toContain('Person 5');
    expect(service.bodies.map((body) => body.searchText)).not.toContain('');
  });

  test.each(['+264 81 234 5678', '0812345678', '264812345678'])(
    'is found by a WhatsApp number alone, typed %j',
    async (typed) => {
      const contact = { phone: { number: '', prefix: '' } };
      const whatsapp = person(50, { contact, whatsAppNumber: '264812345678' });
      const service = await serve({ contacts: crowd(whatsapp) });
      const { exit, stdout } = await runMain(['contacts', 'get', typed], { service });
      expect(exit).toBe(0);
      expect(stdout).toContain('Person 50');
    },
  );

  test('is found although the search finds nothing', async () => {
    const service = await serve({ contacts: crowd(), search: () => false });
    const { exit, stdout } = await runMain(['contacts', 'get', 'person6@example.com'], { service });
    expect(exit).toBe(0);
    expect(stdout).toContain('Person 6');
    expect(service.bodies.some((body) => body.applicableFilters.length === 0)).toBe(true);
  });

  test('that is a visitor takes --all-chats', async () => {
    const service = await sandboxWith({ now });
    const everyone = await everyPage(service, { isContact: false });
    const visitor = everyone.find((contact) => !contact.isContact);
    const missed = await runMain(['contacts', 'get', visitor._id], { service });
    expect(missed.exit).toBe(9);
    expect(missed.stderr).toContain('--all-chats');
    const found = await runMain(['contacts', 'get', visitor._id, '--all-chats'], { service });
    expect(found.exit).toBe(0);
  });
});

describe('what is not one contact', () => {
  test.each([idOf(77), 'nobody@example.com', '+27 83 999 9999'])('%s: exit 9', async (text) => {
    const service = await serve({ contacts: crowd() });
    const { exit, stdout, stderr } = await runMain(['contacts', 'get', text, '--errors', 'json'], {
      service,
    });
    expect({ exit, stdout }).toEqual({ exit: 9, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ code: 'not-found' });
  });

  test('nobody, in an account that is never at rest, is not said to be nobody: exit 8', async () => {
    const restless = await serve({
      contacts: Array.from({ length: 9 }, (_, n) => ({ _id: idOf(n) })),
      before: () => {
        restless.script.pageSize = 2 + (restless.requests.length % 2);
      },
    });
    const { exit, stderr } = await runMain(['contacts', 'get', 'nobody@example.com'], {
      service: restless,
    });
    expect(stderr).toContain('some may be missing');
    expect(exit).toBe(8);
  });

  test.each(['Megan', '', '12', '66e07fd940c43d176eaf0b7', 'a@b@c'])(
    '%j is refused before anything is asked',
    async (text) => {
      const service = await serve({});
      const { exit, stderr } = await runMain(['contacts', 'get', text], { service });
      expect(exit).toBe(2);
      const hint = text === 'Megan' ? 'contacts list --search Megan' : '24 hexadecimal digits';
      expect(stderr).toContain(hint);
      expect(service.calls).toEqual([]);
    },
  );

  test('several are named by their ids alone in a log', async () => {
    const twin = person(20, { name: 'Twin', contact: { email: 'Person2@Example.com' } });
    const service = await serve({ contacts: crowd(twin) });
    const { exit, stdout, stderr } = await runMain(['contacts', 'get', 'person2@example.com'], {
      service,
    });
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toBe(
      'error: 2 contacts have the e-mail person2@example.com\n' +
        `use the id of one: ${idOf(2)}, ${idOf(20)}\n`,
    );
  });

  test('several are listed on a terminal, to choose from', async () => {
    const twin = person(20, { name: '\u001b[2JTwin', contact: { email: 'Person2@Example.com' } });
    const service = await serve({ contacts: crowd(twin) });
    const { exit, stdout, stderr } = await runMain(['contacts', 'get', 'person2@example.com'], {
      service,
      stderrIsTTY: true,
      env: { TERM: 'dumb' },
    });
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(/^ID +NAME/);
    expect(stderr).toContain(`${idOf(2)}  Person 2`);
    expect(stderr).toContain(`${idOf(20)}  Twin`);
    expect(stderr).toContain('error: 2 contacts have the e-mail person2@example.com\n');
    expect(stderr).not.toContain('\u001b');
  });

  test('several are one object with --errors json', async () => {
    const twin = person(20, { contact: { email: 'person2@example.com' } });
    const service = await serve({ contacts: crowd(twin) });
    const args = ['contacts', 'get', 'person2@example.com', '--errors', 'json'];
    const { exit, stderr } = await runMain(args, { service });
    expect(exit).toBe(2);
    const told = JSON.parse(stderr);
    expect(told.code).toBe('several-matches');
    expect(told.hint).toContain(idOf(20));
  });
});

describe('formats', () => {
  const exact = `{"_id": "${idOf(60)}", "score": 1.50, "facebook": 12345678901234567890,
    "profile": {"userDetails": {"name": "Exact", "contact": {"email": "exact@example.com"},
    "attributes": [{"key": "city", "value": "Durban"}], "tags": [], "none": {}}}}`;
  const get = ['contacts', 'get', 'exact@example.com'];

  test('json is the record, every digit kept', async () => {
    const service = await serve({ contacts: crowd(exact) });
    const { stdout } = await runMain([...get, '--format', 'json'], { service });
    expect(stdout).toBe(
      `${exact.replaceAll(/\s+/g, ' ').replaceAll(/(?<=[:,]) /g, '')}\n`.replace(
        '"facebook"',
        '"facebook"',
      ),
    );
  });

  test('json is spread over lines on a terminal', async () => {
    const service = await serve({ contacts: crowd(exact) });
    const { stdout } = await runMain([...get, '--format', 'json'], { service, isTTY: true });
    expect(stdout).toContain('\n  "score": 1.50,\n  "facebook": 12345678901234567890,\n');
    expect(stdout).toContain('\n      "tags": [],\n      "none": {}\n    }\n  }\n}\n');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(exact));
  });

  test('--columns are respected, in json, csv and as labels', async () => {
    const service = await serve({ contacts: crowd(exact) });
    const columns = ['--columns', 'name,attr.city,.score'];
    const json = await runMain([...get, ...columns, '--format', 'json'], { service });
    expect(json.stdout).toBe('{"name":"Exact","attr.city":"Durban",".score":1.5}\n');
    const csv = await runMain([...get, ...columns, '--format', 'csv'], { service });
    expect(csv.stdout).toBe('name,attr.city,.score\nExact,Durban,1.5\n');
    const labels = await runMain([...get, ...columns], { service });
    expect(labels.stdout).toBe('  name       Exact\n  attr.city  Durban\n  .score     1.5\n');
  });

  test('csv has every column and attribute unless told otherwise', async () => {
    const service = await serve({ contacts: crowd(exact) });
    const { stdout } = await runMain([...get, '--format', 'csv'], { service });
    const [head = '', row = ''] = stdout.split('\n');
    expect(head).toMatch(/^id,name,first_name,.*,updated_at,attr\.city$/);
    expect(row).toMatch(/,Durban$/);
  });

  test('a file that another run writes is left to it before anything is asked', async () => {
    const service = await serve({ contacts: crowd() });
    const file = join(mkdtempSync(join(tmpdir(), 'reekolect-get-')), 'one.csv');
    const lock = await takeLock(`${file}.lock`, file);
    const { exit } = await runMain([...get, '-o', file], { service });
    await lock.release();
    expect(exit).toBe(75);
    expect(service.calls).toEqual([]);
    expect((await runMain(['contacts', 'get', idOf(3), '-o', file], { service })).exit).toBe(0);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  test('-o writes a file in the format of its extension', async () => {
    const service = await serve({ contacts: crowd(exact) });
    const file = join(mkdtempSync(join(tmpdir(), 'reekolect-')), 'exact.json');
    const { stdout } = await runMain([...get, '-o', file], { service });
    expect(stdout).toBe('');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(exact));
  });

  test('an unknown column is a mistake before anything is asked', async () => {
    const service = await serve({ contacts: crowd(exact) });
    const { exit, stderr } = await runMain([...get, '--columns', 'nmae'], { service });
    expect(exit).toBe(2);
    expect(stderr).toContain('name');
    expect(service.calls).toEqual([]);
  });

  test('--dry-run shows what would be searched for', async () => {
    const service = await serve({ contacts: crowd(exact) });
    const { stdout } = await runMain([...get, '--dry-run'], { service });
    expect(stdout).toContain('"searchText": "exact@example.com"');
    expect(stdout).not.toContain(service.token);
    expect(service.calls).toEqual([]);
  });
});

describe('laid out for people', () => {
  const rich = person(
    70,
    {
      name: '\u001b]0;owned\u0007\u202eEve\nstatus  fake',
      attributes: [
        { key: '__proto__', value: 'polluted' },
        { key: 'a very long key, typed by somebody with time', value: 'x'.repeat(150) },
      ],
    },
    {
      segments: ['65d1000000000000005e6005', '65d1000000000000005e6009'],
      _agentAssigned: '65e2000000000000000a6e01',
      lastMessage: { by: 'user', at: '2026-11-03T22:30:00.000Z', text: 'Hello\nthere' },
    },
  );
  const asked = {
    ...rich,
    profile: { ...rich.profile, notes: [{ note: 'One\ntwo', by: 'Nomsa' }] },
  };
  const holdings: Script = {
    contacts: [asked],
    segments: [{ _id: '65d1000000000000005e6005', segmentName: 'Leads' }],
    agents: [{ _id: '65e2000000000000000a6e01', name: 'Nomsa Adams' }],
  };
  const args = ['contacts', 'get', idOf(70), '--tz', 'Africa/Johannesburg'];

  test.each([40, 80, 120])('it fits %i columns, and nothing is lost', async (columns) => {
    const service = await serve(holdings);
    const { stdout } = await runMain(args, {
      service,
      isTTY: true,
      columns,
      env: { NO_COLOR: '1' },
    });
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.length > columns)).toEqual([]);
    expect(stdout.match(/x/g)?.length).toBe(150 + (stdout.match(/ex/g)?.length ?? 0));
    // What a stranger typed never starts a line of its own.
    expect(lines.filter((line) => /^ {0,2}status {2}fake/.test(line))).toEqual([]);
    expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
  });

  test('names stand for ids, times are local, notes and attributes are there', async () => {
    const service = await serve(holdings);
    const { stdout } = await runMain(args, { service, isTTY: true, env: { NO_COLOR: '1' } });
    expect(stdout).toMatch(/^ {2}last message at +04 Nov 2026 00:30$/m);
    expect(stdout).toMatch(/^ {2}agent +Nomsa Adams \(65e2000000000000000a6e01\)$/m);
    expect(stdout).toMatch(/^ {2}Leads +65d1000000000000005e6005$/m);
    expect(stdout).toMatch(/^ {2}segment +65d1000000000000005e6009$/m);
    expect(stdout).toMatch(/^ {2}__proto__ +polluted$/m);
    expect(stdout).toMatch(/^ {2}1\. +One\n +two \(by: Nomsa\)$/m);
  });

  test('colour is for terminals that have it', async () => {
    const service = await serve(holdings);
    const coloured = await runMain(args, { service, isTTY: true });
    expect(coloured.stdout).toContain('\u001b[1mWho\u001b[22m');
    const plain = await runMain(args, { service });
    expect(plain.stdout).not.toContain('\u001b');
    expect(plain.stdout).toContain('2026-11-03T22:30:00.000Z');
    expect(plain.stdout).toContain('x'.repeat(150));
  });

  test('odd records are shown too', async () => {
    const odd = [
      { _id: idOf(1), profile: null },
      { _id: idOf(2), profile: { userDetails: { contact: null, tags: 7, attributes: 'x' } } },
      {
        _id: idOf(3),
        segments: { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } },
        notes: [[[1]]],
      },
    ];
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const deepest = { _id: idOf(4) };
    const text = `{"_id":"${deepest._id}","deep":${deep},"profile":{"notes":[${deep}]}}`;
    const service = await serve({ contacts: [...odd, text] });
    for (const { _id } of [...odd, deepest]) {
      const { exit, stdout } = await runMain(['contacts', 'get', _id], { service });
      expect(exit).toBe(0);
      expect(stdout).toContain(_id);
      const json = await runMain(['contacts', 'get', _id, '--format', 'json'], {
        service,
        isTTY: true,
      });
      expect(json.exit).toBe(0);
    }
  });
});

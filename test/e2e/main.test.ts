import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test, vi } from 'vitest';
import { columnNames } from '../../src/records/columns.ts';
import { contactColumns } from '../../src/records/contacts/columns.ts';
import { envOf, runCli, runInProcess, tempFolder } from '../support/cli.ts';
import { everyPage, sandboxWith } from '../support/sandbox.ts';
import { serve } from '../support/service.ts';

vi.setConfig({ testTimeout: 60_000 });

const defaultHeader = 'id,name,phone,email,platform,status,tags,created_at,last_seen_at';

/** What a reader of RFC 4180 sees. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, bare, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const idsIn: Record<string, (file: Buffer) => readonly string[]> = {
  csv: (file) =>
    cellsOf(file.toString())
      .slice(1)
      .map(([id = '']) => id),
  json: (file) => JSON.parse(file.toString()).map((record: { _id: string }) => record._id),
  ndjson: (file) =>
    file
      .toString()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line)._id),
  'csv.gz': (file) =>
    cellsOf(gunzipSync(file).toString())
      .slice(1)
      .map(([id = '']) => id),
};

async function ownService(size: number) {
  const truth = Array.from({ length: size }, (_, n) => n.toString(16).padStart(24, '0'));
  const contacts = truth.map((_id) => ({ _id, status: 'OPEN' }));
  return { service: await serve({ contacts, pageSize: 17 }), truth };
}

async function sandboxService(size: number) {
  const service = await sandboxWith({ contacts: size });
  return { service, truth: service.idsNow() };
}

describe.each([
  ['the sandbox', sandboxService, runCli],
  ["a server of the test's own", ownService, runInProcess],
])('%s', (_name, open, run) => {
  test.each([0, 1, 50, 51, 1000])(
    'exports all of its %i contacts, in every format',
    async (size) => {
      const { service, truth } = await open(size);
      expect(truth).toHaveLength(size);
      const folder = await tempFolder();
      for (const [format, idsOf] of Object.entries(idsIn)) {
        const file = join(folder, `out.${format}`);
        const ran = await run(['contacts', 'export', '-o', file], { env: envOf(service) });
        expect(ran).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
        expect(idsOf(await readFile(file))).toEqual(truth);
      }
      expect((await readdir(folder)).sort()).toEqual(
        Object.keys(idsIn)
          .map((it) => `out.${it}`)
          .sort(),
      );
    },
  );

  test('lists the first 50, as many as --limit says, or --all', async () => {
    const { service, truth } = await open(120);
    const list = async (...flags: string[]) => {
      const args = ['contacts', 'list', '--columns', 'id', '--no-header', ...flags];
      const { code, stdout, stderr } = await runInProcess(args, { env: envOf(service) });
      expect(code).toBe(0);
      return { ids: stdout.split('\n').slice(0, -1), stderr };
    };
    expect(await list()).toEqual({
      ids: truth.slice(0, 50),
      stderr: 'warning: first 50, there may be more: --all\n',
    });
    expect(await list('-q')).toEqual({ ids: truth.slice(0, 50), stderr: '' });
    expect(await list('--limit', '7')).toEqual({ ids: truth.slice(0, 7), stderr: '' });
    expect(await list('--limit', '120')).toEqual({ ids: truth, stderr: '' });
    expect(await list('--all')).toEqual({ ids: truth, stderr: '' });
  });
});

test('100,000 contacts are exported, each once', async () => {
  const ids = Array.from({ length: 100_000 }, (_, n) => n.toString(16).padStart(24, '0'));
  const pages = Array.from({ length: 200 }, (_, page) =>
    JSON.stringify(ids.slice(page * 500, page * 500 + 500).map((_id) => ({ _id, status: 'OPEN' }))),
  );
  const file = join(await tempFolder(), 'all.csv.gz');
  const { code, stderr } = await runCli(['contacts', 'export', '-o', file], {
    env: envOf(await serve({ pages })),
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const found = idsIn['csv.gz']?.(await readFile(file)) ?? [];
  expect(found).toHaveLength(100_000);
  expect(found.join() === ids.join()).toBe(true);
});

test('a short page is not the end, and a row that comes twice is one contact', async () => {
  const pages = [['a', 'b', 'c', 'd', 'e'], ['f'], ['f', 'g', 'h', 'a'], ['i', 'j']].map((ids) =>
    JSON.stringify(ids.map((_id) => ({ _id }))),
  );
  const service = await serve({ pages });
  const args = ['contacts', 'export', '--columns', 'id', '--no-header'];
  const { code, stdout, stderr } = await runInProcess(args, { env: envOf(service) });
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: 'a b c d e f g h i j '.replaceAll(' ', '\n'),
    stderr: '',
  });
});

test("a phone that is written with a carrier's code is what it is dialled as from elsewhere", async () => {
  const phone = { number: '015 11 98765-4321', prefix: '55' };
  const contacts = [{ _id: 'a', profile: { userDetails: { contact: { phone } } } }];
  const args = ['contacts', 'export', '--columns', 'phone', '--no-header'];
  const { code, stdout } = await runCli(args, { env: envOf(await serve({ contacts })) });
  expect({ code, stdout }).toEqual({ code: 0, stdout: '+5511987654321\n' });
});

describe('json and ndjson', () => {
  test('are the records as they were sent', async () => {
    const service = await sandboxWith({ contacts: 60 });
    const env = envOf(service);
    const records = await everyPage(service);
    const json = await runCli(['contacts', 'export', '--format', 'json'], { env });
    expect(JSON.parse(json.stdout)).toEqual(records);
    const ndjson = await runCli(['contacts', 'export', '--format', 'ndjson'], { env });
    expect(
      ndjson.stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(records);
  });

  test('of no contacts are an empty list and nothing', async () => {
    const env = envOf(await serve({}));
    expect((await runInProcess(['contacts', 'export', '--format', 'json'], { env })).stdout).toBe(
      '[]\n',
    );
    expect((await runInProcess(['contacts', 'export', '--format', 'ndjson'], { env })).stdout).toBe(
      '',
    );
  });
});

describe('columns', () => {
  const contacts = [
    {
      _id: 'a1',
      status: 'OPEN',
      profile: {
        userDetails: { attributes: [{ key: 'city', value: 'Durban' }] },
        a: { b: [1, 'x'] },
      },
    },
    { _id: 'b2', createdAt: '2026-11-01T00:00:00.000Z' },
    { _id: 'c3', profile: null },
    { _id: 'c4' },
    {
      _id: 'd4',
      profile: {
        userDetails: {
          attributes: [
            { key: 'late, "one"', value: 'yes' },
            { key: 'city', value: '' },
          ],
        },
      },
    },
  ];

  async function exported(flags: readonly string[], file?: string) {
    const service = await serve({ contacts });
    const out = file === undefined ? [] : ['-o', file];
    const ran = await runInProcess(['contacts', 'export', ...flags, ...out], {
      env: envOf(service),
    });
    return { ...ran, calls: service.calls };
  }

  test('are an attribute or any path in the record, in the order that they are named', async () => {
    const { stdout } = await exported(['--columns', 'attr.city,.profile.a.b,id,.profile.a.none']);
    expect(cellsOf(stdout)).toEqual([
      ['attr.city', '.profile.a.b', 'id', '.profile.a.none'],
      ['Durban', '1; x', 'a1', ''],
      ['', '', 'b2', ''],
      ['', '', 'c3', ''],
      ['', '', 'c4', ''],
      ['', '', 'd4', ''],
    ]);
  });

  test('attrs finds attributes that only the last contact has', async () => {
    const file = join(await tempFolder(), 'attrs.csv');
    expect((await exported(['--columns', 'id,attrs'], file)).code).toBe(0);
    expect(cellsOf(await readFile(file, 'utf8'))).toEqual([
      ['id', 'attr.city', 'attr.late, "one"'],
      ['a1', 'Durban', ''],
      ['b2', '', ''],
      ['c3', '', ''],
      ['c4', '', ''],
      ['d4', '', 'yes'],
    ]);
  });

  test('all is every column, and in a file the attributes too', async () => {
    const file = join(await tempFolder(), 'all.csv');
    await exported(['--columns', 'all'], file);
    const [header = []] = cellsOf(await readFile(file, 'utf8'));
    expect(header).toEqual([...columnNames(contactColumns), ...['attr.city', 'attr.late, "one"']]);
    const { stdout } = await exported(['--columns', 'all', '--no-header']);
    expect(cellsOf(stdout)).toHaveLength(contacts.length);
    for (const row of cellsOf(stdout)) expect(row).toHaveLength(columnNames(contactColumns).length);
  });

  test('attrs without a file is a mistake: they are known only at the end', async () => {
    const { code, stdout, stderr, calls } = await exported(['--columns', 'id,attrs']);
    expect({ code, stdout, calls }).toEqual({ code: 2, stdout: '', calls: [] });
    expect(stderr).toContain('-o FILE');
  });

  test('that are unknown are a mistake, and the near one is named', async () => {
    for (const verb of ['export', 'list']) {
      const service = await serve({ contacts });
      const args = ['contacts', verb, '--columns', 'id,statsu'];
      const { code, stdout, stderr } = await runInProcess(args, { env: envOf(service) });
      expect({ code, stdout, calls: service.calls }).toEqual({ code: 2, stdout: '', calls: [] });
      expect(stderr).toMatch(/^error: unknown column: statsu\ndid you mean status/);
    }
  });

  test('stay the same whatever the contacts hold', async () => {
    for (const some of [[], [{}], ['null'], contacts]) {
      const service = await serve({ contacts: some });
      const { stdout } = await runInProcess(['contacts', 'export'], { env: envOf(service) });
      expect(stdout.split('\n')[0]).toBe(defaultHeader);
    }
  });

  test('of json are the keys of its objects', async () => {
    const { stdout } = await exported(['--columns', 'id,attr.city,created_at', '--format', 'json']);
    expect(JSON.parse(stdout)[0]).toEqual({ id: 'a1', 'attr.city': 'Durban', created_at: null });
  });
});

describe('--sort', () => {
  const contacts = [
    { _id: 'a', unreadMessages: 10, status: 'b' },
    { _id: 'b', unreadMessages: 9, status: 'A' },
    { _id: 'c' },
    { _id: 'd', unreadMessages: 100, status: 'C' },
  ];

  test.each([
    ['unread', ['b', 'a', 'd', 'c']],
    ['-unread', ['d', 'a', 'b', 'c']],
    ['status', ['b', 'a', 'd', 'c']],
    ['-id', ['d', 'c', 'b', 'a']],
  ])('%s orders all that match; those without a value come last', async (column, ids) => {
    const env = envOf(await serve({ contacts }));
    const args = ['contacts', 'list', '--columns', 'id,unread,status', '--no-header'];
    const { stdout } = await runInProcess([...args, '--sort', column], { env });
    expect(
      stdout
        .split('\n')
        .map((line) => line.split('\t')[0])
        .slice(0, -1),
    ).toEqual(ids);
  });
});

describe('a file', () => {
  test('can be read by its owner alone, also one that could be read by others before', async () => {
    const env = envOf(await serve({ contacts: [{ _id: 'a' }] }));
    const folder = await tempFolder();
    await writeFile(join(folder, 'old.csv'), 'old', { mode: 0o644 });
    for (const name of ['new.csv', 'old.csv', 'new.json.gz']) {
      const file = join(folder, name);
      expect((await runCli(['contacts', 'export', '-o', file], { env })).code).toBe(0);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
    expect(await readFile(join(folder, 'old.csv'), 'utf8')).toBe(`${defaultHeader}\na,,,,,,,,\n`);
  });

  test('stays what it was when the service fails', async () => {
    const service = await sandboxWith({ contacts: 120, faults: [{ kind: '500', page: 2 }] });
    const file = join(await tempFolder(), 'old.csv');
    await writeFile(file, 'old\n');
    const args = ['contacts', 'export', '-o', file, '--max-attempts', '1'];
    const { code, stdout, stderr } = await runCli(args, { env: envOf(service) });
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toContain(`go on with: reekolect ${args.join(' ')} --resume`);
    expect(await readFile(file, 'utf8')).toBe('old\n');
  });

  test.each([
    ['no/such/folder.csv', 7],
    ['.', 2],
    ['folder.csv', 7],
    ['contacts.doc', 2],
  ])('that cannot be written, %s, is known before the first request', async (name, exit) => {
    const folder = await tempFolder();
    await mkdir(join(folder, 'folder.csv'));
    const service = await serve({ contacts: [{ _id: 'a' }] });
    const args = ['contacts', 'export', '-o', name];
    const { code, stdout, stderr } = await runCli(args, { env: envOf(service), cwd: folder });
    expect({ code, stdout, calls: service.calls }).toEqual({ code: exit, stdout: '', calls: [] });
    expect(stderr).toMatch(/^error: .*\n.+\n$/);
  });

  test('named with {date} {time} {profile} has them filled in, by the zone of --tz', async () => {
    const env = envOf(await serve({ contacts: [{ _id: 'a' }] }));
    const folder = await tempFolder();
    const zone = 'Pacific/Kiritimati';
    const today = () => new Date().toLocaleDateString('sv-SE', { timeZone: zone });
    const before = today();
    const name = '{profile}-{date}-{time}.csv';
    const args = ['contacts', 'export', '--tz', zone, '--profile', 'shop', '-o', name];
    expect((await runCli(args, { env, cwd: folder })).code).toBe(0);
    const [made = ''] = await readdir(folder);
    expect(made).toMatch(/^shop-\d{4}-\d\d-\d\d-\d{6}\.csv$/);
    expect([before, today()]).toContain(made.slice(5, 15));
  });

  test('named - is standard output', async () => {
    const env = envOf(await serve({ contacts: [{ _id: 'a' }] }));
    const folder = await tempFolder();
    const csv = await runCli(['contacts', 'export', '-o', '-'], { env, cwd: folder });
    expect(csv.stdout).toBe(`${defaultHeader}\na,,,,,,,,\n`);
    const args = ['contacts', 'export', '-o', '-', '--format', 'ndjson'];
    expect((await runCli(args, { env, cwd: folder })).stdout).toBe('{"_id":"a"}\n');
    const list = await runCli(['contacts', 'list', '-o', '-', '--columns', 'id'], { env });
    expect(list.stdout).toBe('id\na\n');
    expect(await readdir(folder)).toEqual([]);
  });
});

test('--profile sandbox needs no account and no network', async () => {
  const env = { HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9' };
  const { code, stdout, stderr } = await runCli(['contacts', 'export', '--profile', 'sandbox'], {
    env,
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(cellsOf(stdout)).toHaveLength(241);
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sayNothing } from '../../../src/cli/nothing-found.ts';
import { settleQuery } from '../../../src/query.ts';
import { contacts as resource } from '../../../src/records/contacts/resource.ts';
import type { FilterOptions } from '../../../src/records/filter-field.ts';
import type { Session } from '../../../src/session.ts';
import { tempFolder } from '../../support/cli.ts';
import { runMain } from '../../support/context.ts';
import { serve } from '../../support/service.ts';

/** Twelve in pages of five; the fewest unread messages come last. */
const people = Array.from({ length: 12 }, (_, n) => ({
  _id: `p${n}`,
  status: 'OPEN',
  unreadMessages: 12 - n,
  profile: { userDetails: { name: n % 2 === 0 ? 'Ann' : 'bob' } },
}));

async function list(...flags: readonly string[]) {
  const service = await serve({ contacts: people, pageSize: 5 });
  const args = ['contacts', 'list', '--columns', 'id', '--no-header', ...flags];
  const { stdout, ...rest } = await runMain(args, { service });
  return { ids: stdout.split('\n').slice(0, -1), ...rest, asked: service.asked };
}

describe('no page beyond the limit is asked for', () => {
  test.each([
    [1, [1]],
    [5, [1]],
    // Page 1 again tells that it came whole.
    [6, [1, 2, 1]],
    [10, [1, 2, 1]],
  ])('--limit %d', async (limit, pages) => {
    const { ids, stderr, asked } = await list('--limit', `${limit}`, '--concurrency', '8');
    expect(ids).toEqual(people.slice(0, limit).map(({ _id }) => _id));
    expect({ stderr, asked }).toEqual({ stderr: '', asked: pages });
  });

  test.each([
    ['list', 50, 10],
    ['list', 78, 10],
    ['list', 40, 5],
    ['list', 200, 7],
    ['export', 16, 3],
    ['export', 200, 7],
  ])('%s --limit %d, in pages of %d', async (verb, limit, pageSize) => {
    const contacts = Array.from({ length: 500 }, (_, n) => ({ _id: `${n}` }));
    const service = await serve({ contacts, pageSize });
    const args = ['contacts', verb, '--limit', `${limit}`, '--columns', 'id', '--no-header'];
    const { stdout } = await runMain([...args, '--format', 'tsv'], { service });
    expect(stdout.split('\n').slice(0, -1)).toEqual(contacts.slice(0, limit).map(({ _id }) => _id));
    expect(Math.max(...service.asked)).toBe(Math.ceil(limit / pageSize));
  });

  test('by default fifty, and a script is told', async () => {
    const contacts = Array.from({ length: 120 }, (_, n) => ({ _id: `${n}` }));
    const service = await serve({ contacts, pageSize: 50 });
    const { stdout, stderr } = await runMain(['contacts', 'list', '--no-header'], { service });
    expect(stdout.split('\n').length - 1).toBe(50);
    expect(stderr).toBe('warning: first 50, there may be more: --all\n');
    expect(service.asked).toEqual([1]);
  });

  test('nor by an export of every attribute', async () => {
    const service = await serve({ contacts: people, pageSize: 5 });
    const file = join(await tempFolder(), 'first.csv');
    const flags = ['--columns', 'id,attrs', '--limit', '3', '-o', file];
    const { exit } = await runMain(['contacts', 'export', ...flags], { service });
    expect({ exit, asked: service.asked }).toEqual({ exit: 0, asked: [1] });
  });
});

test('pages of many lengths are read within a limit, and few of them twice', async () => {
  const lengths = [10, 9, 9, 9, 9, 7, 9, 10, 7, 9, 8, 9];
  const ids = Array.from({ length: 105 }, (_, n) => `${n}`);
  let from = 0;
  const pages = lengths.map((length) => {
    const data = ids.slice(from, from + length).map((_id) => ({ _id }));
    from += length;
    return JSON.stringify(data);
  });
  for (const limit of [20, 50, 90, 104]) {
    const service = await serve({ pages });
    const args = ['contacts', 'list', '--limit', `${limit}`, '--columns', 'id', '--no-header'];
    const { stdout, exit } = await runMain([...args, '--concurrency', '1'], { service });
    expect({ exit, ids: stdout.split('\n').slice(0, -1) }).toEqual({
      exit: 0,
      ids: ids.slice(0, limit),
    });
    expect(service.asked.length).toBeLessThanOrEqual(Math.ceil(limit / 9) + 7);
  }
});

test.each(['list', 'export'])(
  '%s --limit: a page 1 as short as the last one loses nobody',
  async (verb) => {
    let calls = 0;
    const contacts = () => people.slice(0, ++calls === 1 ? 3 : 8);
    const service = await serve({ contacts, pageSize: 5 });
    const args = ['contacts', verb, '--limit', '6', '--columns', 'id', '--format', 'tsv'];
    const { stdout, exit } = await runMain([...args, '--no-header'], { service });
    const ids = stdout.split('\n').slice(0, -1);
    expect({ exit, ids }).toEqual({ exit: 0, ids: people.slice(0, 6).map(({ _id }) => _id) });
  },
);

describe('--sort orders all that match, and then shows the first', () => {
  test('by a column that need not be shown', async () => {
    const { ids, stderr } = await list('--sort', 'unread', '--limit', '3');
    expect({ ids, stderr }).toEqual({ ids: ['p11', 'p10', 'p9'], stderr: '' });
    expect((await list('--sort', '-unread', '--limit', '2')).ids).toEqual(['p0', 'p1']);
  });

  test('those that are alike stay in the order of the service', async () => {
    const { ids } = await list('--sort', 'name', '--limit', '8');
    expect(ids).toEqual(['p0', 'p2', 'p4', 'p6', 'p8', 'p10', 'p1', 'p3']);
  });

  test('and tells a script how many there are, when the limit is the default one', async () => {
    const contacts = Array.from({ length: 60 }, (_, n) => ({ _id: `${n}` }));
    const service = await serve({ contacts, pageSize: 50 });
    const args = ['contacts', 'list', '--sort', '-id', '--columns', 'id', '--no-header'];
    const { stdout, stderr } = await runMain(args, { service });
    expect(stdout.split('\n').slice(0, 3)).toEqual(['59', '58', '57']);
    expect(stderr).toBe('warning: first 50 of 60: --all\n');
  });

  test.each([
    ['nmae', 'did you mean name?'],
    ['-', 'a column without a name'],
    ['all', 'all stands for several columns'],
  ])('by %s: exit 2 before the first request', async (column, said) => {
    const { exit, stderr, asked } = await list(`--sort=${column}`);
    expect({ exit, asked }).toEqual({ exit: 2, asked: [] });
    expect(stderr).toContain(said);
  });
});

describe('a flag that is for one format alone means that', () => {
  test.each([
    ['list --delimiter ;', 'id;status\n'],
    ['list --excel', '\ufeffid,status\r\n'],
    ['list --no-excel', 'id\tstatus\n'],
    ['list --delimiter ; --format tsv', 'id\tstatus\n'],
    ['list --delimiter ; --jq .id', 'p0\n'],
    ['list --vcard 3.0 --columns id', 'BEGIN:VCARD'],
  ])('%s', async (line, first) => {
    const service = await serve({ contacts: people, pageSize: 5 });
    const columns = line.includes('--columns') ? [] : ['--columns', 'id,status'];
    const args = ['contacts', ...line.split(' '), ...columns];
    const { stdout } = await runMain(args, { service });
    expect(stdout.slice(0, first.length)).toBe(first);
  });

  test('where it is typed, not where it is stored', async () => {
    const env = { REEKOLECT_CONFIG_DIR: await tempFolder() };
    const service = await serve({ contacts: people, pageSize: 5 });
    const first = async (line: string) => {
      const { stdout } = await runMain(line.split(' '), { service, env });
      return stdout.split('\n')[0];
    };
    await first('config set delimiter ;');
    expect(await first('contacts list --columns id,status')).toBe('id\tstatus');
    await first('config set format json');
    expect(await first('contacts list --columns id,status')).toBe('[');
    expect(await first('contacts list --columns id,status --delimiter |')).toBe('id|status');
  });
});

describe('stored columns', () => {
  async function having(...stored: readonly string[]) {
    const env = { REEKOLECT_CONFIG_DIR: await tempFolder() };
    const service = await serve({ contacts: people, pageSize: 5 });
    const run = async (line: string) => (await runMain(line.split(' '), { service, env })).stdout;
    for (const line of stored) await run(line);
    return run;
  }

  test('are not for vcf, which has its own, nor for jq, which is written for whole records', async () => {
    const run = await having(
      'config set columns id,agent',
      'config set contacts.export.columns id,agent',
    );
    expect(await run('contacts list')).toMatch(/^id\tagent\n/);
    expect(await run('contacts list --jq .status -n 1')).toBe('OPEN\n');
    for (const verb of ['list', 'export']) {
      expect(await run(`contacts ${verb} -f vcf -n 1`)).toMatch(/\nUID;VALUE=text:p0\r?\n/);
    }
  });

  test('but typed ones are for both', async () => {
    const run = await having();
    expect(await run('contacts list --columns id --jq .status -n 1')).toBe('null\n');
    expect(await run('contacts list --columns id,agent -f vcf')).toBe('');
  });
});

test('a table in a file has neither colours nor an edge', async () => {
  const file = join(await tempFolder(), 'people.txt');
  const contacts = [{ _id: 'p', profile: { userDetails: { name: 'Ann '.repeat(50).trim() } } }];
  const service = await serve({ contacts });
  const args = ['contacts', 'list', '-f', 'table', '-o', file, '--columns', 'name,id'];
  const env = { FORCE_COLOR: '1' };
  expect(await runMain(args, { service, env, isTTY: true })).toMatchObject({ exit: 0 });
  const name = 'Ann '.repeat(50).trim();
  expect(await readFile(file, 'utf8')).toBe(`NAME${' '.repeat(name.length - 4)}  ID\n${name}  p\n`);
});

describe('nothing matches', () => {
  test.each(['list', 'export', 'count'])('%s --fail-on-empty is exit 9', async (verb) => {
    const service = await serve({ contacts: people });
    const args = ['contacts', verb, '--where', 'name=nobody'];
    expect((await runMain(args, { service })).exit).toBe(0);
    const { exit, stderr } = await runMain([...args, '--fail-on-empty'], { service });
    expect(exit).toBe(9);
    expect(stderr).toContain('error: no contact matches\n');
    const status = await runMain([...args, '--fail-on-empty', '--status', 'opne'], { service });
    expect(status.stderr).toContain('--status opne: did you mean OPEN?');
  });

  test('with --fail-on-empty the file stays as it was, and what else is wrong is said', async () => {
    const file = join(await tempFolder(), 'out.csv');
    await writeFile(file, 'as it was');
    const { exit, stderr } = await list('--status', 'CLOSED', '--fail-on-empty', '-o', file);
    expect(exit).toBe(9);
    expect(stderr).toMatch(/^warning: .*--status.*\nerror: no contact matches\n/);
    expect(await readFile(file, 'utf8')).toBe('as it was');
  });

  test('with --fail-on-empty a match is exit 0', async () => {
    expect((await list('--fail-on-empty')).exit).toBe(0);
  });

  test.each<readonly [FilterOptions, readonly string[]]>([
    [{}, ['the account has no contacts']],
    [
      { tag: ['Cape Town'], where: ['name~x y'] },
      [
        "no contact matches --tag 'Cape Town' --where 'name~x y'",
        'the tags there are: reekolect contacts stats --by tag',
      ],
    ],
    [
      { status: ['INPROGRES'] },
      ['no contact matches --status INPROGRES', '--status INPROGRES: did you mean INPROGRESS?'],
    ],
    [{ status: ['open'] }, ['no contact matches --status open']],
    [
      { status: ['Call back'] },
      [
        "no contact matches --status 'Call back'",
        'the statuses there are: reekolect contacts stats --by status',
      ],
    ],
  ])('a person is told what was asked for: %j', async (typed, expected) => {
    const lines: string[] = [];
    const session = {
      log: { status: (line: string) => lines.push(line), debug: () => {} },
      context: { now: () => new Date() },
      zone: () => () => 'UTC',
    } as unknown as Session;
    sayNothing(await settleQuery(resource, typed, { dryRun: true }, session), session);
    expect(lines).toEqual(expected);
  });
});

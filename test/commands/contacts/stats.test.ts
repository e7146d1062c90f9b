import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseFault } from '../../../src/sandbox/faults.ts';
import { displayWidth } from '../../../src/terminal/text-width.ts';
import { runMain } from '../../support/context.ts';
import { everyPage, sandboxWith } from '../../support/sandbox.ts';
import { idOf, serve } from '../../support/service.ts';

const now = new Date('2026-11-22T00:00:00Z');

function record(n: number, { tags, ...rest }: { tags?: unknown; [key: string]: unknown } = {}) {
  return { _id: idOf(n), profile: { userDetails: { tags } }, ...rest };
}

function rowsOf(tsv: string): readonly (readonly string[])[] {
  return tsv
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
}

/** `value` to count, of one thing counted by. */
function countsOf(tsv: string, by: string): Readonly<Record<string, number>> {
  const rows = rowsOf(tsv).filter(([name]) => name === by);
  return Object.fromEntries(rows.map(([, value = '', count]) => [value, Number(count)]));
}

describe('the counts', () => {
  test('are those of the contacts', async () => {
    const service = await sandboxWith({ now });
    const contacts = await everyPage(service);
    const truth = (read: (contact: (typeof contacts)[number]) => unknown) => {
      const counts: Record<string, number> = {};
      for (const contact of contacts) {
        const held = read(contact) ?? [];
        const values: string[] = Array.isArray(held) ? held : [held];
        for (const value of values.length > 0 ? values : ['(none)']) {
          counts[value] = (counts[value] ?? 0) + 1;
        }
      }
      return counts;
    };
    const args = ['contacts', 'stats', '--by', 'status,platform', '--by', 'tag,agent'];
    const { exit, stdout, stderr } = await runMain(args, { service });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toBe('by\tvalue\tcount\tshare');
    expect(countsOf(stdout, 'status')).toEqual(truth(({ status }) => status));
    expect(countsOf(stdout, 'platform')).toEqual(truth(({ platform }) => platform));
    expect(countsOf(stdout, 'tag')).toEqual(truth(({ profile }) => profile?.userDetails?.tags));
    expect(countsOf(stdout, 'agent')).toEqual(truth(({ _agentAssigned }) => _agentAssigned));
    const statuses = Object.values(countsOf(stdout, 'status'));
    expect(statuses).toEqual([...statuses].sort((one, other) => other - one));
    expect(statuses.reduce((sum, count) => sum + count, 0)).toBe(contacts.length);
  });

  test('are by status and platform unless told, of the contacts that match', async () => {
    const service = await sandboxWith({ now });
    const { stdout } = await runMain(['contacts', 'stats', '--status', 'closed'], { service });
    expect(Object.keys(countsOf(stdout, 'status'))).toEqual(['CLOSED']);
    expect(new Set(rowsOf(stdout).map(([by]) => by))).toEqual(
      new Set(['by', 'status', 'platform']),
    );
  });

  test('name what is missing and what cannot be read', async () => {
    const service = await serve({
      contacts: [
        record(1, { tags: ['a', 'a', 'b'], status: 'OPEN' }),
        record(2, { tags: [], status: '' }),
        record(3, { tags: [{ name: 'a' }], status: { odd: true } }),
        record(4, { tags: [{}], status: null }),
        record(5, { tags: 'b' }),
        record(6, { tags: ['__proto__', 'constructor', '(none)'] }),
        { _id: idOf(7), profile: null },
      ],
    });
    const { stdout } = await runMain(['contacts', 'stats', '--by', 'tag,status'], { service });
    const rows = rowsOf(stdout).filter(([by]) => by === 'tag');
    expect(rows.map(([, value, count]) => `${value} ${count}`).sort()).toEqual(
      ['(none) 1', '(none) 2', '(unknown) 1', '__proto__ 1', 'a 2', 'b 2', 'constructor 1'].sort(),
    );
    expect(countsOf(stdout, 'status')).toEqual({ '(none)': 5, OPEN: 1, '(unknown)': 1 });
    expect(rows.find(([, value]) => value === 'a')?.[3]).toBe('0.285714');
  });

  test('leave out what breaks a filter, and say so, unless the service is trusted', async () => {
    const service = await serve({
      contacts: [record(1, { isOnline: true }), record(2, { isOnline: false })],
    });
    const args = ['contacts', 'stats', '--by', 'status', '--online'];
    const checked = await runMain(args, { service });
    expect(countsOf(checked.stdout, 'status')).toEqual({ '(none)': 1 });
    expect(checked.stderr).toContain('1 contact left out: the service did not apply --online (1)');
    const trusted = await runMain([...args, '--trust-server'], { service });
    expect(countsOf(trusted.stdout, 'status')).toEqual({ '(none)': 2 });
    expect(trusted.stderr).toBe('');
  });

  test('an unknown --by is a mistake, with the near ones', async () => {
    const service = await serve({});
    const { exit, stderr } = await runMain(['contacts', 'stats', '--by', 'tags,x'], { service });
    expect(exit).toBe(2);
    expect(stderr).toContain('"tags"\ndid you mean tag?');
    const created = await runMain(['contacts', 'stats', '--by', 'created'], { service });
    expect(created.stderr).toContain('did you mean created:day or created:week or created:month?');
    expect(service.calls).toEqual([]);
  });

  test('a page that cannot be had is an error, and no counts', async () => {
    const service = await sandboxWith({ now, faults: [parseFault('500@2')] });
    const args = ['contacts', 'stats', '--max-attempts', '1'];
    const { exit, stdout } = await runMain(args, { service });
    expect({ exit, stdout }).toEqual({ exit: 5, stdout: '' });
  });
});

describe('time', () => {
  const created = (...times: readonly unknown[]) =>
    serve({ contacts: times.map((createdAt, n) => record(n, { createdAt })) });
  const stats = (by: string, zone: string) => ['contacts', 'stats', '--by', by, '--tz', zone];

  test('days are those of the zone, also when the clocks change, gaps included', async () => {
    const service = await created(
      '2026-11-02T04:59:59.999Z', // 23:59 on the 1st, a day of 25 hours
      '2026-11-02T05:00:00.000Z',
      '2026-11-01T04:00:00.000Z', // midnight, summer time still
      '2026-11-01T03:59:59.999Z',
      '2026-10-29T12:00:00+02:00',
    );
    const { stdout } = await runMain(stats('created:day', 'America/New_York'), { service, now });
    expect(rowsOf(stdout).slice(1)).toEqual([
      ['created:day', '2026-10-29', '1', '0.2'],
      ['created:day', '2026-10-30', '0', '0'],
      ['created:day', '2026-10-31', '1', '0.2'],
      ['created:day', '2026-11-01', '2', '0.4'],
      ['created:day', '2026-11-02', '1', '0.2'],
    ]);
  });

  test('a time that is another name for none does not fill the chart with gaps', async () => {
    const zeros = ['0001-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z', '1999-12-31T23:59:59Z'];
    const service = await created('2026-11-02T12:00:00Z', '2000-01-01T00:00:00Z', ...zeros);
    const { stdout } = await runMain(stats('created:month', 'UTC'), { service, now });
    const rows = rowsOf(stdout).slice(1);
    expect(rows.slice(0, 2).map(([, month, count]) => `${month} ${count}`)).toEqual([
      '2000-01 1',
      '2000-02 0',
    ]);
    expect(rows.at(-1)).toEqual(['created:month', '(unknown)', '3', '0.6']);
    expect(rows).toHaveLength(26 * 12 + 11 + 1);
  });

  test('weeks are ISO weeks, which belong to the year of their Thursday', async () => {
    const service = await created(
      '2027-01-03T23:59:00.000Z',
      '2026-12-28T00:00:00.000Z',
      '2026-12-27T23:59:59.000Z',
      '2027-01-04T00:00:00.000Z',
    );
    const late = new Date('2027-02-01T00:00:00Z');
    const { stdout } = await runMain(stats('created:week', 'UTC'), { service, now: late });
    expect(countsOf(stdout, 'created:week')).toEqual({
      '2026-W52': 1,
      '2026-W53': 2,
      '2027-W01': 1,
    });
  });

  test('months follow each other over the year, and what has no time comes last', async () => {
    const service = await created(
      '2026-02-01T00:00:00.000Z',
      '2025-11-30T23:59:59.999Z',
      undefined,
      'soon',
      '2026-02-01T09:00',
      '9999-01-01T00:00:00.000Z',
      1_769_904_000,
    );
    const { stdout } = await runMain(stats('created:month', 'UTC'), { service, now });
    expect(
      rowsOf(stdout)
        .slice(1)
        .map(([, value, count]) => `${value} ${count}`),
    ).toEqual(['2025-11 1', '2025-12 0', '2026-01 0', '2026-02 2', '(none) 1', '(unknown) 3']);
  });
});

describe('the chart', () => {
  const people = (count: number, tag: (n: number) => string) =>
    serve({ contacts: Array.from({ length: count }, (_, n) => record(n, { tags: [tag(n)] })) });
  const byTag = ['contacts', 'stats', '--by', 'tag'];
  const terminal = { isTTY: true, env: { NO_COLOR: '1' } };

  test('has bars with their counts and shares', async () => {
    const service = await serve({
      contacts: [
        ...Array.from({ length: 8 }, (_, n) => record(n, { tags: ['lead', 'vip'] })),
        record(8, { tags: ['lead'] }),
        record(9),
      ],
    });
    const { stdout, stderr } = await runMain(byTag, { service, ...terminal, columns: 44 });
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toEqual([
      '10 contacts',
      '',
      'TAG',
      '  lead    ████████████████████████  9  90.0%',
      '  vip     █████████████████████▍    8  80.0%',
      '  (none)  ██▋                       1  10.0%',
      '  a contact with several tags counts under',
      '  each',
      '',
    ]);
  });

  test('is drawn with # where there is no Unicode', async () => {
    const service = await people(6, (n) => (n < 4 ? 'lead' : 'café'));
    const env = { NO_COLOR: '1', LANG: 'C' };
    const { stdout } = await runMain(byTag, { service, isTTY: true, columns: 40, env });
    expect(stdout).toMatch(/^ {2}lead {2}#+ {2}4 {2}66\.7%$/m);
    expect(stdout).not.toMatch(/[█▏…]/);
  });

  test.each([30, 44, 80, 200])('fits %i columns', async (columns) => {
    const service = await people(9, (n) => 'łong ñame 家族 '.repeat(n + 1));
    const { stdout } = await runMain(byTag, { service, ...terminal, columns });
    for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });

  test('shows twenty bars, and says what it leaves out', async () => {
    const service = await people(60, (n) => `tag ${n % 25}`);
    const { stdout } = await runMain(byTag, { service, ...terminal });
    expect(stdout.match(/^ {2}tag/gm)).toHaveLength(20);
    expect(stdout).toContain('  5 more tags with 10 contacts; --all shows them\n');
    const all = await runMain([...byTag, '--all'], { service, ...terminal });
    expect(all.stdout.match(/^ {2}tag/gm)).toHaveLength(25);
    expect(all.stdout).not.toContain('more tags');
    const piped = await runMain(byTag, { service });
    expect(rowsOf(piped.stdout)).toHaveLength(26);
  });

  test('of time shows the latest twenty', async () => {
    const times = ['2026-11-20', '2026-10-01', '2026-10-01'];
    const service = await serve({
      contacts: times.map((day, n) => record(n, { createdAt: `${day}T12:00:00.000Z` })),
    });
    const args = ['contacts', 'stats', '--by', 'created:day', '--tz', 'UTC'];
    const { stdout } = await runMain(args, { service, ...terminal, now });
    expect(stdout).toContain(
      'CREATED BY DAY\n  31 earlier days with 2 contacts; --all shows them\n',
    );
    expect(stdout.match(/^ {2}2026-1/gm)).toHaveLength(20);
    expect(stdout).toMatch(/2026-11-20 .* 1 {2}33\.3%\n$/);
  });

  test('shows agents by name, and takes hostile text for text', async () => {
    const agent = '65e2000000000000000a6e01';
    const service = await serve({
      contacts: [record(1, { _agentAssigned: agent, tags: ['\u001b[31m\u202ered\nSTATUS'] })],
      agents: [{ _id: agent, name: 'Nomsa Adams' }],
    });
    const args = ['contacts', 'stats', '--by', 'agent,tag'];
    const { stdout } = await runMain(args, { service, ...terminal });
    expect(stdout).toContain('  Nomsa Adams');
    expect(stdout).toContain('  red STATUS');
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
    expect((await runMain(args, { service })).stdout).toContain(agent);
  });

  test('of nobody is a line', async () => {
    const service = await serve({});
    expect((await runMain(byTag, { service, ...terminal })).stdout).toBe('0 contacts\n');
    expect((await runMain(byTag, { service })).stdout).toBe('by\tvalue\tcount\tshare\n');
  });
});

describe('formats', () => {
  const contacts = [record(1, { tags: ['=1+1'] }), record(2, { tags: ['b'] })];

  test('json and csv', async () => {
    const service = await serve({ contacts });
    const args = ['contacts', 'stats', '--by', 'tag', '--format'];
    expect(JSON.parse((await runMain([...args, 'json'], { service })).stdout)).toEqual([
      { by: 'tag', value: '=1+1', count: 1, share: 0.5 },
      { by: 'tag', value: 'b', count: 1, share: 0.5 },
    ]);
    expect((await runMain([...args, 'csv', '--columns', 'count,value'], { service })).stdout).toBe(
      "count,value\n1,'=1+1\n1,b\n",
    );
    const refused = await runMain([...args, 'vcf'], { service });
    expect(refused).toMatchObject({ exit: 2, stdout: '' });
    expect((await runMain([...args, 'csv', '--columns', 'cuont'], { service })).stderr).toContain(
      'did you mean count?',
    );
  });

  test('-o writes a file, and the terminal stays empty', async () => {
    const service = await serve({ contacts });
    const file = join(mkdtempSync(join(tmpdir(), 'reekolect-')), 'stats.ndjson');
    const args = ['contacts', 'stats', '--by', 'tag', '-o', file];
    const { exit, stdout } = await runMain(args, { service, isTTY: true });
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: '' });
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  });

  test.each([
    [['-o', 'a.png'], 'write -o FILE.svg or -o FILE.html'],
    [['-o', 'a.svg.gz'], 'write -o FILE.svg or -o FILE.html'],
    [['--format', 'svg'], 'its file says so: -o FILE.svg'],
  ])('%j is told how pictures are drawn', async (flags, hint) => {
    const service = await serve({ contacts });
    const { exit, stderr } = await runMain(['contacts', 'stats', ...flags], { service });
    expect({ exit, hint: stderr.split('\n')[1] }).toEqual({ exit: 2, hint });
    expect(service.calls).toEqual([]);
  });

  test('--dry-run sends nothing', async () => {
    const service = await serve({ contacts });
    const { stdout } = await runMain(['contacts', 'stats', '--tag', 'b', '--dry-run'], { service });
    expect(stdout).toContain('"tags"');
    expect(service.calls).toEqual([]);
  });
});

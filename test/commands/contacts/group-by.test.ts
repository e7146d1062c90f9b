import { describe, expect, it } from 'vitest';
import { runMain } from '../../support/context.ts';
import { idOf, serve } from '../../support/service.ts';

const now = new Date('2026-11-22T00:00:00Z');
const nomsa = '65e2000000000000000a6e01';
const sipho = '65e2000000000000000a6e02';

function details(userDetails: object) {
  return { profile: { userDetails } };
}

const hostile = '\u001b[31mred\u202e\tand\nmore\u0000';

/** What is counted by, the contacts, and the counts as `value count share`. */
const groupings: readonly (readonly [by: string, records: object[], counts: string[]])[] = [
  [
    'status',
    [{ status: 'OPEN' }, { status: 'OPEN' }, { status: ' Call back ' }, { status: '' }, {}],
    ['OPEN 2 0.4', '(none) 2 0.4', 'Call back 1 0.2'],
  ],
  [
    'platform',
    [{ platform: ['WHATSAPP'] }, { platform: 'SMS' }, { platform: ['SMS', 'WEBSITE'] }, {}],
    ['SMS 2 0.5', 'WEBSITE 1 0.25', 'WHATSAPP 1 0.25', '(none) 1 0.25'],
  ],
  [
    'tag',
    [details({ tags: ['b', 'a', 'b'] }), details({ tags: [{ name: 'a' }] }), details({ tags: 7 })],
    ['a 2 0.666667', '7 1 0.333333', 'b 1 0.333333'],
  ],
  [
    'country',
    [
      details({ country: 'South Africa' }),
      details({ attributes: [{ key: 'Country', value: 'Namibia' }] }),
      details({ country: '', attributes: [{ key: 'country', value: ' Namibia ' }] }),
      details({ country: null }),
      { profile: [] },
    ],
    ['Namibia 2 0.4', '(none) 2 0.4', 'South Africa 1 0.2'],
  ],
  [
    'agent',
    [{ _agentAssigned: nomsa }, { _agentAssigned: [sipho, nomsa] }, { _agentAssigned: null }],
    [`${nomsa} 2 0.666667`, `${sipho} 1 0.333333`, '(none) 1 0.333333'],
  ],
  [
    'created:day',
    [{ createdAt: '2026-11-01T22:30:00.000Z' }, { createdAt: '2026-11-04T00:00:00.000Z' }, {}],
    ['2026-11-02 1 0.333333', '2026-11-03 0 0', '2026-11-04 1 0.333333', '(none) 1 0.333333'],
  ],
  [
    'created:week',
    [{ createdAt: '2026-01-01T12:00:00.000Z' }, { createdAt: '2025-12-28T12:00:00.000Z' }],
    ['2025-W52 1 0.5', '2026-W01 1 0.5'],
  ],
  [
    'created:month',
    [
      { createdAt: '2026-10-31T22:00:00.000Z' },
      { createdAt: '2026-10-31T21:59:59.999Z' },
      { createdAt: 'lately' },
      { createdAt: '2126-01-01T00:00:00.000Z' },
    ],
    ['2026-10 1 0.25', '2026-11 1 0.25', '(unknown) 2 0.5'],
  ],
];

async function counted(by: readonly string[], records: readonly object[], ...more: string[]) {
  const contacts = records.map((record, n) => ({ _id: idOf(n), ...record }));
  const service = await serve({ contacts, agents: [{ _id: nomsa, name: 'Nomsa' }] });
  const flags = by.flatMap((each) => ['--by', each]);
  const args = ['contacts', 'stats', ...flags, '--tz', 'Africa/Johannesburg', ...more];
  return { ...(await runMain(args, { service, now })), service };
}

interface Row {
  readonly by: string;
  readonly value: string;
  readonly count: number;
  readonly share: number;
}

async function rowsOf(by: readonly string[], records: readonly object[]): Promise<Row[]> {
  const { exit, stdout, stderr } = await counted(by, records, '--format', 'json');
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('stats --by', () => {
  it.each(groupings)('%s', async (by, records, counts) => {
    const rows = await rowsOf([by], records);
    expect(rows.map(({ value, count, share }) => `${value} ${count} ${share}`)).toEqual(counts);
    expect(new Set(rows.map((row) => row.by))).toEqual(new Set([by]));
  });

  it.each(groupings)('%s, in any case, with spaces, and named twice', async (by, records) => {
    const plain = await rowsOf([by], records);
    expect(await rowsOf([` ${by.toUpperCase()} `, by], records)).toEqual(plain);
    expect(await rowsOf([`${by},${by}`], records)).toEqual(plain);
  });

  it('several, each in full, in the order that they are named', async () => {
    const records = groupings.flatMap(([, some]) => some);
    const names = groupings.map(([by]) => by).reverse();
    const all = await rowsOf([names.join(',')], records);
    expect([...new Set(all.map(({ by }) => by))]).toEqual(names);
    for (const by of names) {
      expect(all.filter((row) => row.by === by)).toEqual(await rowsOf([by], records));
    }
  });

  it.each(['status', 'platform', 'tag', 'country', 'agent'])(
    '%s: what a stranger typed stays in its cell',
    async (by) => {
      const record = {
        status: hostile,
        platform: [hostile],
        _agentAssigned: hostile,
        ...details({ tags: [hostile], country: hostile }),
      };
      const { stdout } = await counted([by], [record, record]);
      const [head, row, ...rest] = stdout.split('\n');
      expect([head, rest]).toEqual(['by\tvalue\tcount\tshare', ['']]);
      expect(row?.split('\t')).toEqual([by, expect.stringContaining('red'), '2', '1']);
      const csv = await counted([by], [record], '--format', 'csv');
      expect(csv.stdout.split('\n')[0]).toBe('by,value,count,share');
      const terminal = await runMain(['contacts', 'stats', '--by', by], {
        service: csv.service,
        isTTY: true,
        env: { NO_COLOR: '1' },
        now,
      });
      expect(terminal.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    },
  );

  it.each(['', ' ', 'tags', 'created', 'created:year', 'name'])(
    '%j is nothing to count by: exit 2, and nothing is asked',
    async (by) => {
      const { exit, stderr, stdout, service } = await counted([by], []);
      expect({ exit, stdout, calls: service.calls }).toEqual({ exit: 2, stdout: '', calls: [] });
      expect(stderr).toContain('--by takes status, platform, tag, country, agent');
    },
  );
});

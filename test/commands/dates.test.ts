import { describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { runMain } from '../support/context.ts';
import { serve } from '../support/service.ts';

const zones = ['Africa/Johannesburg', 'Europe/London', 'America/New_York'] as const;

/** Noon of the day on which New York's clocks go back; London's went back a week before. */
const noon = new Date('2026-11-01T12:00:00.000Z');
/** The second of November, but still the first in New York. */
const night = new Date('2026-11-02T02:00:00.000Z');

type Line = readonly [typed: string, now: Date, ...instants: readonly [string, string, string]];

function same(instant: string): readonly [string, string, string] {
  return [instant, instant, instant];
}

const lines: readonly Line[] = [
  [
    '2026-10-25',
    noon,
    '2026-10-24T22:00:00.000Z',
    '2026-10-24T23:00:00.000Z',
    '2026-10-25T04:00:00.000Z',
  ],
  [
    '2026-10-26',
    noon,
    '2026-10-25T22:00:00.000Z',
    '2026-10-26T00:00:00.000Z',
    '2026-10-26T04:00:00.000Z',
  ],
  [
    '2026-11-01',
    noon,
    '2026-10-31T22:00:00.000Z',
    '2026-11-01T00:00:00.000Z',
    '2026-11-01T04:00:00.000Z',
  ],
  [
    '2026-11-02',
    noon,
    '2026-11-01T22:00:00.000Z',
    '2026-11-02T00:00:00.000Z',
    '2026-11-02T05:00:00.000Z',
  ],
  [
    '2026-11-01T09:30',
    noon,
    '2026-11-01T07:30:00.000Z',
    '2026-11-01T09:30:00.000Z',
    '2026-11-01T14:30:00.000Z',
  ],
  [
    '2026-07-01T09:30:15.250',
    noon,
    '2026-07-01T07:30:15.250Z',
    '2026-07-01T08:30:15.250Z',
    '2026-07-01T13:30:15.250Z',
  ],
  // The hour that comes twice, in London and in New York: the earlier one.
  [
    '2026-10-25T01:30',
    noon,
    '2026-10-24T23:30:00.000Z',
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T05:30:00.000Z',
  ],
  [
    '2026-11-01T01:30',
    noon,
    '2026-10-31T23:30:00.000Z',
    '2026-11-01T01:30:00.000Z',
    '2026-11-01T05:30:00.000Z',
  ],
  // The hour that never comes, in London and in New York: an hour on.
  [
    '2026-03-29T01:30',
    noon,
    '2026-03-28T23:30:00.000Z',
    '2026-03-29T01:30:00.000Z',
    '2026-03-29T05:30:00.000Z',
  ],
  [
    '2026-03-08T02:30',
    noon,
    '2026-03-08T00:30:00.000Z',
    '2026-03-08T02:30:00.000Z',
    '2026-03-08T07:30:00.000Z',
  ],
  ['2026-11-01T09:30Z', noon, ...same('2026-11-01T09:30:00.000Z')],
  ['2026-11-01T09:30:00+02:00', noon, ...same('2026-11-01T07:30:00.000Z')],
  ['2026-11-01T09:30-0500', noon, ...same('2026-11-01T14:30:00.000Z')],
  // Back from now are hours that passed, whatever the clocks did.
  ['7d', noon, ...same('2026-10-25T12:00:00.000Z')],
  ['2w', noon, ...same('2026-10-18T12:00:00.000Z')],
  ['12h', noon, ...same('2026-11-01T00:00:00.000Z')],
  ['30m', noon, ...same('2026-11-01T11:30:00.000Z')],
  ['now', noon, ...same('2026-11-01T12:00:00.000Z')],
  [
    'today',
    noon,
    '2026-10-31T22:00:00.000Z',
    '2026-11-01T00:00:00.000Z',
    '2026-11-01T04:00:00.000Z',
  ],
  [
    'today',
    night,
    '2026-11-01T22:00:00.000Z',
    '2026-11-02T00:00:00.000Z',
    '2026-11-01T04:00:00.000Z',
  ],
  [
    'yesterday',
    noon,
    '2026-10-30T22:00:00.000Z',
    '2026-10-31T00:00:00.000Z',
    '2026-10-31T04:00:00.000Z',
  ],
  [
    'yesterday',
    night,
    '2026-10-31T22:00:00.000Z',
    '2026-11-01T00:00:00.000Z',
    '2026-10-31T04:00:00.000Z',
  ],
];

function shifted(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + seconds * 1000).toISOString();
}

async function bodyOf(flags: readonly string[], now: Date) {
  const { exit, stdout } = await runMain(['contacts', 'list', '--dry-run', ...flags], { now });
  expect(exit).toBe(0);
  return JSON.parse(stdout.split('\n\n')[1] ?? '');
}

describe('every form of a date is asked for as this instant, a second wider', () => {
  const rows = lines.flatMap(([typed, now, ...instants]) =>
    zones.map((zone, n) => [typed, zone, instants[n] ?? '', now] as const),
  );

  test.each(rows)('%s in %s: %s', async (typed, zone, instant, now) => {
    const tz = ['--tz', zone];
    const before = shifted(instant, -1);
    const after = shifted(instant, 1);
    const start = await bodyOf(['--created-after', typed, '--seen-after', typed, ...tz], now);
    expect(start.createdAt).toEqual({ startAt: before, endsAt: '' });
    expect(start.lastSeenAt).toEqual({ startAt: before, endsAt: '' });
    const end = await bodyOf(['--created-before', typed, '--seen-before', typed, ...tz], now);
    expect(end.createdAt).toEqual({ startAt: '', endsAt: after });
    expect(end.lastSeenAt).toEqual({ startAt: '', endsAt: after });
    const order = await bodyOf(['--ordered-after', typed, ...tz], now);
    expect(order.hasOrdered).toEqual({ status: true, lastAt: before });
  });

  test.each(zones)("without --tz the system's zone counts: TZ=%s", async (TZ) => {
    const args = ['contacts', 'list', '--dry-run', '--created-after', '2026-11-02'];
    const { stdout } = await runCli(args, { env: { TZ } });
    const { createdAt } = JSON.parse(stdout.split('\n\n')[1] ?? '');
    const told = await bodyOf(['--created-after', '2026-11-02', '--tz', TZ], noon);
    expect(createdAt).toEqual(told.createdAt);
  });

  test.each([
    ['SAST-2', '2026-11-01T21:59:59.000Z'],
    ['<+02>-2', '2026-11-01T21:59:59.000Z'],
    [':/usr/share/zoneinfo/Africa/Johannesburg', '2026-11-01T21:59:59.000Z'],
    ['EST5EDT,M3.2.0,M11.1.0', '2026-11-02T04:59:59.000Z'],
    ['', '2026-11-01T23:59:59.000Z'],
  ])('with TZ=%s the second of November begins at its own midnight', async (TZ, startAt) => {
    const args = ['contacts', 'list', '--dry-run', '--created-after', '2026-11-02'];
    const { stdout } = await runMain(args, { env: { TZ } });
    expect(JSON.parse(stdout.split('\n\n')[1] ?? '').createdAt.startAt).toBe(startAt);
  });

  test('a TZ that names no zone is refused', async () => {
    const args = ['contacts', 'list', '--dry-run', '--created-after', '2026-11-02'];
    const { exit, stdout, stderr } = await runMain(args, { env: { TZ: 'CET-1CEST' } });
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toContain('TZ=Europe/Berlin');
  });
});

test('-v says which instants are used, not how much wider is asked for', async () => {
  const days = ['--created-after', '2026-10-01', '--created-before', '2026-11-01'];
  const args = ['contacts', 'list', '--dry-run', '-v', ...days, '--seen-after', '2 days ago'];
  const { stderr } = await runMain([...args, '--tz', 'Africa/Johannesburg'], { now: noon });
  expect(stderr.split('\n').sort()).toEqual([
    '',
    '· --created-after: 2026-09-30T22:00:00.000Z',
    '· --created-before: 2026-10-31T22:00:00.000Z',
    '· --seen-after: 2026-10-30T12:00:00.000Z',
  ]);
});

describe('rows are cut exactly, start included and end excluded', () => {
  // 1 November 2026, a day of 25 hours in New York.
  const start = Date.parse('2026-11-01T04:00:00.000Z');
  const end = Date.parse('2026-11-02T05:00:00.000Z');
  const times = [start - 1000, start - 1, start, start + 1, end - 1, end, end + 1, end + 1000];

  test.each([
    ['created', (createdAt: string) => ({ createdAt })],
    ['seen', (lastSeenAt: string) => ({ lastSeenAt })],
  ])('by --%s-after and --%s-before', async (name, holding) => {
    const contacts = times.map((ms, n) => ({
      _id: `${n}`,
      ...holding(new Date(ms).toISOString()),
    }));
    const service = await serve({ contacts });
    const list = [
      'contacts',
      'export',
      '--columns',
      'id',
      '--no-header',
      '--tz',
      'America/New_York',
    ];
    const idsOf = async (...flags: string[]) => {
      const { exit, stdout, stderr } = await runMain([...list, ...flags], { service, now: noon });
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
      return stdout.split('\n').slice(0, -1).join('');
    };
    const day = [`--${name}-after`, '2026-11-01', `--${name}-before`, '2026-11-02'];
    expect(await idsOf(...day)).toBe('234');
    expect(await idsOf(...day, '--trust-server')).toBe('01234567');
  });

  test('by --ordered-after', async () => {
    const contacts = [start - 1, start].map((ms, n) => ({
      _id: `${n}`,
      hasOrdered: { status: true, lastAt: new Date(ms).toISOString() },
    }));
    const service = await serve({ contacts });
    const flags = ['--ordered-after', '2026-11-01', '--tz', 'America/New_York'];
    const args = ['contacts', 'export', '--columns', 'id', '--no-header', ...flags];
    const { stdout, stderr } = await runMain(args, { service });
    expect({ stdout, stderr }).toEqual({ stdout: '1\n', stderr: '' });
  });

  test('to the millisecond that --seen-after 12h began with', async () => {
    const from = noon.getTime() - 12 * 3_600_000;
    const contacts = [from - 1, from].map((lastSeenAt, n) => ({ _id: `${n}`, lastSeenAt }));
    const service = await serve({ contacts });
    const args = ['contacts', 'export', '--columns', 'id', '--no-header', '--seen-after', '12h'];
    expect((await runMain(args, { service, now: noon })).stdout).toBe('1\n');
  });
});

import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { ExplainedError } from '../../src/errors.ts';
import { dayReader } from '../../src/records/calendar.ts';
import { parseInstant } from '../../src/records/dates.ts';
import { daylightZones } from '../../src/records/posix-zone.ts';
import { checkZone, settleZone, systemZone } from '../../src/records/zone.ts';

const system = 'America/New_York';

describe('TZ', () => {
  test.each([
    // Names and paths.
    ['Africa/Johannesburg', 'Africa/Johannesburg'],
    [':Africa/Johannesburg', 'Africa/Johannesburg'],
    ['/usr/share/zoneinfo/Africa/Johannesburg', 'Africa/Johannesburg'],
    [':/usr/share/zoneinfo/Africa/Johannesburg', 'Africa/Johannesburg'],
    ['/usr/share/zoneinfo/posix/Europe/Berlin', 'Europe/Berlin'],
    ['/usr/share/zoneinfo/right/Europe/Berlin', 'Europe/Berlin'],
    ['/var/db/timezone/zoneinfo/America/Argentina/Salta', 'America/Argentina/Salta'],
    ['/usr/share/zoneinfo.default/Asia/Tokyo', 'Asia/Tokyo'],
    ['/usr/share/zoneinfo/UTC', 'UTC'],
    ['posix/Europe/Paris', 'Europe/Paris'],
    ['right/Europe/Paris', 'Europe/Paris'],
    ['EST5EDT', 'EST5EDT'],
    ['', 'UTC'],
    [':', 'UTC'],
    // The POSIX form without daylight time: a minus is ahead of Greenwich.
    ['SAST-2', 'Etc/GMT-2'],
    [':SAST-2', 'Etc/GMT-2'],
    ['SAST-02:00', 'Etc/GMT-2'],
    ['<+02>-2', 'Etc/GMT-2'],
    ['EST5', 'Etc/GMT+5'],
    ['EST+5', 'Etc/GMT+5'],
    ['<-03>3', 'Etc/GMT+3'],
    ['UTC0', 'UTC'],
    ['UTC+2', 'Etc/GMT+2'],
    ['<+14>-14', 'Etc/GMT-14'],
    ['IST-5:30', 'Asia/Kolkata'],
    ['<+0545>-5:45', 'Asia/Kathmandu'],
    ['ACST-9:30', 'Australia/Darwin'],
    ['<-0930>9:30', 'Pacific/Marquesas'],
    // With daylight time, in any spelling of the same rule.
    ['CET-1CEST,M3.5.0,M10.5.0/3', 'Europe/Berlin'],
    ['CET-1CEST-2,M3.5.0/2,M10.5.0/3', 'Europe/Berlin'],
    ['MEZ-1MESZ,M3.5.0/02:00:00,M10.5.0/03:00:00', 'Europe/Berlin'],
    ['<+01>-1<+02>,M3.5.0,M10.5.0/3', 'Europe/Berlin'],
    ['EST5EDT4,M3.2.0/2,M11.1.0/2', 'America/New_York'],
    ['NST3:30NDT2:30,M3.2.0,M11.1.0', 'America/St_Johns'],
  ])('%s is %s', (tz, zone) => {
    expect(settleZone(undefined, tz, system)).toEqual({ zone, source: `TZ=${tz}` });
  });

  test.each([
    ['nonsense', 'Africa/Johannesburg'],
    ['SAST', 'Africa/Johannesburg'],
    ['Europe/Londn', 'Europe/London'],
    ['/usr/share/zoneinfo/Europe/Londn', 'Europe/London'],
    ['/etc/hosts', 'Africa/Johannesburg'],
    ['+02:00', 'Africa/Johannesburg'],
    // No rule, or none that a zone has: the system's guess would be as good as ours.
    ['CET-1CEST', 'Europe/Berlin'],
    ['EST5EDT4', 'America/New_York'],
    ['CET-1CEST,M3.4.0,M10.5.0/3', 'Europe/Berlin'],
    ['CET-1CEST,J60,J300', 'Europe/Berlin'],
    // No zone is always so far from Greenwich.
    ['<+15>-15', 'Africa/Johannesburg'],
    ['<+0330>-3:30', 'Africa/Johannesburg'],
    ['LMT-1:52', 'Africa/Johannesburg'],
    ['SAST-2:00:30', 'Africa/Johannesburg'],
    // Abbreviations that ICU takes for Dhaka, Calcutta and Los Angeles.
    ['BST', 'Africa/Johannesburg'],
    ['IST', 'Africa/Johannesburg'],
    ['PST', 'Africa/Johannesburg'],
    ['SystemV/EST5', 'Africa/Johannesburg'],
    ['Etc/Unknown', 'Africa/Johannesburg'],
  ])('%s is refused, with what to write', (tz, known) => {
    const refused = expect(() => settleZone(undefined, tz, system));
    refused.toThrow(ExplainedError);
    refused.toThrow(
      expect.objectContaining({
        exit: 2,
        code: 'unknown-zone',
        message: `can't tell which time zone this is: TZ=${tz}`,
        hint: expect.stringMatching(`^set TZ to a name from the IANA list.*TZ=.*, or give --tz$`),
      }),
    );
    if (known !== 'Africa/Johannesburg') {
      refused.toThrow(expect.objectContaining({ hint: expect.stringContaining(`TZ=${known},`) }));
    }
  });

  test.each(['/etc/localtime', ':/etc/localtime', '/usr/share/zoneinfo/localtime'])(
    '%s is the zone of the system',
    (tz) => {
      expect(settleZone(undefined, tz, system)).toEqual({ zone: system, source: `TZ=${tz}` });
      const link = '/usr/share/zoneinfo/Africa/Cairo';
      expect(settleZone(undefined, tz, link).zone).toBe('Africa/Cairo');
      expect(() => settleZone(undefined, tz, '')).toThrow(ExplainedError);
    },
  );
});

describe('what settles the zone', () => {
  test('--tz before TZ before the system', () => {
    expect(settleZone('Asia/Tokyo', 'SAST-2', system)).toEqual({
      zone: 'Asia/Tokyo',
      source: '--tz',
    });
    expect(settleZone('Asia/Tokyo', 'nonsense', system).zone).toBe('Asia/Tokyo');
    expect(settleZone(undefined, 'SAST-2', system).zone).toBe('Etc/GMT-2');
    expect(settleZone(undefined, undefined, system)).toEqual({
      zone: system,
      source: 'the system',
    });
    expect(settleZone(undefined, undefined, '')).toEqual({ zone: 'UTC', source: 'the default' });
  });

  test("the system's zone is one that Intl knows, or unknown", () => {
    const zone = systemZone();
    expect(zone === '' || checkZone(zone) === zone).toBe(true);
  });
});

describe('--tz', () => {
  test.each([
    ['Africa/Johannesburg', 'Africa/Johannesburg'],
    ['UTC', 'UTC'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['america/new_york', 'america/new_york'],
    ['CET', 'CET'],
    ['/usr/share/zoneinfo/Asia/Tokyo', 'Asia/Tokyo'],
    ['SAST-2', 'Etc/GMT-2'],
    ['<+02>-2', 'Etc/GMT-2'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', 'Europe/Berlin'],
    ['UTC0', 'UTC'],
    // An offset as dates have it: a plus is ahead of Greenwich.
    ['+02:00', 'Etc/GMT-2'],
    ['+0200', 'Etc/GMT-2'],
    ['-03', 'Etc/GMT+3'],
    ['+05:30', 'Asia/Kolkata'],
    ['+00:00', 'UTC'],
    ['Z', 'UTC'],
  ])('%s is %s', (text, zone) => expect(checkZone(text)).toBe(zone));

  test.each([
    ['Europe/Londn', 'Europe/London'],
    ['London', 'Europe/London'],
    ['new york', 'America/New_York'],
    ['SAST', 'Africa/Johannesburg'],
    ['CET-1CEST', 'Europe/Berlin'],
    ['Nowhere/At_All', 'Africa/Johannesburg'],
    ['+15:00', 'Africa/Johannesburg'],
    ['', 'Africa/Johannesburg'],
  ])('"%s" is none, but %s is', (text, known) => {
    const refused = expect(() => checkZone(text));
    refused.toThrow(ExplainedError);
    refused.toThrow(
      expect.objectContaining({
        exit: 2,
        code: 'unknown-zone',
        hint: `use a name from the IANA list, such as ${known} or UTC`,
      }),
    );
  });

  test.each(['UTC+2', 'GMT-3', 'utc-02:00'])('%s is asked about', (text) => {
    expect(() => checkZone(text)).toThrow(
      expect.objectContaining({
        exit: 2,
        message: `${text} may be ahead of UTC or behind it`,
        hint: expect.stringMatching(/^write \+02:00 for two hours ahead of UTC/),
      }),
    );
  });

  test('a very long text is refused at once', () => {
    expect(() => checkZone('A'.repeat(100_000))).toThrow(ExplainedError);
  });
});

describe('the zones of daylight rules', () => {
  test.each(daylightZones)('%s changes its clocks as %s says', (zone, posix) => {
    expect(settleZone(undefined, posix, '').zone).toBe(zone);
    for (const year of [2025, 2026, 2027, 2028]) {
      expect(changesOf(zone, year)).toEqual(changesByRule(posix, year));
    }
  });

  test.each([
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['CET-1CEST,M3.5.0,M10.5.0/3', '2026-12-01', '2026-11-30T23:00:00.000Z'],
    ['SAST-2', '2026-11-01', '2026-10-31T22:00:00.000Z'],
    ['UTC+2', '2026-11-01', '2026-11-01T02:00:00.000Z'],
    ['IST-5:30', '2026-11-01', '2026-10-31T18:30:00.000Z'],
  ])('with TZ=%s, %s begins at %s', async (tz, day, instant) => {
    const { zone } = settleZone(undefined, tz, '');
    expect((await parseInstant(day, zone, new Date(0))).toISOString()).toBe(instant);
    const dayOf = dayReader(zone);
    const start = Date.parse(instant);
    expect(dayOf(new Date(start)) - dayOf(new Date(start - 1))).toBe(1);
  });
});

test('a fixed offset never changes', () => {
  const offsets = Array.from({ length: 27 }, (_, n) => n - 12);
  const uneven = ['+04:30', '+05:30', '+05:45', '+06:30', '+09:30', '-09:30'];
  const whole = offsets.map((hours) => {
    const size = String(Math.abs(hours)).padStart(2, '0');
    return `${hours < 0 ? '-' : '+'}${size}:00`;
  });
  for (const offset of [...whole, ...uneven]) {
    const zone = checkZone(offset);
    for (let ms = Date.UTC(1990, 0, 1); ms < Date.UTC(2037, 0, 1); ms += 90 * 86_400_000) {
      const time = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
      expect([zone, time.offset]).toEqual([zone, offset]);
    }
  }
});

test('every zone that Intl lists is taken as it is', () => {
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    expect(checkZone(zone)).toBe(zone);
    expect(settleZone(undefined, `:/usr/share/zoneinfo/${zone}`, '').zone).toBe(zone);
  }
});

/** The instants at which a zone's clocks change in a year, each with the offset after it, in ms. */
function changesOf(zone: string, year: number): readonly (readonly [at: number, offset: number])[] {
  const start = Temporal.ZonedDateTime.from({ year, month: 1, day: 1, timeZone: zone });
  const first = start.getTimeZoneTransition('next');
  const second = first?.getTimeZoneTransition('next');
  return [first, second].map((each) => [
    each?.epochMilliseconds ?? 0,
    (each?.offsetNanoseconds ?? 0) / 1e6,
  ]);
}

/** The same by the rule alone, after the text of POSIX; only the forms of our table. */
function changesByRule(posix: string, year: number) {
  const [names = '', ...changes] = posix.split(',');
  const [, west = '', , daylightWest] =
    /^(?:<[^>]+>|[A-Z]+)([-\d:]+)(<[^>]+>|[A-Z]+)([-\d:]+)?$/.exec(names) ?? [];
  const standard = -hoursOf(west);
  const daylight = daylightWest === undefined ? standard + 1 : -hoursOf(daylightWest);
  const offsets = [daylight, standard];
  const found = changes.map((change, index) => {
    const [rule = '', time = '2'] = change.slice(1).split('/');
    const [month = 0, week = 0, weekday = 0] = rule.split('.').map(Number);
    const before = offsets[1 - index] ?? 0;
    const midnight = nthWeekday(year, month, week, weekday);
    const at = midnight + (hoursOf(time) - before) * 3_600_000;
    return [at, (offsets[index] ?? 0) * 3_600_000 + 0] as const;
  });
  return found.sort(([one], [other]) => one - other);
}

function nthWeekday(year: number, month: number, week: number, weekday: number): number {
  const days = Array.from({ length: 31 }, (_, n) => new Date(Date.UTC(year, month - 1, n + 1)));
  const fitting = days.filter((d) => d.getUTCMonth() === month - 1 && d.getUTCDay() === weekday);
  return (fitting[week - 1] ?? fitting.at(-1))?.getTime() ?? 0;
}

function hoursOf(text: string): number {
  const [hours = 0, minutes = 0] = text.replace('-', '').split(':').map(Number);
  return (text.startsWith('-') ? -1 : 1) * (hours + minutes / 60);
}

import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { ExplainedError } from '../../src/errors.ts';
import {
  dateForms,
  dateSpan,
  isRelative,
  parseInstant,
  timeReader,
} from '../../src/records/dates.ts';

const johannesburg = 'Africa/Johannesburg';
const london = 'Europe/London';
const cairo = 'Africa/Cairo';

async function read(text: string, zone: string, now: string): Promise<string> {
  return (await parseInstant(text, zone, new Date(now))).toISOString();
}

describe('what a user writes, in three zones', () => {
  const now = '2026-11-22T12:00:00.000Z';
  test.each([
    // A bare date is the start of that day.
    ['2026-11-01', johannesburg, '2026-10-31T22:00:00.000Z'],
    ['2026-11-01', london, '2026-11-01T00:00:00.000Z'],
    ['2026-11-01', cairo, '2026-10-31T22:00:00.000Z'],
    ['2028-02-29', johannesburg, '2028-02-28T22:00:00.000Z'],
    // London's clocks go back on 25 October 2026: that day has 25 hours.
    ['2026-10-25', london, '2026-10-24T23:00:00.000Z'],
    ['2026-10-26', london, '2026-10-26T00:00:00.000Z'],
    ['2026-10-25T00:30', london, '2026-10-24T23:30:00.000Z'],
    ['2026-10-25T01:30', london, '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T02:30', london, '2026-10-25T02:30:00.000Z'],
    // They go forward on 29 March: 01:30 is not on the clock, and is read as 02:30.
    ['2026-03-29T01:30', london, '2026-03-29T01:30:00.000Z'],
    ['2026-03-29T02:30', london, '2026-03-29T01:30:00.000Z'],
    // Cairo's clocks skip midnight of 24 April: the day starts at one.
    ['2026-04-24', cairo, '2026-04-23T22:00:00.000Z'],
    ['2026-04-24T00:30', cairo, '2026-04-23T22:30:00.000Z'],
    ['2026-04-25', cairo, '2026-04-24T21:00:00.000Z'],
    // ... and on 29 October they go from midnight back to eleven.
    ['2026-10-30', cairo, '2026-10-29T22:00:00.000Z'],
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    // A time on the clock there.
    ['2026-11-01T09:30', johannesburg, '2026-11-01T07:30:00.000Z'],
    ['2026-11-01T09:30', london, '2026-11-01T09:30:00.000Z'],
    ['2026-07-01T09:30', london, '2026-07-01T08:30:00.000Z'],
    ['2026-11-01 09:30', johannesburg, '2026-11-01T07:30:00.000Z'],
    ['2026-11-01T09:30:15', johannesburg, '2026-11-01T07:30:15.000Z'],
    ['2026-11-01T09:30:15.250', johannesburg, '2026-11-01T07:30:15.250Z'],
    ['2026-11-01T09:30:15.2', johannesburg, '2026-11-01T07:30:15.200Z'],
    ['  2026-11-01 ', london, '2026-11-01T00:00:00.000Z'],
    // With Z or an offset the zone does not matter.
    ['2026-11-01T09:30Z', johannesburg, '2026-11-01T09:30:00.000Z'],
    ['2026-11-01T09:30:15.250Z', cairo, '2026-11-01T09:30:15.250Z'],
    ['2026-11-01T09:30+02:00', london, '2026-11-01T07:30:00.000Z'],
    ['2026-11-01T09:30+0530', london, '2026-11-01T04:00:00.000Z'],
    ['2026-11-01 09:30 Z', johannesburg, '2026-11-01T09:30:00.000Z'],
    ['2026-11-01 09:30:15.250 +02:00', london, '2026-11-01T07:30:15.250Z'],
    ['2026-11-01T09:30+23:59', london, '2026-10-31T09:31:00.000Z'],
    ['2026-11-01 09:30-03', johannesburg, '2026-11-01T12:30:00.000Z'],
    ['2026-12-31T23:00-03:00', johannesburg, '2027-01-01T02:00:00.000Z'],
    // Back from now.
    ['now', cairo, '2026-11-22T12:00:00.000Z'],
    ['90s', cairo, '2026-11-22T11:58:30.000Z'],
    ['30m', london, '2026-11-22T11:30:00.000Z'],
    ['12h', london, '2026-11-22T00:00:00.000Z'],
    ['7d', johannesburg, '2026-11-15T12:00:00.000Z'],
    ['2w', johannesburg, '2026-11-08T12:00:00.000Z'],
    ['0d', johannesburg, '2026-11-22T12:00:00.000Z'],
    ['today', johannesburg, '2026-11-21T22:00:00.000Z'],
    ['today', london, '2026-11-22T00:00:00.000Z'],
    ['yesterday', johannesburg, '2026-11-20T22:00:00.000Z'],
  ])('%s in %s is %s', async (text, zone, instant) => {
    expect(await read(text, zone, now)).toBe(instant);
  });

  test.each([
    ['today', '2026-10-25T23:30:00.000Z', '2026-10-24T23:00:00.000Z'],
    ['today', '2026-10-26T00:30:00.000Z', '2026-10-26T00:00:00.000Z'],
    ['yesterday', '2026-10-26T00:30:00.000Z', '2026-10-24T23:00:00.000Z'],
    ['1d', '2026-10-26T00:30:00.000Z', '2026-10-25T00:30:00.000Z'],
  ])('in London %s is counted over the change of clocks at %s', async (text, now, instant) => {
    expect(await read(text, london, now)).toBe(instant);
  });

  test('yesterday in Cairo started at one when midnight was skipped', async () => {
    expect(await read('yesterday', cairo, '2026-04-25T09:00:00.000Z')).toBe(
      '2026-04-23T22:00:00.000Z',
    );
  });
});

describe('what is refused, with the forms that are not', () => {
  test.each([
    ['2026-02-30', 'there is no such date or time: 2026-02-30'],
    ['2026-13-01', 'there is no such date or time: 2026-13-01'],
    ['2026-11-01T24:00', 'there is no such date or time: 2026-11-01T24:00'],
    ['2026-11-01T09:60Z', 'there is no such date or time: 2026-11-01T09:60Z'],
    ['2026-11-01T09:30+25:00', 'there is no such date or time: 2026-11-01T09:30+25:00'],
    ['2026-11-01T09:30+05:60', 'there is no such date or time: 2026-11-01T09:30+05:60'],
    ['on 2026-11-01', 'cannot read the date: on 2026-11-01'],
    ['in 1M', 'cannot read the date: in 1M'],
    ['01/11/2026', 'cannot read the date: 01/11/2026'],
    ['2026-11', 'cannot read the date: 2026-11'],
    ['2026-11-01T9:30', 'cannot read the date: 2026-11-01T9:30'],
    ['2026-11-01Z', 'cannot read the date: 2026-11-01Z'],
    ['-7d', 'cannot read the date: -7d'],
    ['7', 'cannot read the date: 7'],
    ['+7d', 'cannot read the date: +7d'],
    ['1.5h', 'cannot read the date: 1.5h'],
    ['3 moons ago', 'cannot read the date: 3 moons ago'],
    ['2 days from now', 'cannot read the date: 2 days from now'],
    ['next week', 'cannot read the date: next week'],
    ['last day', 'cannot read the date: last day'],
    ['ago', 'cannot read the date: ago'],
    ['a day', 'cannot read the date: a day'],
    ['2026-11-01 +02:00', 'cannot read the date: 2026-11-01 +02:00'],
    ['constructor', 'cannot read the date: constructor'],
    ['', 'cannot read the date: (empty)'],
    ['99999999d', 'too far away: 99999999d'],
    ['2026y', 'too far away: 2026y'],
    ['99999mo', 'too far away: 99999mo'],
    ['999999999999 years ago', 'too far away: 999999999999 years ago'],
    [`${'9'.repeat(400)}mo`, `too far away: ${'9'.repeat(400)}mo`],
    [`${'9'.repeat(400)}w`, `too far away: ${'9'.repeat(400)}w`],
  ])('%s', async (text, message) => {
    const refused = parseInstant(text, london, new Date('2026-11-22T12:00:00Z'));
    await expect(refused).rejects.toThrow(ExplainedError);
    await expect(refused).rejects.toMatchObject({ exit: 2, code: 'bad-date', message });
    await expect(refused).rejects.toMatchObject({
      hint: expect.stringMatching(/2026-11-01T09:30.*7d.*1m is a minute, 1mo a month.*today, yest/),
    });
  });
});

test.each(['1M', '30M', '12 M', '1M ago', ' 1M '])(
  '%s, a minute to some and a month to others, is asked about',
  async (text) => {
    await expect(parseInstant(text, london, new Date())).rejects.toMatchObject({
      exit: 2,
      code: 'bad-date',
      message: `${text.trim()} may be minutes or months`,
      hint: 'write 1m for a minute, 1mo for a month',
    });
  },
);

describe('back from a Sunday noon', () => {
  const now = '2026-11-22T12:00:00.000Z';
  test.each([
    // 1m is a minute, 1mo a month.
    ['1m', london, '2026-11-22T11:59:00.000Z'],
    ['1mo', london, '2026-10-22T11:00:00.000Z'],
    ['1mo', johannesburg, '2026-10-22T12:00:00.000Z'],
    ['3mo', johannesburg, '2026-08-22T12:00:00.000Z'],
    ['1y', johannesburg, '2025-11-22T12:00:00.000Z'],
    // In words, singular and plural.
    ['1 minute ago', london, '2026-11-22T11:59:00.000Z'],
    ['30 minutes ago', london, '2026-11-22T11:30:00.000Z'],
    ['1 hour ago', london, '2026-11-22T11:00:00.000Z'],
    ['12 hours ago', london, '2026-11-22T00:00:00.000Z'],
    ['an hour ago', london, '2026-11-22T11:00:00.000Z'],
    ['a week ago', johannesburg, '2026-11-15T12:00:00.000Z'],
    ['2 days ago', johannesburg, '2026-11-20T12:00:00.000Z'],
    ['1 day ago', johannesburg, '2026-11-21T12:00:00.000Z'],
    ['2 weeks ago', johannesburg, '2026-11-08T12:00:00.000Z'],
    ['1 week ago', johannesburg, '2026-11-15T12:00:00.000Z'],
    ['6 months ago', johannesburg, '2026-05-22T12:00:00.000Z'],
    ['1 month ago', johannesburg, '2026-10-22T12:00:00.000Z'],
    ['2 years ago', johannesburg, '2024-11-22T12:00:00.000Z'],
    ['1 year ago', johannesburg, '2025-11-22T12:00:00.000Z'],
    ['2 days', johannesburg, '2026-11-20T12:00:00.000Z'],
    ['2d ago', johannesburg, '2026-11-20T12:00:00.000Z'],
    // Case and blanks do not matter.
    ['7D', johannesburg, '2026-11-15T12:00:00.000Z'],
    ['3MO', johannesburg, '2026-08-22T12:00:00.000Z'],
    [' 2  Days\u00a0AGO ', johannesburg, '2026-11-20T12:00:00.000Z'],
    ['TODAY', johannesburg, '2026-11-21T22:00:00.000Z'],
    ['Last  Month', johannesburg, '2026-09-30T22:00:00.000Z'],
    ['2026-11-01  09:30', johannesburg, '2026-11-01T07:30:00.000Z'],
    ['2026-11-01 09:30 +02:00', london, '2026-11-01T07:30:00.000Z'],
    ['2026-11-01t09:30z', johannesburg, '2026-11-01T09:30:00.000Z'],
    // The starts of periods; the week began on Monday the 16th.
    ['this week', johannesburg, '2026-11-15T22:00:00.000Z'],
    ['last week', johannesburg, '2026-11-08T22:00:00.000Z'],
    ['this month', johannesburg, '2026-10-31T22:00:00.000Z'],
    ['last month', johannesburg, '2026-09-30T22:00:00.000Z'],
    ['this year', johannesburg, '2025-12-31T22:00:00.000Z'],
    ['last year', johannesburg, '2024-12-31T22:00:00.000Z'],
    ['last month', london, '2026-09-30T23:00:00.000Z'],
    ['this month', london, '2026-11-01T00:00:00.000Z'],
  ])('%s in %s is %s', async (text, zone, instant) => {
    expect(await read(text, zone, now)).toBe(instant);
  });

  test.each([
    ['1mo', '2026-03-31T10:00:00.000Z', '2026-02-28T10:00:00.000Z'],
    ['1mo', '2028-03-31T10:00:00.000Z', '2028-02-29T10:00:00.000Z'],
    ['1y', '2028-02-29T10:00:00.000Z', '2027-02-28T10:00:00.000Z'],
    ['4y', '2028-02-29T10:00:00.000Z', '2024-02-29T10:00:00.000Z'],
    // There it is the first already, though in UTC it is the last.
    ['this month', '2026-10-31T23:00:00.000Z', '2026-10-31T22:00:00.000Z'],
    ['last month', '2026-03-30T23:00:00.000Z', '2026-01-31T22:00:00.000Z'],
    ['this week', '2026-11-22T22:30:00.000Z', '2026-11-22T22:00:00.000Z'],
    ['this year', '2026-12-31T22:30:00.000Z', '2026-12-31T22:00:00.000Z'],
    ['last week', '2027-01-01T10:00:00.000Z', '2026-12-20T22:00:00.000Z'],
  ])('%s at %s is %s in Johannesburg', async (text, at, instant) => {
    expect(await read(text, johannesburg, at)).toBe(instant);
  });

  test('a month back keeps the time on the clock over a change of clocks', async () => {
    expect(await read('1mo', london, '2026-11-10T09:00:00.000Z')).toBe('2026-10-10T08:00:00.000Z');
    expect(await read('30d', london, '2026-11-10T09:00:00.000Z')).toBe('2026-10-11T09:00:00.000Z');
  });
});

const zones = Intl.supportedValuesOf('timeZone');
const anyZone = fc.constantFrom(...zones);
const anyTime = fc.date({
  min: new Date('1990-01-01T00:00:00Z'),
  max: new Date('2037-12-31T00:00:00Z'),
  noInvalidDate: true,
});

describe('in any zone, at any time', () => {
  const here = (now: Date, zone: string) =>
    Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);

  test('mo and y go back by the calendar, all else by the clock', async () => {
    const count = fc.integer({ min: 0, max: 600 });
    await fc.assert(
      fc.asyncProperty(anyZone, anyTime, count, async (zone, now, n) => {
        const at = here(now, zone);
        const months = at.subtract({ months: n }).epochMilliseconds;
        const years = at.subtract({ years: n }).epochMilliseconds;
        expect((await parseInstant(`${n}mo`, zone, now)).getTime()).toBe(months);
        expect((await parseInstant(`${n} years ago`, zone, now)).getTime()).toBe(years);
        const day = (await parseInstant(`${n}d`, zone, now)).getTime();
        expect(now.getTime() - day).toBe(n * 86_400_000);
      }),
    );
  });

  test('periods start when the calendar there turns to them', async () => {
    await fc.assert(
      fc.asyncProperty(anyZone, anyTime, async (zone, now) => {
        const start = async (text: string) => here(await parseInstant(text, zone, now), zone);
        const today = here(now, zone).toPlainDate();
        const [thisWeek, lastWeek] = [await start('this week'), await start('last week')];
        expect(today.since(thisWeek.toPlainDate()).days).toBe(today.dayOfWeek - 1);
        expect(thisWeek.toPlainDate().since(lastWeek.toPlainDate()).days).toBe(7);
        const month = Temporal.PlainYearMonth.from(today);
        const [thisMonth, lastMonth] = [await start('this month'), await start('last month')];
        expect(thisMonth.toPlainDate().toString()).toBe(`${month}-01`);
        expect(lastMonth.toPlainDate().toString()).toBe(`${month.subtract({ months: 1 })}-01`);
        expect((await start('this year')).toPlainDate().toString()).toBe(`${today.year}-01-01`);
        expect((await start('last year')).toPlainDate().toString()).toBe(`${today.year - 1}-01-01`);
        for (const each of [thisWeek, lastWeek, thisMonth, lastMonth]) {
          expect(each.startOfDay().epochMilliseconds).toBe(each.epochMilliseconds);
        }
      }),
    );
  });
});

/** The date on the calendars of a zone, as Intl has it. */
function dayReaderOf(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (ms) => format.format(ms);
}

test('a bare date is the first instant of its day in every zone, around every change of clocks', async () => {
  const now = new Date(0);
  let days = 0;
  for (const zone of zones) {
    const dayOf = dayReaderOf(zone);
    let change = Temporal.Instant.from('2021-01-01T00:00Z').toZonedDateTimeISO(zone);
    for (;;) {
      const next = change.getTimeZoneTransition('next');
      if (next === null || next.year > 2027) break;
      change = next;
      for (const from of [-1, 0, 1]) {
        const day = change.toPlainDate().add({ days: from }).toString();
        const { start, end } = await dateSpan(day, zone, now);
        const ms = start.getTime();
        expect([day, zone, dayOf(ms - 1) < day, dayOf(ms) >= day]).toEqual([day, zone, true, true]);
        const last = (end?.getTime() ?? Number.NaN) - 1;
        expect([day, zone, dayOf(last) <= day, dayOf(last + 1) > day]).toEqual([
          day,
          zone,
          true,
          true,
        ]);
        days += 1;
      }
    }
  }
  expect(days).toBeGreaterThan(4000);
}, 120_000);

describe('a span of time', () => {
  const now = new Date('2026-11-22T12:00:00.000Z');
  test.each([
    // 25 hours in London, and 23 in Cairo, where midnight is skipped.
    ['2026-10-25', london, '2026-10-24T23:00:00.000Z', '2026-10-26T00:00:00.000Z'],
    ['2026-04-24', cairo, '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
    [' 2026-11-01 ', johannesburg, '2026-10-31T22:00:00.000Z', '2026-11-01T22:00:00.000Z'],
    // Samoa had no such day.
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-30T10:00:00.000Z'],
  ])('%s in %s is the whole day', async (text, zone, start, end) => {
    const span = await dateSpan(text, zone, now);
    expect(span).toEqual({ start: new Date(start), end: new Date(end) });
  });

  test.each(['2026-11-01T00:00', '2026-11-01T09:30Z', '30d', 'now', 'today', 'last month'])(
    '%s is an instant',
    async (text) => {
      const start = await parseInstant(text, london, now);
      expect(await dateSpan(text, london, now)).toEqual({ start });
    },
  );

  test('is refused as a date is', async () => {
    await expect(dateSpan('2026-02-30', london, now)).rejects.toMatchObject({ code: 'bad-date' });
  });
});

test.each([
  ['30m', true],
  ['3mo', true],
  [' 2  Days ago', true],
  ['now', true],
  ['today', true],
  ['Yesterday', true],
  ['last week', true],
  ['this year', true],
  ['2026-11-01', false],
  ['2026-11-01T09:30', false],
  ['2026-11-01T09:30+02:00', false],
  ['next week', false],
  ['', false],
])('"%s" moves with now: %s', (text, expected) => expect(isRelative(text)).toBe(expected));

test.each([
  ['2026-07-01 09:30', '2026-07-01T08:30:00.000Z'],
  [' 2026-07-01T09:30 ', '2026-07-01T08:30:00.000Z'],
  ['2026-07-01', '2026-06-30T23:00:00.000Z'],
  ['2026-07-01T09:30+02:00', '2026-07-01T07:30:00.000Z'],
  ['2026-07-01T09:30:00.125Z', '2026-07-01T09:30:00.125Z'],
  [1_782_898_200_000, '2026-07-01T09:30:00.000Z'],
  [{ $date: '2026-07-01T09:30Z' }, '2026-07-01T09:30:00.000Z'],
])('what a record holds for a time, %j, is read in London as %s', async (held, instant) => {
  expect((await timeReader(london))(held)).toBe(Date.parse(instant));
});

test.each(['2026-02-30', 'soon', '7d', '', null, true, []])('%j is no time', async (held) => {
  expect((await timeReader(london))(held)).toBeNaN();
});

test('every form that the help names is read', async () => {
  const forms = dateForms.flatMap(([form]) => form.split(', '));
  expect(forms.length).toBeGreaterThan(10);
  for (const form of forms) {
    await expect(parseInstant(form, london, new Date())).resolves.toBeInstanceOf(Date);
  }
  expect(dateForms.filter(([, meaning]) => meaning === '')).toEqual([]);
  expect(dateForms.map(([, meaning]) => meaning).join()).toMatch(/1m is a minute, 1mo a month/);
});

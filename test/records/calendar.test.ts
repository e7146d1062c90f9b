import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { dayReader, periods } from '../../src/records/calendar.ts';

const { day, week, month } = periods;

function dayIn(zone: string, time: string): string {
  return day.name(dayReader(zone)(new Date(time)));
}

describe('the day of an instant', () => {
  test.each([
    ['Africa/Johannesburg', '2026-11-21T21:59:59.999Z', '2026-11-21'],
    ['Africa/Johannesburg', '2026-11-21T22:00:00.000Z', '2026-11-22'],
    ['Europe/Berlin', '2026-03-29T21:59:59.000Z', '2026-03-29'],
    ['Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29'],
    ['Pacific/Apia', '2011-12-30T09:59:59.999Z', '2011-12-29'],
    ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31'],
    ['Africa/Cairo', '2026-04-23T22:00:00.000Z', '2026-04-24'],
    ['Etc/GMT-2', '2026-11-21T22:00:00.000Z', '2026-11-22'],
    ['America/New_York', '0001-01-01T00:00:00.000Z', '0000-12-31'],
    ['Asia/Tokyo', '0001-01-01T00:00:00.000Z', '0001-01-01'],
    ['UTC', '0099-12-31T23:59:59.999Z', '0099-12-31'],
  ])('in %s, %s is on %s', (zone, time, name) => {
    expect(dayIn(zone, time)).toBe(name);
  });
});

describe('weeks', () => {
  test.each([
    ['2026-11-22', '2026-W47'],
    ['2026-11-23', '2026-W48'],
    ['2024-12-30', '2025-W01'],
    ['2027-01-01', '2026-W53'],
    ['2021-01-03', '2020-W53'],
    ['1970-01-01', '1970-W01'],
    ['1969-12-28', '1969-W52'],
  ])('%s is in %s', (date, name) => {
    const number = week.of(dayReader('UTC')(new Date(`${date}T12:00:00Z`)));
    expect(week.name(number)).toBe(name);
  });
});

test('months follow each other over the year', () => {
  const december = month.of(dayReader('UTC')(new Date('2026-12-31T12:00:00Z')));
  expect([december, december + 1].map(month.name)).toEqual(['2026-12', '2027-01']);
});

describe('for any instant in any zone', () => {
  const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'), 'Etc/GMT-2', 'UTC');
  const time = fc.date({
    min: new Date('0001-01-02T00:00:00Z'),
    max: new Date('9999-12-30T00:00:00Z'),
    noInvalidDate: true,
  });
  const recent = fc.date({
    min: new Date('2000-01-01T00:00:00Z'),
    max: new Date('2037-12-31T00:00:00Z'),
    noInvalidDate: true,
  });

  test('day, week and month are those of the calendar there', () => {
    fc.assert(
      fc.property(zone, fc.oneof(time, recent), (timeZone, instant) => {
        const number = dayReader(timeZone)(instant);
        const date = Temporal.Instant.fromEpochMilliseconds(instant.getTime())
          .toZonedDateTimeISO(timeZone)
          .toPlainDate();
        expect(day.name(day.of(number))).toBe(date.toString());
        expect(month.name(month.of(number))).toBe(date.toString().slice(0, 7));
        const isoWeek = String(date.weekOfYear).padStart(2, '0');
        const isoYear = String(date.yearOfWeek).padStart(4, '0');
        expect(week.name(week.of(number))).toBe(`${isoYear}-W${isoWeek}`);
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  test('periods follow each other without a gap', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (number) => {
        for (const { of } of [day, week, month]) {
          expect([0, 1]).toContain(of(number + 1) - of(number));
        }
        expect(week.of(number + 7) - week.of(number)).toBe(1);
      }),
    );
  });
});

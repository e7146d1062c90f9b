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
    ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31'],
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

import { expect, test, vi } from 'vitest';
import { localTimes } from '../../src/terminal/local-time.ts';

const now = new Date('2026-11-12T12:00:00Z');

test.each([
  ['today', '2026-11-12T06:30:00Z', '08:30'],
  ['today there, yesterday in UTC', '2026-11-11T22:30:00.000Z', '00:30'],
  ['yesterday', '2026-11-11T21:59:00Z', '11 Nov 23:59'],
  ['the same day of another month', '2026-09-12T12:05:00Z', '12 Sep 14:05'],
  ['with an offset', '2026-03-04T00:30:00+02:00', '04 Mar 00:30'],
  ['another year', '2024-11-12T12:05:00Z', '12 Nov 2024'],
  ['new year there, not yet in UTC', '2025-12-31T22:00:00Z', '01 Jan 00:00'],
  ['unreadable', 'last Tuesday', 'last Tuesday'],
  ['no such month', '2026-13-01T00:00:00Z', '2026-13-01T00:00:00Z'],
  ['a year', '2024', '2024'],
  ['a date without a time', '2024-11-12', '2024-11-12'],
  ['a bare number', '1731412800', '1731412800'],
  ['nothing', '', ''],
])('%s', (_, text, shown) => {
  expect(localTimes(now, () => 'Africa/Johannesburg')(text)).toBe(shown);
});

test('the zone is asked for once, and only when there is a time to show', () => {
  const zone = vi.fn(() => 'Africa/Johannesburg');
  const show = localTimes(now, zone);
  show('last Tuesday');
  expect(zone).not.toHaveBeenCalled();
  show('2026-11-12T06:30:00Z');
  show('2026-11-12T06:31:00Z');
  expect(zone).toHaveBeenCalledTimes(1);
});

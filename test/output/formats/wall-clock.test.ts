import { expect, test } from 'vitest';
import { wallClock } from '../../../src/output/formats/wall-clock.ts';

test.each([
  ['UTC', '2026-11-26T13:39:43.123Z', '2026-11-26T13:39:43.123Z'],
  ['Africa/Johannesburg', '2026-11-26T23:00:00.000Z', '2026-11-27T01:00:00.000Z'],
  ['Asia/Kathmandu', '2026-11-26T13:39:43.123Z', '2026-11-26T19:24:43.123Z'],
  ['America/New_York', '2026-11-01T05:59:59.999Z', '2026-11-01T01:59:59.999Z'],
  ['America/New_York', '2026-11-01T06:00:00.000Z', '2026-11-01T01:00:00.000Z'],
  ['America/New_York', '2026-03-08T06:59:59.999Z', '2026-03-08T01:59:59.999Z'],
  ['America/New_York', '2026-03-08T07:00:00.000Z', '2026-03-08T03:00:00.000Z'],
  ['Pacific/Apia', '2011-12-30T09:59:59.000Z', '2011-12-29T23:59:59.000Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00.000Z', '2011-12-31T00:00:00.000Z'],
])('clocks in %s show at %s', (zone, instant, shown) => {
  const clock = wallClock(() => zone);
  for (const again of [1, 2]) {
    expect(new Date(clock(Date.parse(instant))).toISOString(), String(again)).toBe(shown);
  }
});

test('no zone is asked for while no time is shown', () => {
  wallClock(() => {
    throw new Error('asked');
  });
});

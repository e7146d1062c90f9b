import { describe, expect, test } from 'vitest';
import { lowerMark, NextCursor } from '../../src/state/cursor.ts';

const hour = 3_600_000;
const day = 24 * hour;
const ten = Date.parse('2026-11-02T10:00:00.000Z');
const iso = (ms: number) => new Date(ms).toISOString();

/** What a run at `now` leaves behind that delivered contacts of these times. */
function markOf(times: readonly number[], now = ten, before?: ReturnType<NextCursor['mark']>) {
  const cursor = new NextCursor(before);
  for (const [i, time] of times.entries()) cursor.add(`k${i}`, time, now);
  return cursor.mark(new Date(now));
}

describe('the mark that a run leaves', () => {
  test('is the newest creation time, and when the run began', () => {
    expect(markOf([ten - hour, ten - 3 * hour])).toEqual({
      newest: iso(ten - hour),
      ran: iso(ten),
      recent: { k0: iso(ten - hour) },
      days: [],
    });
  });

  test('of nobody is none', () => {
    expect(markOf([])).toEqual({ newest: '', ran: iso(ten), recent: {}, days: [] });
  });

  test('knows the newest of each of the last seven days that had one', () => {
    const times = Array.from({ length: 10 }, (_, i) => ten - i * day);
    const { newest, days } = markOf([...times, ...times.map((time) => time - hour)]);
    expect([newest, ...(days ?? [])]).toEqual(times.slice(0, 7).map(iso));
  });

  test('knows them too where contacts of many years come in any order', () => {
    const times = Array.from({ length: 2500 }, (_, i) => ten - ((i * 7) % 2500) * day);
    const { newest, days } = markOf(times);
    expect([newest, ...(days ?? [])]).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => iso(ten - i * day)));
  });

  test('remembers who came in the hour before the newest of each such day', () => {
    const times = [0, hour, hour + 1, day, day + hour, day + hour + 1, 8 * day].map(
      (ms) => ten - ms,
    );
    expect(Object.keys(markOf(times).recent)).toEqual(['k0', 'k1', 'k3', 'k4', 'k6']);
    const eighth = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => ten - i * day);
    expect(Object.keys(markOf(eighth).recent)).not.toContain('k7');
  });

  test('remembers who has no time or one to come; that counts as now', () => {
    const mark = markOf([Number.NaN, ten + 5 * hour, ten - 2 * hour]);
    expect(mark).toMatchObject({ newest: iso(ten), recent: { k0: '', k1: iso(ten + 5 * hour) } });
    expect(Object.keys(mark.recent)).toHaveLength(2);
  });

  test('forgets what is long before it, however many came', () => {
    const times = Array.from({ length: 25_000 }, (_, i) => ten - i * 1000);
    expect(Object.keys(markOf(times).recent)).toHaveLength(3601);
  });

  test('never goes back, and keeps what is near it', () => {
    const before = markOf([ten, ten - day]);
    expect(markOf([], ten + hour, before)).toEqual({ ...before, ran: iso(ten + hour) });
    expect(markOf([ten - 5 * hour], ten + hour, before)).toMatchObject({ newest: iso(ten) });
  });
});

describe('while it is watched', () => {
  test('who was delivered is known, and the newest time', () => {
    const cursor = new NextCursor(markOf([ten]));
    expect([cursor.has('k0'), cursor.has('k1'), cursor.newestMs]).toEqual([true, false, ten]);
    cursor.add('k1', ten + hour, ten + hour);
    expect([cursor.has('k1'), cursor.newestMs]).toEqual([true, ten + hour]);
  });

  test('a first look begins now: all before is old', () => {
    const cursor = new NextCursor(undefined);
    expect(cursor.newestMs).toBeUndefined();
    cursor.begin(ten);
    expect(cursor.newestMs).toBe(ten);
    expect(cursor.mark(new Date(ten))).toMatchObject({ newest: iso(ten), recent: {} });
  });
});

describe('a mark later than now', () => {
  const mark = (newest: number, ran: number, ...days: number[]) => ({
    newest: iso(newest),
    ran: iso(ran),
    recent: { a: iso(newest) },
    days: days.map(iso),
  });
  const now = new Date(ten);

  test('is none while clocks may differ so much, an hour', () => {
    expect(lowerMark(mark(ten + hour, ten), now)).toBeUndefined();
    expect(lowerMark({ newest: '', ran: iso(ten), recent: {} }, now)).toBeUndefined();
  });

  test('gives way to the newest of its days that can be true', () => {
    const wrong = mark(ten + hour + 1, ten + 2 * hour, ten + hour + 1, ten + hour, ten - day);
    expect(lowerMark(wrong, now)).toEqual({
      newest: iso(ten + hour),
      ran: iso(ten + hour),
      recent: wrong.recent,
      days: [iso(ten - day)],
    });
  });

  test('of a run that can be true keeps the time of it', () => {
    expect(lowerMark(mark(ten + 9 * hour, ten + hour, ten - day), now)?.ran).toBe(iso(ten + hour));
  });

  test('without such a day begins anew', () => {
    const { days, ...ofOld } = mark(ten + 9 * day, ten + 9 * day);
    for (const wrong of [ofOld, { ...ofOld, days }]) {
      expect(lowerMark(wrong, now)).toEqual({ ...ofOld, newest: '', ran: iso(ten), days: [] });
    }
  });
});

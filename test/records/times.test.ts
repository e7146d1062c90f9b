import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instantOf, timeOf } from '../../src/records/times.ts';

describe("the service's times", () => {
  test.each([
    ['2024-06-05T19:05:50.875Z', '2024-06-05T19:05:50.875Z'],
    ['2024-06-05T19:05:50Z', '2024-06-05T19:05:50.000Z'],
    ['2024-06-05T19:05:50.8754321Z', '2024-06-05T19:05:50.875Z'],
    ['2024-06-05T21:05:50.875+02:00', '2024-06-05T19:05:50.875Z'],
    ['2024-06-05T16:05:50-0300', '2024-06-05T19:05:50.000Z'],
    [1717614350875, '2024-06-05T19:05:50.875Z'],
    [1717614350, '2024-06-05T19:05:50.000Z'],
    [1717614350.875, '2024-06-05T19:05:50.875Z'],
    [{ $date: '2024-06-05T21:05:50+02:00' }, '2024-06-05T19:05:50.000Z'],
    [{ $date: 1717614350875 }, '2024-06-05T19:05:50.875Z'],
    [{ $date: { $numberLong: '1717614350875' } }, '2024-06-05T19:05:50.875Z'],
    // What proves no instant stays as it is held.
    ['2024-06-05T19:05:50', '2024-06-05T19:05:50'],
    ['2024-06-05', '2024-06-05'],
    ['2024-02-30T10:00:00+02:00', '2024-02-30T10:00:00+02:00'],
    ['9999-12-31T23:00:00-03:00', '9999-12-31T23:00:00-03:00'],
    ['5 June', '5 June'],
    [1e300, '1e+300'],
    // No value.
    // A list is no time.
    [{ $date: [1717614350875] }, null],
    ['', null],
    ['  ', null],
    [0, null],
    [null, null],
    [undefined, null],
    [true, null],
    [[], null],
    [{}, null],
    [{ $date: null }, null],
    [{ $date: { $numberLong: 'soon' } }, null],
  ])('%j is %j', (held, shown) => expect(timeOf(held)).toBe(shown));
});

describe('as epoch ms', () => {
  test('every instant of the service comes back, however it is written', () => {
    const min = new Date('0001-01-01T00:00:00.000Z');
    const max = new Date('9999-12-31T23:59:59.999Z');
    fc.assert(
      fc.property(fc.date({ min, max, noInvalidDate: true }), (time) => {
        const text = time.toISOString();
        const ms = time.getTime();
        for (const held of [text, { $date: text }, text.replace('Z', '+00:00')]) {
          expect(instantOf(held)).toBe(ms);
        }
        // Below 1e11 a number is taken for seconds.
        if (Math.abs(ms) >= 1e11) expect(instantOf(ms)).toBe(ms);
      }),
    );
  });

  test.each([
    'at 2024-06-05T19:05:50.875Z',
    '2024-06-05T19:05:50.875Z?',
    '2024-06-05T19:05:50',
    '2024-06-05',
    '5 June',
    '',
    null,
    {},
    1e300,
  ])('%j proves none', (held) => expect(instantOf(held)).toBeNaN());
});

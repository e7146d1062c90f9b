import { afterEach, describe, expect, test, vi } from 'vitest';
import { ExplainedError } from '../../src/errors.ts';
import { checkZone, parseInstant, systemZone, timeOf } from '../../src/records/dates.ts';

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
    ['01/11/2026', 'cannot read the date: 01/11/2026'],
    ['2026-11', 'cannot read the date: 2026-11'],
    ['2026-11-01T9:30', 'cannot read the date: 2026-11-01T9:30'],
    ['2026-11-01Z', 'cannot read the date: 2026-11-01Z'],
    ['-7d', 'cannot read the date: -7d'],
    ['7', 'cannot read the date: 7'],
    ['1y', 'cannot read the date: 1y'],
    ['last week', 'cannot read the date: last week'],
    ['', 'cannot read the date: (empty)'],
    ['99999999d', 'too far away: 99999999d'],
    [`${'9'.repeat(400)}w`, `too far away: ${'9'.repeat(400)}w`],
  ])('%s', async (text, message) => {
    const refused = parseInstant(text, london, new Date('2026-11-22T12:00:00Z'));
    await expect(refused).rejects.toThrow(ExplainedError);
    await expect(refused).rejects.toMatchObject({ exit: 2, code: 'bad-date', message });
    await expect(refused).rejects.toMatchObject({
      hint: expect.stringMatching(/2026-11-01T09:30.*7d.*today, yesterday/),
    });
  });
});

describe('zones', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each(['Africa/Johannesburg', 'UTC', 'Asia/Kolkata', 'america/new_york'])(
    '%s is one',
    (zone) => expect(checkZone(zone)).toBe(zone),
  );

  test.each([
    ['Europe/Londn', 'Europe/London'],
    ['London', 'Europe/London'],
    ['new york', 'America/New_York'],
    ['SAST', 'Africa/Johannesburg'],
    ['Nowhere/At_All', 'Africa/Johannesburg'],
    ['', 'Africa/Johannesburg'],
  ])('"%s" is none, but %s is', (zone, known) => {
    const refused = expect(() => checkZone(zone));
    refused.toThrow(ExplainedError);
    refused.toThrow(
      expect.objectContaining({
        exit: 2,
        code: 'unknown-zone',
        hint: `Use a name from the IANA list, such as ${known} or UTC`,
      }),
    );
  });

  test('the system zone is the one that TZ asks for', () => {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    expect(systemZone()).toBe('Asia/Tokyo');
  });

  test('a TZ that names no zone is UTC', () => {
    vi.stubEnv('TZ', 'nonsense');
    expect(systemZone()).toBe('UTC');
  });
});

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

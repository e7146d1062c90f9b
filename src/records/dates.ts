import { usageError } from '../errors.ts';
import type { Json } from '../table.ts';
import { hasFourDigitYear, isIsoForm, readIsoTime } from './iso-time.ts';
import { instantOf } from './times.ts';

/** An instant, or a time with an end (exclusive): the whole day that a bare date means. */
export interface DateSpan {
  readonly start: Date;
  readonly end?: Date;
}

/** Elapsed ms, or a step on the calendar in a zone, back from now; then perhaps to the start of a period. */
interface BackFromNow {
  readonly ms?: number;
  readonly calendar?: { readonly [unit in 'days' | 'weeks' | 'months' | 'years']?: number };
  readonly startOf?: 'day' | 'week' | 'month' | 'year';
}

/** The forms in which people may write a date, each with what it means. */
export const dateForms: readonly (readonly [form: string, meaning: string])[] = [
  ['2026-11-01', 'the start of that day in --tz'],
  ['2026-11-01T09:30', 'a time there; with Z or an offset such as +02:00, anywhere'],
  ['30m, 12h, 7d, 2w', 'minutes, hours, days (of 24 hours) or weeks back from now'],
  ['3mo, 1y', 'months or years back by the calendar; 1m is a minute, 1mo a month'],
  ['2 days ago', 'the same in words: minutes, hours, days, weeks, months, years'],
  ['now, today, yesterday', 'this instant, the start of the day, of the day before'],
  [
    'this week, last month',
    'the start of this or the last week, month, year; weeks begin on Monday',
  ],
];

const dateHint =
  'dates are 2026-11-01, 2026-11-01T09:30 (also with Z or +02:00), 30m, 12h, 7d, 2w, 3mo, 1y (1m is a minute, 1mo a month) or 2 days ago, back from now; today, yesterday, now; this or last week, month, year';

const ago = /^(\d+|an?(?= .+ ago$)) ?([a-z]+)(?: ago)?$/;
const units = new Map<string, (count: number) => BackFromNow>(
  Object.entries({
    's sec secs second seconds': elapsed(1e3),
    'm min mins minute minutes': elapsed(60e3),
    'h hr hrs hour hours': elapsed(3600e3),
    'd day days': elapsed(86_400e3),
    'w wk wks week weeks': elapsed(7 * 86_400e3),
    'mo mos month months': (months: number): BackFromNow => ({ calendar: { months } }),
    'y yr yrs year years': (years: number): BackFromNow => ({ calendar: { years } }),
  }).flatMap(([words, back]) => words.split(' ').map((word) => [word, back])),
);

const named: ReadonlyMap<string, BackFromNow> = new Map<string, BackFromNow>([
  ['now', { ms: 0 }],
  ['today', { startOf: 'day' }],
  ['yesterday', { startOf: 'day', calendar: { days: 1 } }],
  ['this week', { startOf: 'week' }],
  ['last week', { startOf: 'week', calendar: { weeks: 1 } }],
  ['this month', { startOf: 'month' }],
  ['last month', { startOf: 'month', calendar: { months: 1 } }],
  ['this year', { startOf: 'year' }],
  ['last year', { startOf: 'year', calendar: { years: 1 } }],
]);

/**
 * What a user wrote for a point in time. A bare date is the first instant of that day in `zone`,
 * a time without an offset is wall time there: in a gap it moves on, of two it is the earlier.
 * `zone` comes from settleZone. Throws a usage error for anything else.
 */
export async function parseInstant(text: string, zone: string, now: Date): Promise<Date> {
  const typed = text.trim();
  if (/^\d+\s*M(?:\s|$)/.test(typed)) {
    throw usageError(
      `${typed} may be minutes or months`,
      'write 1m for a minute, 1mo for a month',
      'bad-date',
    );
  }
  const date = spaced(typed);
  const back = readBack(date);
  const ms = back ? await goBack(back, zone, now.getTime()) : await readIso(date, zone);
  if (ms === undefined) {
    const why = isIsoForm(date) ? 'there is no such date or time' : 'cannot read the date';
    throw usageError(`${why}: ${typed === '' ? '(empty)' : typed}`, dateHint, 'bad-date');
  }
  if (!hasFourDigitYear(ms)) throw usageError(`too far away: ${typed}`, dateHint, 'bad-date');
  return new Date(ms);
}

/** As parseInstant, but a bare date is the whole day; all else is an instant. */
export async function dateSpan(text: string, zone: string, now: Date): Promise<DateSpan> {
  const start = await parseInstant(text, zone, now);
  const day = readIsoTime(spaced(text));
  if (day === undefined || day.hasTime) return { start };
  return { start, end: new Date(await startOfDay(day.wall, zone, 1)) };
}

/**
 * Reads what a record holds for a time, as epoch ms; NaN for what is none. What people typed into
 * a record is read as what they type here: without an offset it is wall time in `zone`.
 */
export async function timeReader(zone: string): Promise<(value: Json) => number> {
  const { Temporal } = await import('temporal-polyfill');
  return (value) => {
    const read = typeof value === 'string' ? readIsoTime(value.trim()) : undefined;
    if (read === undefined || read.offsetMs !== undefined) return instantOf(value);
    const wall = Temporal.PlainDateTime.from(wallText(read.wall));
    return wall.toZonedDateTime(zone).epochMilliseconds;
  };
}

/** Whether the date is counted back from now, so that it means another instant at each run. */
export function isRelative(text: string): boolean {
  return readBack(spaced(text)) !== undefined;
}

/** One blank between words, none before an offset. */
function spaced(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/(:\d\d(?:\.\d+)?) (?=[+-]\d|[zZ]$)/, '$1');
}

function readBack(date: string): BackFromNow | undefined {
  const words = date.toLowerCase();
  const [, count, unit = ''] = ago.exec(words) ?? [];
  if (count === undefined) return named.get(words);
  return units.get(unit)?.(count.startsWith('a') ? 1 : Number(count));
}

function elapsed(unitMs: number): (count: number) => BackFromNow {
  return (count) => ({ ms: count * unitMs });
}

/** Undefined stands for no instant at all, an infinite number for one that is too far away. */
async function goBack({ ms, calendar, startOf }: BackFromNow, zone: string, now: number) {
  if (ms !== undefined) return now - ms;
  // A costly import, and only the calendar needs it.
  const { Temporal } = await import('temporal-polyfill');
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
  if (Object.values(calendar ?? {}).some((count) => count > 12 * 9999)) return -Infinity;
  if (startOf === undefined) return here.subtract(calendar ?? {}).epochMilliseconds;
  const day = here.toPlainDate().subtract(calendar ?? { days: 0 });
  const first = {
    day: () => day,
    week: () => day.subtract({ days: day.dayOfWeek - 1 }),
    month: () => day.with({ day: 1 }),
    year: () => day.with({ month: 1, day: 1 }),
  }[startOf]();
  return first.toZonedDateTime(zone).epochMilliseconds;
}

async function readIso(date: string, zone: string): Promise<number | undefined> {
  const read = readIsoTime(date);
  if (read === undefined) return undefined;
  if (read.offsetMs !== undefined) return read.wall - read.offsetMs;
  if (!read.hasTime) return startOfDay(read.wall, zone);
  const { Temporal } = await import('temporal-polyfill');
  return Temporal.PlainDateTime.from(wallText(read.wall)).toZonedDateTime(zone).epochMilliseconds;
}

async function startOfDay(wall: number, zone: string, daysLater = 0): Promise<number> {
  const { Temporal } = await import('temporal-polyfill');
  const day = Temporal.PlainDate.from(wallText(wall)).add({ days: daysLater });
  return day.toZonedDateTime(zone).epochMilliseconds;
}

function wallText(wall: number): string {
  return new Date(wall).toISOString().slice(0, -1);
}

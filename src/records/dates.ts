import { distance } from 'fastest-levenshtein';
import { usageError } from '../errors.ts';
import type { Json } from '../table.ts';
import { at } from './record.ts';

/** ISO 8601 text, taken apart: the wall time in ms as if it were UTC, and its offset where it has one. */
interface IsoText {
  readonly wall: number;
  readonly hasTime: boolean;
  readonly offsetMs: number | undefined;
}

const iso =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?$/;
const utcMillis = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const back = /^(\d+)([smhdw])$/;
const unitMs = { s: 1e3, m: 60e3, h: 3600e3, d: 86_400e3, w: 7 * 86_400e3 };

/** RFC 3339 has four digits for the year, and so do the service's filters. */
const firstMs = Date.parse('0001-01-01T00:00:00.000Z');
const lastMs = Date.parse('9999-12-31T23:59:59.999Z');

const dateHint =
  'Dates are 2026-11-01, 2026-11-01T09:30 (also with Z or +02:00), 30m, 12h, 7d or 2w back from now, today, yesterday, now';

/**
 * What a user wrote for a point in time. A bare date is the first instant of that day in `zone`,
 * a time without an offset is wall time there: in a gap it moves on, of two it is the earlier.
 * `zone` has been through checkZone. Throws a usage error for anything else.
 */
export async function parseInstant(text: string, zone: string, now: Date): Promise<Date> {
  const typed = text.trim();
  const ms = await readInstant(typed, zone, now.getTime());
  if (ms === undefined) {
    const why = iso.test(typed) ? 'there is no such date or time' : 'cannot read the date';
    throw usageError(`${why}: ${typed === '' ? '(empty)' : typed}`, dateHint, 'bad-date');
  }
  if (!isYearOfFourDigits(ms)) throw usageError(`too far away: ${typed}`, dateHint, 'bad-date');
  return new Date(ms);
}

/** The zone that the system (or TZ) asks for; UTC when it names none that exists. */
export function systemZone(): string {
  const zone: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone !== undefined && isZone(zone) ? zone : 'UTC';
}

/** The zone's name as it was typed, once it is known to exist; else a usage error. */
export function checkZone(zone: string): string {
  const name = zone.trim();
  if (isZone(name)) return name;
  const hint = `Use a name from the IANA list, such as ${likelyZone(name)} or UTC`;
  throw usageError(`unknown time zone: ${name === '' ? '(empty)' : name}`, hint, 'unknown-zone');
}

/**
 * A time of the service's as RFC 3339 UTC with milliseconds. Reads ISO text with an offset, epoch
 * ms or s, and MongoDB's `{"$date": …}`; gives null where there is none, and what was sent, as
 * text, where it cannot be read: a time without an offset proves no instant.
 */
export function timeOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return timeOfText(value);
  if (typeof value === 'number') return timeOfEpoch(value);
  const date = at(value, '$date');
  if (typeof date === 'string') return timeOfText(date);
  const epoch = at(date, '$numberLong') ?? date;
  return typeof epoch === 'string' || typeof epoch === 'number' ? timeOfEpoch(Number(epoch)) : null;
}

/** A time of the service's as epoch ms; NaN for what timeOf can't read: Date.parse would guess. */
export function instantOf(value: Json | undefined): number {
  const text = timeOf(value);
  return text !== null && utcMillis.test(text) ? Date.parse(text) : Number.NaN;
}

function timeOfText(text: string): string | null {
  if (utcMillis.test(text)) return text;
  if (text.trim() === '') return null;
  const read = readIso(text);
  if (read?.offsetMs === undefined) return text;
  const ms = read.wall - read.offsetMs;
  return isYearOfFourDigits(ms) ? new Date(ms).toISOString() : text;
}

function timeOfEpoch(epoch: number): string | null {
  if (epoch === 0 || Number.isNaN(epoch)) return null;
  const ms = Math.round(Math.abs(epoch) < 1e11 ? epoch * 1000 : epoch);
  return isYearOfFourDigits(ms) ? new Date(ms).toISOString() : String(epoch);
}

async function readInstant(text: string, zone: string, now: number): Promise<number | undefined> {
  if (text === 'now') return now;
  const ago = back.exec(text);
  if (ago) return now - Number(ago[1]) * unitMs[ago[2] as keyof typeof unitMs];
  const read = readIso(text);
  if (read?.offsetMs !== undefined) return read.wall - read.offsetMs;
  if (read === undefined && text !== 'today' && text !== 'yesterday') return undefined;
  // A costly import, and only wall times need it.
  const { Temporal } = await import('temporal-polyfill');
  if (read === undefined) {
    const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone);
    const day = text === 'today' ? today : today.subtract({ days: 1 });
    return day.startOfDay().epochMilliseconds;
  }
  const wall = new Date(read.wall).toISOString().slice(0, -1);
  return read.hasTime
    ? Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds
    : Temporal.PlainDate.from(wall).toZonedDateTime(zone).epochMilliseconds;
}

function readIso(text: string): IsoText | undefined {
  const parts = iso.exec(text);
  if (parts === null) return undefined;
  const [, date, hour = '00', minute = '00', second = '00', fraction = ''] = parts;
  const millis = fraction.slice(0, 3).padEnd(3, '0');
  const utc = `${date}T${hour}:${minute}:${second}.${millis}Z`;
  const wall = Date.parse(utc);
  // Date.parse makes 1 March of 29 February: only what comes back unchanged exists.
  if (Number.isNaN(wall) || new Date(wall).toISOString() !== utc) return undefined;
  const offsetMs = readOffset(parts.slice(6));
  return Number.isNaN(offsetMs) ? undefined : { wall, hasTime: parts[2] !== undefined, offsetMs };
}

/** The offset's parts (Z, or sign, hours and minutes) in ms; undefined for none, NaN for an impossible one. */
function readOffset([z, sign, hours = '00', minutes = '00']: readonly (string | undefined)[]) {
  if (z !== undefined) return 0;
  if (sign === undefined) return undefined;
  if (Number(hours) > 23 || Number(minutes) > 59) return Number.NaN;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60e3;
}

function isYearOfFourDigits(ms: number): boolean {
  return ms >= firstMs && ms <= lastMs;
}

/** The zone that a misspelt name or a city alone stands for. */
function likelyZone(name: string): string {
  const typed = name.toLowerCase().replaceAll(' ', '_');
  let best = { zone: 'Africa/Johannesburg', far: Math.min(3, 1 + typed.length / 5) };
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const known = zone.toLowerCase();
    const city = known.slice(known.lastIndexOf('/') + 1);
    const far = Math.min(distance(typed, known), distance(typed, city));
    if (far < best.far) best = { zone, far };
  }
  return best.zone;
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== 'Etc/Unknown';
  } catch {
    return false;
  }
}

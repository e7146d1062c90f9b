import type { Json } from '../table.ts';
import { hasFourDigitYear, readIsoTime } from './iso-time.ts';
import { at } from './record.ts';

/** The form in which the service sends nearly all times. */
const utcMillis = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

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
  if (typeof value === 'string' && utcMillis.test(value)) return Date.parse(value);
  const text = timeOf(value);
  return text !== null && utcMillis.test(text) ? Date.parse(text) : Number.NaN;
}

function timeOfText(text: string): string | null {
  if (utcMillis.test(text)) return text;
  if (text.trim() === '') return null;
  const read = readIsoTime(text);
  if (read?.offsetMs === undefined) return text;
  const ms = read.wall - read.offsetMs;
  return hasFourDigitYear(ms) ? new Date(ms).toISOString() : text;
}

function timeOfEpoch(epoch: number): string | null {
  if (epoch === 0 || Number.isNaN(epoch)) return null;
  const ms = Math.round(Math.abs(epoch) < 1e11 ? epoch * 1000 : epoch);
  return hasFourDigitYear(ms) ? new Date(ms).toISOString() : String(epoch);
}

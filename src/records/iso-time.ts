/** ISO 8601 text, taken apart: the wall time in ms as if it were UTC, and its offset where it has one. */
export interface IsoTime {
  readonly wall: number;
  readonly hasTime: boolean;
  readonly offsetMs: number | undefined;
}

const iso =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?)?$/;

/** RFC 3339 has four digits for the year, and so do the service's filters. */
const firstMs = Date.parse('0001-01-01T00:00:00.000Z');
const lastMs = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether the text has the form of a date or time, existing or not. */
export function isIsoForm(text: string): boolean {
  return iso.test(text);
}

/** Reads a date or time; undefined for another form, and for a day or time that does not exist. */
export function readIsoTime(text: string): IsoTime | undefined {
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

/** Whether the year of an instant is 1 to 9999. */
export function hasFourDigitYear(ms: number): boolean {
  return ms >= firstMs && ms <= lastMs;
}

/** The offset's parts (Z, or sign, hours and minutes) in ms; undefined for none, NaN for an impossible one. */
function readOffset([z, sign, hours = '00', minutes = '00']: readonly (string | undefined)[]) {
  if (z !== undefined) return 0;
  if (sign === undefined) return undefined;
  if (Number(hours) > 23 || Number(minutes) > 59) return Number.NaN;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60e3;
}

import { distance } from 'fastest-levenshtein';
import { usageError } from '../errors.ts';
import { fixedZone, zoneLikePosix, zoneOfPosix } from './posix-zone.ts';

/** The zone in force, and what settled it. */
export interface ZoneChoice {
  /** A name that Intl and Temporal know. */
  readonly zone: string;
  /** In words for people: `--tz`, `TZ=SAST-2`, `the system` or `the default`. */
  readonly source: string;
}

/**
 * The zone for dates: `chosen` (--tz or a stored one), else the variable TZ, else the system's.
 * `system` is the machine's own zone whatever TZ says, a name or a path such as that which
 * /etc/localtime links to; '' when unknown. Throws a usage error for what names no zone.
 */
export function settleZone(
  chosen: string | undefined,
  tz: string | undefined,
  system: string,
): ZoneChoice {
  if (chosen !== undefined) return { zone: checkZone(chosen), source: '--tz' };
  if (tz === undefined) {
    const zone = readZone(system);
    return zone === undefined
      ? { zone: 'UTC', source: 'the default' }
      : { zone, source: 'the system' };
  }
  const source = `TZ=${tz}`;
  const name = withoutColon(tz);
  if (name === '') return { zone: 'UTC', source };
  const zone = readZone(isLocaltime(name) ? system : name);
  if (zone !== undefined) return { zone, source };
  throw usageError(
    `can't tell which time zone this is: TZ=${tz}`,
    `set TZ to a name from the IANA list, such as TZ=${likelyZone(name)}, or give --tz`,
    'unknown-zone',
  );
}

/** The zone that --tz names, as an IANA name; a usage error when it names none. */
export function checkZone(text: string): string {
  const name = withoutColon(text);
  // People mean two hours ahead of Greenwich, POSIX means two behind.
  const isAmbiguous = /^(?:utc|gmt|z)[+-]?0*[1-9]/i.test(name);
  const zone = isAmbiguous ? undefined : (zoneOfOffset(name) ?? readZone(name));
  if (zone !== undefined) return zone;
  throw usageError(
    isAmbiguous
      ? `${name} may be ahead of UTC or behind it`
      : `unknown time zone: ${name === '' ? '(empty)' : name}`,
    isAmbiguous
      ? 'write +02:00 for two hours ahead of UTC, or a name such as Africa/Johannesburg'
      : `use a name from the IANA list, such as ${likelyZone(name)} or UTC`,
    'unknown-zone',
  );
}

/** The zone that Intl found at the start of the process; '' when it knows none by that name. */
export function systemZone(): string {
  const zone: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone !== undefined && isZone(zone) ? zone : '';
}

/** Reads a name, a path to a zone's file, or the POSIX form. */
function readZone(text: string): string | undefined {
  const name = withoutFolder(text);
  return isZone(name) ? name : zoneOfPosix(name);
}

function withoutFolder(path: string): string {
  return path.replace(/^.*\/zoneinfo(?:[.-]\w+)?\//, '').replace(/^(?:posix|right)\/(?=\w)/, '');
}

/** A leading colon only says that no POSIX form follows; we can tell that without it. */
function withoutColon(text: string): string {
  return text.trim().replace(/^:/, '');
}

function isLocaltime(path: string): boolean {
  return /(?:^|\/)localtime$/.test(path);
}

/** `+02:00`, `+0200`, `+02` or `Z`. */
function zoneOfOffset(text: string): string | undefined {
  if (/^z$/i.test(text)) return 'UTC';
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{1,2})(?::?([0-5]\d))?$/.exec(text) ?? [];
  if (hours === undefined) return undefined;
  return fixedZone((sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60));
}

/** The zone that a misspelt name or a city alone stands for. */
function likelyZone(name: string): string {
  const posix = zoneLikePosix(name);
  if (posix !== undefined) return posix;
  const typed = withoutFolder(name).toLowerCase().replaceAll(' ', '_').slice(0, 80);
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
  // Intl takes BST for Dhaka and IST for Calcutta: abbreviations that IANA does not have.
  if (/^[a-z]{3}$/i.test(name) && !shortNames.has(name.toUpperCase())) return false;
  // Some releases of Node take offsets, some don't: they are read here alone.
  if (!/^[a-z]/i.test(name) || /^(?:etc\/unknown|systemv\/.*)$/i.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const shortNames = new Set('CET EET EST GMT HST MET MST PRC ROC ROK UCT UTC WET'.split(' '));

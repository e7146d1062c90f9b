/** What a TZ such as `CET-1CEST,M3.5.0,M10.5.0/3` says, in seconds east of Greenwich. */
interface PosixZone {
  readonly standard: number;
  readonly daylight?: number;
  /** When the clocks change, in one spelling; absent where the text leaves it to the system. */
  readonly rule?: string;
}

const posix =
  /^(?:[a-z]{3,}|<[a-z\d+-]{3,}>)([+-]?[\d:]+)(?:([a-z]{3,}|<[a-z\d+-]{3,}>)([+-]?[\d:]+)?(?:,([^,]+),([^,]+))?)?$/i;
const clock = /^([+-]?)(\d{1,3})(?::(\d\d))?(?::(\d\d))?$/;

/** The zones whose clocks change by a rule that is in force now, each as POSIX writes it. */
export const daylightZones: readonly (readonly [zone: string, posix: string])[] = [
  ['Europe/Berlin', 'CET-1CEST,M3.5.0,M10.5.0/3'],
  ['Europe/London', 'GMT0BST,M3.5.0/1,M10.5.0'],
  ['Europe/Dublin', 'IST-1GMT0,M10.5.0,M3.5.0/1'],
  ['Europe/Lisbon', 'WET0WEST,M3.5.0/1,M10.5.0'],
  ['Europe/Athens', 'EET-2EEST,M3.5.0/3,M10.5.0/4'],
  ['Asia/Beirut', 'EET-2EEST,M3.5.0/0,M10.5.0/0'],
  ['Asia/Jerusalem', 'IST-2IDT,M3.4.4/26,M10.5.0'],
  ['Africa/Cairo', 'EET-2EEST,M4.5.5/0,M10.5.4/24'],
  ['America/New_York', 'EST5EDT,M3.2.0,M11.1.0'],
  ['America/Chicago', 'CST6CDT,M3.2.0,M11.1.0'],
  ['America/Denver', 'MST7MDT,M3.2.0,M11.1.0'],
  ['America/Los_Angeles', 'PST8PDT,M3.2.0,M11.1.0'],
  ['America/Anchorage', 'AKST9AKDT,M3.2.0,M11.1.0'],
  ['America/Adak', 'HST10HDT,M3.2.0,M11.1.0'],
  ['America/Halifax', 'AST4ADT,M3.2.0,M11.1.0'],
  ['America/St_Johns', 'NST3:30NDT,M3.2.0,M11.1.0'],
  ['America/Miquelon', '<-03>3<-02>,M3.2.0,M11.1.0'],
  ['America/Havana', 'CST5CDT,M3.2.0/0,M11.1.0/1'],
  ['America/Santiago', '<-04>4<-03>,M9.1.6/24,M4.1.6/24'],
  ['Pacific/Easter', '<-06>6<-05>,M9.1.6/22,M4.1.6/22'],
  ['Australia/Sydney', 'AEST-10AEDT,M10.1.0,M4.1.0/3'],
  ['Australia/Adelaide', 'ACST-9:30ACDT,M10.1.0,M4.1.0/3'],
  ['Australia/Lord_Howe', '<+1030>-10:30<+11>-11,M10.1.0,M4.1.0'],
  ['Pacific/Norfolk', '<+11>-11<+12>,M10.1.0,M4.1.0/3'],
  ['Pacific/Auckland', 'NZST-12NZDT,M9.5.0,M4.1.0/3'],
  ['Pacific/Chatham', '<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45'],
];

/** Zones whose clocks have not changed since 1987: Intl of Node 20 takes no offset such as +05:30. */
const unevenZones: ReadonlyMap<number, string> = new Map([
  [4.5 * 3600, 'Asia/Kabul'],
  [5.5 * 3600, 'Asia/Kolkata'],
  [5.75 * 3600, 'Asia/Kathmandu'],
  [6.5 * 3600, 'Asia/Yangon'],
  [9.5 * 3600, 'Australia/Darwin'],
  [-9.5 * 3600, 'Pacific/Marquesas'],
]);

/** The IANA zone that a TZ in POSIX form means; undefined for other text, and where none is certain. */
export function zoneOfPosix(text: string): string | undefined {
  const read = readPosix(text);
  if (read === undefined) return undefined;
  if (read.daylight === undefined) return fixedZone(read.standard);
  if (read.rule === undefined) return undefined;
  // London and Lisbon share their clocks: the abbreviations say which is meant.
  const [exact] = daylightZones.find(([, known]) => known === text) ?? [];
  return exact ?? findZone((known) => sameClocks(known, read));
}

/** A zone with the same offsets, for a hint; undefined when there is none. */
export function zoneLikePosix(text: string): string | undefined {
  const read = readPosix(text);
  if (read?.daylight === undefined) return undefined;
  return findZone((known) => sameClocks({ ...known, rule: '' }, { ...read, rule: '' }));
}

/** The zone that is always so many seconds east of Greenwich, where IANA has one. */
export function fixedZone(east: number): string | undefined {
  const hours = east / 3600;
  if (hours === 0) return 'UTC';
  if (!Number.isInteger(hours)) return unevenZones.get(east);
  // As in POSIX, what is ahead of Greenwich has a minus.
  return hours < -12 || hours > 14
    ? undefined
    : `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
}

function findZone(fits: (zone: PosixZone) => boolean): string | undefined {
  return daylightZones.find(([, text]) => {
    const known = readPosix(text);
    return known !== undefined && fits(known);
  })?.[0];
}

function sameClocks(one: PosixZone, other: PosixZone): boolean {
  return (
    one.standard === other.standard && one.daylight === other.daylight && one.rule === other.rule
  );
}

function readPosix(text: string): PosixZone | undefined {
  const [, west, daylightName, daylightWest, start, end] = posix.exec(text) ?? [];
  const behind = secondsOf(west);
  if (behind === undefined) return undefined;
  if (daylightName === undefined) return { standard: -behind };
  const daylightBehind = daylightWest === undefined ? behind - 3600 : secondsOf(daylightWest);
  if (daylightBehind === undefined) return undefined;
  const offsets = { standard: -behind, daylight: -daylightBehind };
  return start === undefined
    ? offsets
    : { ...offsets, rule: `${changeOf(start)},${changeOf(end)}` };
}

/** A day and, after a slash, the time of the change; without, that is two o'clock. */
function changeOf(text = ''): string {
  const [day = '', time = '2'] = text.split('/');
  return `${day.toUpperCase()}/${secondsOf(time)}`;
}

function secondsOf(text = ''): number | undefined {
  const [, sign, hours, minutes = '0', seconds = '0'] = clock.exec(text) ?? [];
  if (hours === undefined) return undefined;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

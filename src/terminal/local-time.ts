import type { Output } from '../context.ts';

// Month names differ between releases of Unicode's data (Sep, Sept): ours do not.
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

interface LocalTime {
  readonly year: string | undefined;
  readonly day: string;
  readonly clock: string;
}

/**
 * Shows times to people, as `ls -l` does: the nearer to now, the finer. Other text stays.
 * The zone is asked for when the first time is shown.
 */
export function localTimes(now: Date, timeZone: () => string): (text: string) => string {
  let read: ((time: Date) => LocalTime) | undefined;
  let today: LocalTime | undefined;
  return (text) => {
    const time = new Date(text);
    if (!rfc3339.test(text) || Number.isNaN(time.getTime())) return text;
    read ??= readerIn(timeZone());
    const { year, day, clock } = read(time);
    today ??= read(now);
    if (year !== today.year) return `${day} ${year}`;
    return day === today.day ? clock : `${day} ${clock}`;
  };
}

/** Shows times in full to people, for when there is room: `21 Nov 2026 23:58`. Other text stays. */
export function fullLocalTimes(timeZone: () => string): (text: string) => string {
  let read: ((time: Date) => LocalTime) | undefined;
  return (text) => {
    const time = new Date(text);
    if (!rfc3339.test(text) || Number.isNaN(time.getTime())) return text;
    read ??= readerIn(timeZone());
    const { year, day, clock } = read(time);
    return `${day} ${year} ${clock}`;
  };
}

/** A time in full: local where a person looks, RFC 3339 UTC elsewhere. */
export function timeFor(stream: Output, time: Date, timeZone: () => string): string {
  const text = time.toISOString();
  return stream.isTTY === true ? fullLocalTimes(timeZone)(text) : text;
}

function readerIn(timeZone: string): (time: Date) => LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return (time: Date) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of format.formatToParts(time)) parts[type] = value;
    return {
      year: parts.year,
      day: `${parts.day} ${months[Number(parts.month) - 1]}`,
      clock: `${parts.hour}:${parts.minute}`,
    };
  };
}

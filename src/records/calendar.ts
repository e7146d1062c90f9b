const dayMs = 86_400_000;

/** Days are numbered from 1 January 1970, weeks from the one that holds it, months from year 0. */
export const periods = {
  day: { of: (day: number) => day, name: dayName },
  // That 1 January was a Thursday, the day whose year an ISO week belongs to.
  week: { of: (day: number) => Math.floor((day + 3) / 7), name: weekName },
  month: { of: monthOf, name: monthName },
} as const;

export type PeriodName = keyof typeof periods;

/** The number of the day that an instant falls on in a zone, whatever the clocks did that day. */
export function dayReader(timeZone: string): (time: Date) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  });
  return (time) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
    for (const { type, value } of format.formatToParts(time)) parts[type] = value;
    // Behind Greenwich, the first hours of the year 1 are still those of 1 BC.
    const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
    return daysTo(year, Number(parts.month) - 1, Number(parts.day));
  };
}

function daysTo(year: number, month: number, day: number): number {
  // Date.UTC takes the years up to 99 for those of the last century.
  return new Date(0).setUTCFullYear(year, month, day) / dayMs;
}

function dateOf(day: number): Date {
  return new Date(day * dayMs);
}

function dayName(day: number): string {
  return dateOf(day).toISOString().slice(0, 10);
}

function weekName(week: number): string {
  const thursday = week * 7;
  const year = dateOf(thursday).getUTCFullYear();
  const number = Math.floor((thursday - daysTo(year, 0, 1)) / 7) + 1;
  return `${padded(year, 4)}-W${padded(number, 2)}`;
}

function monthOf(day: number): number {
  const date = dateOf(day);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function monthName(month: number): string {
  return `${padded(Math.floor(month / 12), 4)}-${padded((month % 12) + 1, 2)}`;
}

function padded(number: number, width: number): string {
  return String(number).padStart(width, '0');
}

const dayMs = 86_400_000;

/**
 * What clocks in a zone show at an instant: ms as if they were of UTC. The zone's offset is asked
 * for once a day of the calendar, and where it changes that day, each time.
 */
export function wallClock(timeZone: () => string): (ms: number) => number {
  let offsetAt: ((ms: number) => number) | undefined;
  const steady = new Map<number, number | undefined>();
  return (ms) => {
    offsetAt ??= offsetsIn(timeZone());
    const day = Math.floor(ms / dayMs);
    if (!steady.has(day)) {
      const offset = offsetAt(day * dayMs);
      steady.set(day, offsetAt((day + 1) * dayMs) === offset ? offset : undefined);
    }
    return ms + (steady.get(day) ?? offsetAt(ms));
  };
}

function offsetsIn(timeZone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (ms) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const whole = Math.floor(ms / 1000) * 1000;
    return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
  };
}

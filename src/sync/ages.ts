import { usageError } from '../errors.ts';
import { isRelative, parseInstant } from '../records/dates.ts';

/** The instant so long ago, `1d`, `12h`, `3mo`. Throws a usage error for what is no age. */
export async function agoOf(flag: string, age: string, zone: string, now: Date): Promise<Date> {
  if (!/^\d/.test(age.trim()) || !isRelative(age)) {
    throw usageError(`${flag} takes an age: ${age}`, `examples: ${flag} 12h, 7d, 3mo, 1y`);
  }
  return parseInstant(age, zone, now);
}

import { InvalidArgumentError } from 'commander';

/** Splits at commas, `\,` being a comma, and adds to what earlier uses of the flag brought. */
export function list(text: string, before: readonly string[] = []): readonly string[] {
  const items = text.match(/(?:\\,|[^,])+/g) ?? [''];
  return [...before, ...items.map((item) => item.replaceAll('\\,', ',').trim())];
}

/** A number from `least` to `most`; `unit` says what the most comes to. */
export function numberFrom(least: number, most: number, unit = ''): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (text.trim() === '' || !(number >= least && number <= most)) {
      throw new InvalidArgumentError(`expected a number from ${least} to ${most}${unit}`);
    }
    return number;
  };
}

const units: { readonly [unit: string]: number } = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A length of time such as 60s, 5m or 12h, in milliseconds; a bare number is seconds. */
export function duration(leastMs: number): (text: string) => number {
  return (text) => {
    const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([smhdw]?)$/.exec(text.trim()) ?? [];
    const ms = Number(number) * (units[unit || 's'] ?? Number.NaN);
    if (ms >= leastMs && ms <= 366 * 86_400_000) return ms;
    throw new InvalidArgumentError(
      `expected a time such as 60s, 5m or 12h, at least ${leastMs / 1000}s`,
    );
  };
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most = 2 ** 31 - 1): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      const upTo = most < 2 ** 31 - 1 || number > most ? ` to ${most}` : '';
      throw new InvalidArgumentError(`expected a whole number from ${least}${upTo}`);
    }
    return number;
  };
}

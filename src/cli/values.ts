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
      throw new InvalidArgumentError(`Expected a number from ${least} to ${most}${unit}.`);
    }
    return number;
  };
}

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most = 2 ** 31 - 1): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || number < least || number > most) {
      const upTo = most < 2 ** 31 - 1 || number > most ? ` to ${most}` : '';
      throw new InvalidArgumentError(`Expected a whole number from ${least}${upTo}.`);
    }
    return number;
  };
}

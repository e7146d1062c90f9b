import { numberingPlans } from './numbering-plans.ts';
import { parsePhoneNumberFromString } from './phone-library.ts';
import { latinDigits, readPhoneText } from './phone-text.ts';

/** How the numbers behind one calling code are written. */
interface Plan {
  readonly code: string;
  readonly lengths: ReadonlySet<number>;
  readonly assigned: RegExp;
  /** What is dialled before a number inside the country only, most often a zero. */
  readonly trunk: RegExp | undefined;
}

/** A number that may be meant: its plan, and the digits after the calling code. */
interface Reading {
  readonly plan: Plan;
  readonly national: string;
}

const longestPrefix = 40;
const mostPrefixes = 1000;
const plans = new Map<string, Plan | undefined>();
const prefixes = new Map<string, Reading | undefined>();

/**
 * A number as E.164 (`+27821234567`), or undefined when it cannot be read as one. `prefix` is the
 * country's calling code, with or without plus; '' when it is not known, the number must then be
 * international (with + or 00). Unassigned numbers are read too: samples and tests use them.
 */
export function e164(number: string, prefix: string): string | undefined {
  const text = readPhoneText(number);
  if (text === undefined) return undefined;
  if (text.startsWith('+')) return written(readInternational(text.slice(1)));
  const start = readPrefix(prefix);
  if (start === undefined) return undefined;
  const national = withoutTrunk(start.plan, start.national + text);
  const reading = { plan: start.plan, national };
  if (!text.startsWith(start.plan.code)) return written(reading);
  // Some senders repeat the prefix in the number, yet a national number may begin with it as well.
  const whole = readInternational(text);
  return written(whole !== undefined && fitOf(whole) > fitOf(reading) ? whole : reading);
}

/** WhatsApp's numbers are international without saying so: `27821234567` is `+27821234567`. */
export function whatsappE164(number: string): string | undefined {
  const text = readPhoneText(number);
  return text && e164(/^[1-9]/.test(text) ? `+${text}` : text, '');
}

/** The calling code of a number in E.164, without plus. */
export function callingCodeOf(number: string): string | undefined {
  return splitCode(number.slice(1))?.plan.code;
}

/** The plan of a prefix, and what of an area it holds; hostile records can't fill the memory. */
function readPrefix(prefix: string): Reading | undefined {
  if (prefix.length > longestPrefix) return undefined;
  if (!prefixes.has(prefix)) {
    if (prefixes.size >= mostPrefixes) prefixes.clear();
    prefixes.set(
      prefix,
      splitCode(latinDigits(prefix.normalize('NFKC')).replace(/^\D*0*|\D/g, '')),
    );
  }
  return prefixes.get(prefix);
}

function readInternational(digits: string): Reading | undefined {
  const split = splitCode(digits);
  return split && { plan: split.plan, national: withoutTrunk(split.plan, split.national) };
}

/** No calling code begins another, so that at most one fits. */
function splitCode(digits: string): Reading | undefined {
  for (let length = 1; length <= 3; length++) {
    const plan = planOf(digits.slice(0, length));
    if (plan !== undefined) return { plan, national: digits.slice(length) };
  }
  return undefined;
}

function withoutTrunk(plan: Plan, national: string): string {
  const match = plan.trunk?.exec(national);
  if (!match) return national;
  // Carrier codes and mobile marks rewrite a number (Brazil, Argentina, Gabon): the library's trade.
  if (match.slice(1).some((group) => group !== undefined)) {
    const number = parsePhoneNumberFromString(`+${plan.code}${national}`);
    // The library invents numbers of lengths that no country has.
    return number?.isPossible() ? number.nationalNumber : national;
  }
  const short = national.slice(match[0].length);
  if (!plan.lengths.has(short.length)) return national;
  return plan.assigned.test(national) && !plan.assigned.test(short) ? national : short;
}

/** 2 for a number that may be assigned, 1 for one of a possible length, else 0. */
function fitOf({ plan, national }: Reading): 0 | 1 | 2 {
  if (!plan.lengths.has(national.length)) return 0;
  return plan.assigned.test(national) ? 2 : 1;
}

function written(reading: Reading | undefined): string | undefined {
  if (reading === undefined) return undefined;
  // A zero that stays must be part of the number, as in Italy or Benin.
  if (reading.national.startsWith('0') && fitOf(reading) < 2) return undefined;
  const number = `+${reading.plan.code}${reading.national}`;
  if (number.length > 16) return undefined;
  return number.length > 8 || fitOf(reading) > 0 ? number : undefined;
}

function planOf(code: string): Plan | undefined {
  if (!plans.has(code)) plans.set(code, readPlan(code));
  return plans.get(code);
}

function readPlan(code: string): Plan | undefined {
  const plan = Object.hasOwn(numberingPlans, code) ? numberingPlans[code] : undefined;
  if (plan === undefined) return undefined;
  return {
    code,
    lengths: new Set(plan.lengths),
    assigned: new RegExp(`^(?:${plan.assigned})$`),
    trunk: plan.trunk ? new RegExp(`^(?:${plan.trunk})`) : undefined,
  };
}

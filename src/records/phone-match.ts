import { callingCodeOf, e164 } from './phone.ts';
import { latinDigits, readPhoneText } from './phone-text.ts';

/** Whether a contact's number, with its prefix, is the one that is looked for. */
export type PhoneMatcher = (number: string, prefix: string) => boolean;

/** Two spellings of one mobile: WhatsApp keeps the first or the second, and the other is dialled. */
const mobileForms: readonly (readonly [spelling: RegExp, other: string])[] = [
  // Mexico dropped the 1 in 2019.
  [/^\+521(\d{10})$/, '+52$1'],
  // Argentina's 9 is dialled from abroad.
  [/^\+549(\d{10})$/, '+54$1'],
  // Brazil put a 9 before the mobiles it had: with 2 to 5 after it, the rest is a landline's.
  [/^\+55([1-9]\d)9([6-9]\d{7})$/, '+55$1$2'],
];

/** Reads what a user typed, internationally or as in its country, with or without the trunk zero. */
export function phoneMatcher(typed: string): PhoneMatcher {
  const text = readPhoneText(typed);
  const digits = text === undefined ? '' : phoneDigits(typed);
  if (text === undefined || digits === '') return () => false;
  const abroad = oneForm(e164(`+${digits}`, '') ?? `+${digits}`);
  const atHome = new Map<string, string | undefined>();
  const readAtHome = (code: string) => {
    if (!atHome.has(code)) atHome.set(code, oneForm(e164(text, code)));
    return atHome.get(code);
  };
  return (number, prefix) => {
    const known = e164(number, prefix);
    if (known === undefined) return sameText(text, digits, number);
    const held = oneForm(known);
    return held === abroad || held === readAtHome(callingCodeOf(known) ?? '');
  };
}

/** The digits of a number written in any way, without what merely dials abroad: for searching. */
export function phoneDigits(text: string): string {
  const number = e164(text, '') ?? readPhoneText(text) ?? latinDigits(text).replace(/^00/, '');
  return number.replace(/\D/g, '');
}

/** Of numbers whose country nobody knows, all that may differ is the trunk zero. */
function sameText(typed: string, digits: string, number: string): boolean {
  const held = readPhoneText(number);
  if (held === undefined) return false;
  if (digits === phoneDigits(number)) return true;
  const isNational = !typed.startsWith('+') && !held.startsWith('+');
  return isNational && digits.replace(/^0/, '') === held.replace(/^0/, '');
}

function oneForm(number: string): string;
function oneForm(number: string | undefined): string | undefined;
function oneForm(number: string | undefined): string | undefined {
  if (!number?.startsWith('+5')) return number;
  const [spelling, other] = mobileForms.find(([form]) => form.test(number)) ?? [];
  return spelling === undefined || other === undefined ? number : number.replace(spelling, other);
}

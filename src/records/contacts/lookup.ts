import { usageError } from '../../errors.ts';
import { whatsappE164 } from '../phone.ts';
import { phoneDigits, phoneMatcher } from '../phone-match.ts';
import { readPhoneText } from '../phone-text.ts';
import { at, type ServiceRecord, textOf } from '../record.ts';

/** Filter options as a user would type them. */
export interface NarrowOptions {
  readonly search?: string;
  readonly createdAfter?: string;
  readonly createdBefore?: string;
}

/** How to find a contact by its id, e-mail or phone. */
export interface Lookup {
  /** For messages, e.g. `the id 66e0…`. */
  readonly words: string;
  /** Whether no two contacts can match. */
  readonly unique: boolean;
  /** What the service is likeliest to find the contact by; never what decides. */
  readonly narrow: NarrowOptions;
  readonly matches: (contact: Pick<ServiceRecord, 'record'>) => boolean;
}

const fewestDigits = 5;
// As many as most national numbers have; what stands before them is written in many ways.
const searchedDigits = 7;
const marginMs = 60_000;

/** Reads what was typed. Throws a usage error for what is neither of the three. */
export function readLookup(text: string): Lookup {
  const typed = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim();
  if (/^[0-9a-f]{24}$/i.test(typed)) return lookupById(typed.toLowerCase());
  if ((readPhoneText(typed) ?? '').replace(/\D/g, '').length >= fewestDigits) {
    return lookupByPhone(typed);
  }
  if (/^\d+(?:[.:]\d+)*@lid$/i.test(typed)) {
    throw usageError(
      `this id of WhatsApp holds no phone number: ${typed}`,
      'give the id of the contact, its e-mail or its phone',
      'bad-id',
    );
  }
  if (/^[^\s@]+@[^\s@]+$/.test(typed)) return lookupByEmail(typed);
  throw usageError(
    typed === '' ? 'the id, e-mail or phone is empty' : `not an id, e-mail or phone: ${typed}`,
    looksLikeName(typed)
      ? `for a name: reekolect contacts list --search ${/[ ']/.test(typed) ? `"${typed}"` : typed}`
      : 'an id has 24 hexadecimal digits; for a name: reekolect contacts list --search NAME',
    'bad-id',
  );
}

/** Nothing in it that a shell would take for something else. */
function looksLikeName(typed: string): boolean {
  return /^\p{L}[\p{L} .'-]*$/u.test(typed);
}

/** An id begins with the second in which the service made it, most often the contact's creation. */
function lookupById(id: string): Lookup {
  const madeMs = Number.parseInt(id.slice(0, 8), 16) * 1000;
  return {
    words: `the id ${id}`,
    unique: true,
    narrow: {
      createdAfter: new Date(madeMs - marginMs).toISOString(),
      createdBefore: new Date(madeMs + marginMs).toISOString(),
    },
    matches: ({ record }) => {
      const held = at(record, '_id');
      return (textOf(held) || textOf(at(held, '$oid'))).toLowerCase() === id;
    },
  };
}

function lookupByEmail(typed: string): Lookup {
  const email = typed.toLowerCase();
  return {
    words: `the e-mail ${typed}`,
    unique: false,
    narrow: { search: typed },
    matches: ({ record }) => {
      const details = at(record, 'profile', 'userDetails');
      const held = [at(details, 'contact', 'email'), at(details, 'email')];
      return held.some((each) => textOf(each).normalize('NFKC').trim().toLowerCase() === email);
    },
  };
}

function lookupByPhone(typed: string): Lookup {
  const hasNumber = phoneMatcher(typed);
  return {
    words: `the phone ${typed}`,
    unique: false,
    narrow: { search: phoneDigits(typed).slice(-searchedDigits) },
    matches: ({ record }) => {
      const details = at(record, 'profile', 'userDetails');
      const phone = at(details, 'contact', 'phone');
      const number = textOf(phone) || textOf(at(phone, 'number'));
      const whatsapp = textOf(at(details, 'whatsAppNumber'));
      return (
        // An id may be a number.
        textOf(at(record, '_id')) === typed ||
        hasNumber(number, textOf(at(phone, 'prefix'))) ||
        hasNumber(whatsappE164(whatsapp) ?? whatsapp, '')
      );
    },
  };
}

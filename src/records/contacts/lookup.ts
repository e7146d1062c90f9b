import { usageError } from '../../errors.ts';
import { e164, phoneDigits, sameNumber } from '../phone.ts';
import { at, type ServiceRecord, textOf } from '../record.ts';
import { parseColumns, type RecordColumn } from './columns.ts';
import { type Filter, isId } from './filters.ts';

/** Whom somebody looks for, by id, e-mail or phone. */
export interface Wanted {
  /** For messages, e.g. `the id 66e0…`. */
  readonly words: string;
  /** Whether no two contacts can fit. */
  readonly unique: boolean;
  /** What the service is likeliest to find the contact by; never what decides. */
  readonly shortcut: Filter;
  readonly fits: (contact: ServiceRecord) => boolean;
}

const [idColumn] = parseColumns(['id']) as [RecordColumn];
const dialled = /^[\d\s+().\-/\u2010-\u2015\u2212]+$/;
const fewestDigits = 5;
// As many as most national numbers have; what stands before them is written in many ways.
const searchedDigits = 7;
const marginMs = 60_000;

/** Reads what was typed. Throws a usage error for what is neither of the three. */
export function readWanted(text: string): Wanted {
  const typed = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim();
  if (isId(typed)) return wantedById(typed);
  if (/^[^\s@]+@[^\s@]+$/.test(typed)) return wantedByEmail(typed);
  if (dialled.test(typed) && typed.replace(/\D/g, '').length >= fewestDigits) {
    return wantedByPhone(typed);
  }
  throw usageError(
    typed === '' ? 'the id, e-mail or phone is empty' : `not an id, e-mail or phone: ${typed}`,
    'an id has 24 hexadecimal digits; for a name, use: reekolect contacts list --search NAME',
    'bad-id',
  );
}

/** An id begins with the second in which the service made it, most often the contact's creation. */
function wantedById(typed: string): Wanted {
  const id = typed.toLowerCase();
  const madeMs = Number.parseInt(id.slice(0, 8), 16) * 1000;
  return {
    words: `the id ${id}`,
    unique: true,
    shortcut: {
      created: { start: new Date(madeMs - marginMs), end: new Date(madeMs + marginMs) },
    },
    fits: (contact) => String(idColumn.read(contact)).toLowerCase() === id,
  };
}

function wantedByEmail(typed: string): Wanted {
  const email = typed.toLowerCase();
  return {
    words: `the e-mail ${typed}`,
    unique: false,
    shortcut: { search: typed },
    fits: ({ record }) => {
      const details = at(record, 'profile', 'userDetails');
      const held = [at(details, 'contact', 'email'), at(details, 'email')];
      return held.some((each) => textOf(each).normalize('NFKC').trim().toLowerCase() === email);
    },
  };
}

function wantedByPhone(typed: string): Wanted {
  return {
    words: `the phone ${typed}`,
    unique: false,
    shortcut: { search: phoneDigits(typed).slice(-searchedDigits) },
    fits: ({ record }) => {
      const details = at(record, 'profile', 'userDetails');
      const phone = at(details, 'contact', 'phone');
      const number = textOf(phone) || textOf(at(phone, 'number'));
      if (sameNumber(typed, number, textOf(at(phone, 'prefix')))) return true;
      return isWhatsapp(typed, textOf(at(details, 'whatsAppNumber')));
    },
  };
}

/** These are international without saying so, and have their country's code in front. */
function isWhatsapp(typed: string, number: string): boolean {
  const known = e164(number.startsWith('+') ? number : `+${number}`, '');
  if (known === undefined) return sameNumber(typed, number, '');
  return (
    sameNumber(typed, known, '') ||
    // No calling code begins another, so that only the right length is read as one.
    [2, 3, 4].some((length) => e164(typed, known.slice(0, length)) === known)
  );
}

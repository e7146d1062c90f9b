import { pick, streams } from './draw.ts';
import { cultures, mailDomains, type Place, places } from './names.ts';
import type { People } from './people.ts';

/** All of an address but the four digits that are a person's own. */
export interface Mailbox {
  readonly before: string;
  readonly after: string;
}

/** All of a phone but the national number, which is a person's own. */
export interface Line {
  readonly plus: '+' | '';
  readonly country: '27' | '44' | '264';
  readonly trunk: '0' | '';
  /** Digits of the national number. */
  readonly length: number;
}

/** South African mobile prefixes; with 000 behind them, numbers that ought not to ring anywhere. */
const mobilePrefixes = '60 61 62 63 64 65 66 67 68 71 72 73 74 76 78 79 81 82 83 84'.split(' ');
const mobileNumbers = mobilePrefixes.length * 10_000;

export function nameOf(people: People, person: number): string {
  const odd = people.oddity(person)?.name;
  if (odd !== undefined) return odd;
  if (people.lacks(person, 'name')) return '';
  const drawn = people.draw(person, streams.name) % 100;
  if (drawn < (people.platform(person) === 'WEBSITE' ? 15 : 4)) return '';
  const { given, family } = fullName(people, person);
  if (drawn < 22) return given;
  return drawn < 25 ? `${given} ${family}`.toLowerCase() : `${given} ${family}`;
}

export function mailboxOf(people: People, person: number): Mailbox | undefined {
  if (people.lacks(person, 'email')) return undefined;
  const platform = people.platform(person);
  const empty = platform === 'WEBSITE' ? 25 : platform === 'WHATSAPP' ? 50 : 85;
  if (people.draw(person, streams.email) % 100 < empty) return undefined;
  const { given, family } = fullName(people, person);
  const domain = pick(mailDomains, people.draw(person, streams.domain));
  return { before: `${plainLetters(given)}.${plainLetters(family)}`, after: `@${domain}` };
}

export function mailNumber(people: People, person: number): number {
  return spread(person, 7919, people.seed, 10_000);
}

export function emailOf(people: People, person: number): string {
  const mailbox = mailboxOf(people, person);
  if (mailbox === undefined) return '';
  const number = String(mailNumber(people, person)).padStart(4, '0');
  return mailbox.before + number + mailbox.after;
}

export function lineOf(people: People, person: number): Line | undefined {
  if (people.lacks(person, 'phone')) return undefined;
  const platform = people.platform(person);
  const drawn = people.draw(person, streams.phone);
  const empty = platform === 'WHATSAPP' ? 0 : platform === 'WEBSITE' ? 35 : 80;
  if (drawn % 100 < empty) return undefined;
  const plus = platform === 'WEBSITE' ? '+' : '';
  const trunk = (drawn >>> 16) % 5 === 0 ? '0' : '';
  const abroad = (drawn >>> 8) % 25;
  if (abroad === 0) return { plus, country: '264', trunk, length: 9 };
  if (abroad === 1) return { plus, country: '44', trunk, length: 10 };
  return { plus, country: '27', trunk, length: 9 };
}

/** London's numbers for drama; elsewhere ones that begin with 000. */
export function nationalNumber(people: People, person: number, { country }: Line): number {
  if (country === '44') return 2_079_460_000 + spread(person, 77, people.seed, 1000);
  if (country === '264') return 810_000_000 + spread(person, 7919, people.seed, 10_000);
  const place = spread(person, 77_773, people.seed, mobileNumbers);
  const prefix = Number(pick(mobilePrefixes, Math.floor(place / 10_000)));
  return prefix * 10_000_000 + (place % 10_000);
}

/** Digits with the country's; '' when there is no phone. */
export function phoneDigits(people: People, person: number): string {
  const line = lineOf(people, person);
  return line === undefined ? '' : line.country + nationalNumber(people, person, line);
}

export function placeOf(people: People, person: number): Place {
  return pick(places, people.draw(person, streams.place));
}

/** Visits each of `size` values once before any comes again: the step shares no factor with it. */
function spread(person: number, step: number, seed: number, size: number): number {
  const value = (person * step + (seed % size)) % size;
  return value < 0 ? value + size : value;
}

function fullName(people: People, person: number) {
  const culture = pick(cultures, people.draw(person, streams.culture));
  return {
    given: pick(culture.given, people.draw(person, streams.given)),
    family: pick(culture.family, people.draw(person, streams.family)),
  };
}

function plainLetters(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/[^a-z]/gi, '')
    .toLowerCase();
}

import { agents, bots, segments } from './account.ts';
import { pick, weighted, words } from './lists.ts';
import type { Person } from './people.ts';
import { cultures, mailDomains, messageAuthors, platforms, statuses, tagSets } from './samples.ts';

const segmentIds = segments.map(({ _id }) => _id);
const segmentSets = weighted<readonly string[]>(
  [[], 12],
  ...segmentIds.map((id) => [[id], 2] as const),
  [segmentIds.slice(1, 4), 1],
);
const agentIds = weighted<string>(['', 6], ...agents.map(({ _id }) => [_id, 1] as const));

/** South African mobile prefixes; with 000 behind them, numbers that ought not to ring anywhere. */
const mobilePrefixes = words('60 61 62 63 64 65 66 67 68 71 72 73 74 76 78 79 81 82 83 84');
const mobileNumbers = mobilePrefixes.length * 10_000;

export const status = (person: Person) => person.pick(statuses, 'status');
export const isOnline = (person: Person) => person.draw('online') % 25 === 0;
export const hasInteracted = (person: Person) => person.draw('interacted') % 10 < 6;
export const isLiveChatActive = (person: Person) => person.draw('liveChat') % 33 === 0;
export const hasOrdered = (person: Person) => person.draw('ordered') % 6 === 0;
export const segmentsOf = (person: Person) => person.pick(segmentSets, 'segments');
export const tags = (person: Person) => (person.lacks('tags') ? [] : person.pick(tagSets, 'tags'));

/** '' when nobody is assigned. */
export const agent = (person: Person) => person.pick(agentIds, 'agent');

export function platform(person: Person): string {
  return person.isVisitor ? 'WEBSITE' : person.pick(platforms, 'platform');
}

/** '' when there is none. */
export function bot(person: Person): string {
  const choice = bots[platform(person).toLowerCase() as keyof typeof bots];
  return choice === undefined ? '' : person.pick(choice, 'bot')._id;
}

/** '' when there is no last message. */
export function lastMessageBy(person: Person): string {
  return person.lacks('lastMessage') ? '' : person.pick(messageAuthors, 'lastMessageBy');
}

export function seenAt(person: Person): number {
  const { createdAt, people, number } = person;
  const active = people.activity.get(number);
  if (active !== undefined) return active;
  const age = Math.max(0, people.now - createdAt);
  const share = person.share('seen');
  if (isOnline(person)) return createdAt + age - Math.floor(Math.min(age, share * 60_000));
  return createdAt + Math.floor(age * share * share * share * share);
}

export function orderedAt(person: Person): number {
  const { createdAt } = person;
  return createdAt + Math.floor((seenAt(person) - createdAt) * person.share('orderedAt'));
}

export function nameOf(person: Person): string {
  const hostile = person.hostile?.name;
  if (hostile !== undefined) return hostile;
  if (person.lacks('name')) return '';
  const drawn = person.draw('name') % 100;
  if (drawn < (platform(person) === 'WEBSITE' ? 15 : 4)) return '';
  const { given, family } = fullName(person);
  if (drawn < 22) return given;
  return drawn < 25 ? `${given} ${family}`.toLowerCase() : `${given} ${family}`;
}

/** '' when there is none; the four digits are the person's own. */
export function email(person: Person): string {
  if (person.lacks('email')) return '';
  const where = platform(person);
  const empty = where === 'WEBSITE' ? 25 : where === 'WHATSAPP' ? 50 : 85;
  if (person.draw('email') % 100 < empty) return '';
  const { given, family } = fullName(person);
  const digits = String(spread(person, 7919, 10_000)).padStart(4, '0');
  const domain = person.pick(mailDomains, 'domain');
  const letters = `${given}.${family}`.normalize('NFD').replaceAll(/[^a-z.]/gi, '');
  return `${letters.toLowerCase()}${digits}@${domain}`;
}

/** `number` with or without the trunk 0; `digits` are the country's and the national number. */
export function phone(person: Person) {
  const none = { number: '', prefix: '', digits: '' };
  if (person.lacks('phone')) return none;
  const where = platform(person);
  const drawn = person.draw('phone');
  const empty = where === 'WHATSAPP' ? 0 : where === 'WEBSITE' ? 35 : 80;
  if (drawn % 100 < empty) return none;
  const abroad = (drawn >>> 8) % 25;
  const country = abroad === 0 ? '264' : abroad === 1 ? '44' : '27';
  const national = nationalNumber(person, country);
  return {
    number: (drawn >>> 16) % 5 === 0 ? `0${national}` : `${national}`,
    prefix: where === 'WEBSITE' ? `+${country}` : country,
    digits: `${country}${national}`,
  };
}

/** London's numbers for drama; elsewhere ones that begin with 000. */
function nationalNumber(person: Person, country: '264' | '44' | '27'): number {
  if (country === '44') return 2_079_460_000 + spread(person, 77, 1000);
  if (country === '264') return 810_000_000 + spread(person, 7919, 10_000);
  const place = spread(person, 77_773, mobileNumbers);
  const prefix = Number(pick(mobilePrefixes, Math.floor(place / 10_000)));
  return prefix * 10_000_000 + (place % 10_000);
}

/** Visits each of `size` values once before any comes again: the step shares no factor with it. */
function spread({ number, people }: Person, step: number, size: number): number {
  const value = (number * step + (people.seed % size)) % size;
  return value < 0 ? value + size : value;
}

function fullName(person: Person) {
  const [given, family] = person.pick(cultures, 'culture');
  return { given: person.pick(given, 'given'), family: person.pick(family, 'family') };
}

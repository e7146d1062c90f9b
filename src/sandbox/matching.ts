import type { Filters, Range } from './filters.ts';
import { emailOf, nameOf, phoneDigits } from './identity.ts';
import type { People } from './people.ts';

export type Matches = (person: number) => boolean;

/** The filters as one test, the cheap traits first. */
export function matching(people: People, filters: Filters): Matches {
  const tests: Matches[] = [];
  const add = <T>(value: T | undefined, test: (value: T) => Matches) => {
    if (value !== undefined) tests.push(test(value));
  };
  const trait = (of: (person: number) => unknown) => (wanted: unknown) => (person: number) =>
    of(person) === wanted;
  const oneOf = (of: (person: number) => string) => (wanted: readonly string[]) => {
    const set = new Set(wanted);
    return (person: number) => set.has(of(person));
  };
  const anyOf = (of: (person: number) => readonly string[]) => (wanted: readonly string[]) => {
    const set = new Set(wanted);
    return (person: number) => of(person).some((value) => set.has(value));
  };
  const within = (of: (person: number) => number) => (range: Range) => (person: number) => {
    const time = of(person);
    return time >= range.from && time <= range.to;
  };
  const bot = oneOf((person) => people.bot(person));

  if (filters.contactsOnly) tests.push((person) => !people.isVisitor(person));
  add(
    filters.isOnline,
    trait((person) => people.isOnline(person)),
  );
  add(
    filters.isLiveChatActive,
    trait((person) => people.isLiveChatActive(person)),
  );
  add(
    filters.userInteracted,
    trait((person) => people.hasInteracted(person)),
  );
  add(
    filters.hasOrdered?.status,
    trait((person) => people.hasOrdered(person)),
  );
  add(
    filters.status,
    oneOf((person) => people.status(person)),
  );
  add(
    filters.agents,
    oneOf((person) => people.agent(person)),
  );
  add(filters.botWebsite, bot);
  add(filters.botWhatsapp, bot);
  add(filters.botTelegram, bot);
  add(filters.botFacebook, bot);
  add(
    filters.segments,
    anyOf((person) => people.segments(person)),
  );
  add(
    filters.lastMessageBy,
    oneOf((person) => people.lastMessageBy(person)),
  );
  add(
    filters.tags,
    anyOf((person) => people.tags(person)),
  );
  add(
    filters.createdAt,
    within((person) => people.createdAt(person)),
  );
  add(
    filters.lastSeenAt,
    within((person) => people.seenAt(person)),
  );
  add(
    filters.hasOrdered,
    ({ status, since }) =>
      (person) =>
        !status || people.orderedAt(person) >= since,
  );
  add(filters.searchText, (wanted) => searching(people, wanted));
  return (person) => {
    for (const test of tests) if (!test(person)) return false;
    return true;
  };
}

/** Numbers of people created within the range, as a half-open span: creation falls with the number. */
export function span(people: People, range: Range | undefined): [start: number, end: number] {
  if (range === undefined) return [0, people.total];
  const start = firstWhere(people.total, (person) => people.createdAt(person) <= range.to);
  return [start, firstWhere(people.total, (person) => people.createdAt(person) < range.from)];
}

function firstWhere(total: number, isPast: Matches): number {
  let low = 0;
  let high = total;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isPast(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function searching(people: People, wanted: string): Matches {
  const needle = wanted.trim().toLowerCase();
  const isNumber = /^\+?[\d\s()-]+$/.test(needle) && /\d/.test(needle);
  const digits = isNumber ? needle.replaceAll(/\D/g, '').replace(/^0/, '') : '';
  return (person) =>
    (digits !== '' && phoneDigits(people, person).includes(digits)) ||
    nameOf(people, person).toLowerCase().includes(needle) ||
    emailOf(people, person).includes(needle);
}

import type { Json } from '../../table.ts';
import { instantOf } from '../dates.ts';
import { at, type ServiceRecord, textOf } from '../record.ts';
import type { Filter, Named, Window } from './filters.ts';

/**
 * Why a contact is not shown although the service sent it. `cut`: outside the exact window but
 * inside the wider one that was asked for, as expected. `broken`: it provably breaks the filter
 * of that flag, so the service did not apply it. Undefined: it stays, since what is absent or
 * unreadable proves nothing.
 */
export type Misfit = { readonly kind: 'cut' } | { readonly kind: 'broken'; readonly flag: string };

type Check = (contact: ServiceRecord) => Misfit | undefined;

/** One check for the whole filter; undefined when nothing of it can be checked here. */
export function misfitCheck(filter: Filter): Check | undefined {
  const checks: Check[] = [
    ...windowCheck('created', filter.created, ['createdAt']),
    ...windowCheck('seen', filter.seen, ['lastSeenAt']),
    ...windowCheck('ordered-after', lastOrder(filter), ['hasOrdered', 'lastAt']),
    ...booleanCheck('online', filter.online, ['isOnline']),
    ...booleanCheck('interacted', filter.interacted, ['userInteracted']),
    ...booleanCheck('live-chat', filter.liveChat, ['isLiveChatActive']),
    ...booleanCheck('ordered', filter.ordered, ['hasOrdered', 'status']),
    ...anyOfCheck('tag', filter.tags, tagsOf),
    ...anyOfCheck('status', filter.statuses, (record) => lone(at(record, 'status'))),
    ...anyOfCheck('last-message-by', filter.lastMessageBy, lastSpeaker(filter)),
    ...segmentCheck(filter.segments),
  ];
  if (checks.length === 0) return undefined;
  return (contact) => {
    for (const check of checks) {
      const misfit = check(contact);
      if (misfit !== undefined) return misfit;
    }
    return undefined;
  };
}

function lastOrder({ orderedAfter }: Filter): Window | undefined {
  return orderedAfter === undefined ? undefined : { start: orderedAfter };
}

function windowCheck(name: string, window: Window | undefined, path: readonly string[]): Check[] {
  if (window === undefined) return [];
  const start = window.start?.getTime() ?? Number.NEGATIVE_INFINITY;
  const end = window.end?.getTime() ?? Number.POSITIVE_INFINITY;
  return [
    ({ record }) => {
      const time = instantOf(at(record, ...path));
      if (Number.isNaN(time) || (time >= start && time < end)) return undefined;
      if (time >= start - 1000 && time <= end + 1000) return { kind: 'cut' };
      return { kind: 'broken', flag: `--${flagOf(name, time < start)}` };
    },
  ];
}

function flagOf(name: string, early: boolean): string {
  if (name === 'ordered-after') return name;
  return `${name}-${early ? 'after' : 'before'}`;
}

function booleanCheck(name: string, wanted: boolean | undefined, path: readonly string[]): Check[] {
  if (wanted === undefined) return [];
  return [
    ({ record }) => {
      const held = at(record, ...path);
      if (typeof held !== 'boolean' || held === wanted) return undefined;
      return { kind: 'broken', flag: `--${wanted ? '' : 'no-'}${name}` };
    },
  ];
}

/** The service may mean "any of" or "all of" a list; only "none of" breaks both. */
function anyOfCheck(
  name: string,
  wanted: readonly string[] | undefined,
  held: (record: Json) => readonly string[] | undefined,
): Check[] {
  if (wanted === undefined) return [];
  const names = new Set(wanted.map(fold));
  return [
    ({ record }) => {
      const found = held(record);
      if (found === undefined || found.some((item) => names.has(fold(item)))) return undefined;
      return { kind: 'broken', flag: `--${name}` };
    },
  ];
}

function segmentCheck(wanted: readonly Named[] | undefined): Check[] {
  const names = wanted?.flatMap(({ id, name }) => (name === undefined ? [id] : [id, name]));
  // A segment that we know only by its id can't be told from one that the record names.
  const comparable = wanted?.every(({ name }) => name !== undefined) ?? false;
  return anyOfCheck('segment', names, (record) => {
    const found = segmentsOf(record);
    if (found === undefined || comparable) return found;
    return found.every((item) => /^[0-9a-f]{24}$/i.test(item)) ? found : undefined;
  });
}

/** Undefined unless every tag can be read. */
function tagsOf(record: Json): readonly string[] | undefined {
  return strings(at(record, 'profile', 'userDetails', 'tags'), (item) => at(item, 'name'));
}

function segmentsOf(record: Json): readonly string[] | undefined {
  return strings(at(record, 'segments'), (item) => at(item, '_id'));
}

function strings(
  value: Json | undefined,
  inside: (item: Json) => Json | undefined,
): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((item: Json) => textOf(typeof item === 'object' ? inside(item) : item));
  return texts.includes('') ? undefined : texts;
}

function lone(value: Json | undefined): readonly string[] | undefined {
  return typeof value === 'string' && value !== '' ? [value] : undefined;
}

// Only these were ever seen; how the service spells an agent is unknown.
const attested = new Set(['user', 'bot']);

/** Two words that were never seen may mean the same: they prove nothing against each other. */
function lastSpeaker({ lastMessageBy = [] }: Filter) {
  const wantsOther = lastMessageBy.some((who) => !attested.has(fold(who)));
  return (record: Json): readonly string[] | undefined => {
    const found = lone(at(record, 'lastMessage', 'by'));
    const speaker = found?.[0];
    if (speaker === undefined) return undefined;
    const wanted = lastMessageBy.some((who) => fold(who) === fold(speaker));
    return wanted || attested.has(fold(speaker)) || !wantsOther ? found : undefined;
  };
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

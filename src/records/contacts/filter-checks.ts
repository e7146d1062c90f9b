import type { Json } from '../../table.ts';
import { type Check, isId, type Named } from '../filter-field.ts';
import { at, caseless, textOf } from '../record.ts';
import { instantOf } from '../times.ts';

type Path = readonly string[];

/** The service's rule for the ends of a window is unknown: it is asked for this much more. */
export const marginMs = 1000;

/** At or after the start. */
export function notBefore(start: Date, path: Path): Check {
  return ({ record }) => {
    const time = instantOf(at(record, ...path));
    if (!(time < start.getTime())) return undefined;
    return time >= start.getTime() - marginMs ? 'margin' : 'unapplied';
  };
}

/** Before the end. */
export function before(end: Date, path: Path): Check {
  return ({ record }) => {
    const time = instantOf(at(record, ...path));
    if (!(time >= end.getTime())) return undefined;
    return time <= end.getTime() + marginMs ? 'margin' : 'unapplied';
  };
}

export function isTrue(wanted: boolean, path: Path): Check {
  return ({ record }) => {
    const held = at(record, ...path);
    return typeof held !== 'boolean' || held === wanted ? undefined : 'unapplied';
  };
}

/** The service may mean "any of" or "all of" a list; only "none of" breaks both. */
export function anyOf(
  wanted: readonly string[],
  held: (record: Json) => readonly string[] | undefined,
): Check {
  const names = new Set(wanted.map(caseless));
  return ({ record }) => {
    const found = held(record);
    if (found === undefined || found.some((item) => names.has(caseless(item)))) return undefined;
    return 'unapplied';
  };
}

export function inSegments(wanted: readonly Named[]): Check {
  const names = wanted.flatMap(({ id, name }) => (name === undefined ? [id] : [id, name]));
  // A segment that we know only by its id can't be told from one that the record names.
  const comparable = wanted.every(({ name }) => name !== undefined);
  return anyOf(names, (record) => {
    const found = texts(at(record, 'segments'), (item) => at(item, '_id'));
    return comparable || found?.every(isId) ? found : undefined;
  });
}

/** Undefined unless every tag can be read. */
export function tagsOf(record: Json): readonly string[] | undefined {
  return texts(at(record, 'profile', 'userDetails', 'tags'), (item) => at(item, 'name'));
}

export function statusOf(record: Json): readonly string[] | undefined {
  return single(at(record, 'status'));
}

// The only words that were ever seen; how the service spells an agent is unknown.
const attested = new Set(['user', 'bot']);

/** Two words that were never seen may mean the same: they prove nothing against each other. */
export function lastMessageBy(wanted: readonly string[]): Check {
  const wantsOther = wanted.some((who) => !attested.has(caseless(who)));
  return anyOf(wanted, (record) => {
    const found = single(at(record, 'lastMessage', 'by'));
    const speaker = caseless(found?.[0] ?? '');
    return attested.has(speaker) || !wantsOther ? found : undefined;
  });
}

function texts(
  value: Json | undefined,
  inside: (item: Json) => Json | undefined,
): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = value.map((item: Json) => textOf(typeof item === 'object' ? inside(item) : item));
  return found.includes('') ? undefined : found;
}

function single(value: Json | undefined): readonly string[] | undefined {
  return typeof value === 'string' && value !== '' ? [value] : undefined;
}

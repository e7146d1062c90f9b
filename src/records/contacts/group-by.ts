import { usageError } from '../../errors.ts';
import { didYouMean } from '../../suggest.ts';
import type { Json } from '../../table.ts';
import { dayReader, type PeriodName, periods } from '../calendar.ts';
import { type DirectoryKind, parseColumns, type RecordColumn } from '../columns.ts';
import { at, type ServiceRecord } from '../record.ts';
import { timeOf } from '../times.ts';
import { contactColumns } from './columns.ts';
import { namesOf } from './parts.ts';

const noValue = '(none)';
const unknownValue = '(unknown)';

export interface Count {
  readonly value: string;
  readonly count: number;
  /** False where contacts hold no value, or none that can be read. */
  readonly known: boolean;
}

/** How many contacts hold each value of one thing about them. Holds counts only. */
export interface Counter {
  readonly by: Grouping;
  /** Whether the counts follow time, from the oldest to the newest. */
  readonly ordered: boolean;
  add(contact: ServiceRecord): void;
  counts(): Iterable<Count>;
}

export const groupings = [
  'status',
  'platform',
  'tag',
  'country',
  'agent',
  'segment',
  'created:day',
  'created:week',
  'created:month',
] as const;

/** What is counted by ids that have names. */
export const namedGroupings = ['agent', 'segment'] as const satisfies readonly DirectoryKind[];

export type Grouping = (typeof groupings)[number];

/** What --by names. Throws a usage error for anything that contacts can't be counted by. */
export function parseGroupings(names: readonly string[]): readonly Grouping[] {
  const wanted = new Set<Grouping>();
  for (const typed of names) {
    const name = typed.trim().toLowerCase();
    const found = groupings.find((known) => known === name);
    if (found === undefined) throw unknownGrouping(typed);
    wanted.add(found);
  }
  return [...wanted];
}

/** A counter for it. Days are those of the zone; `now` tells what can't have been created yet. */
export function counterOf(by: Grouping, zone: () => string, now: Date): Counter {
  const period = by.startsWith('created:')
    ? (by.slice('created:'.length) as PeriodName)
    : undefined;
  if (period !== undefined) return new PeriodCounter(by, period, zone(), now);
  return new ValueCounter(by, readers[by as keyof typeof readers]);
}

function unknownGrouping(typed: string) {
  const name = typed.trim().toLowerCase();
  const guess = didYouMean(name, groupings);
  return usageError(
    `contacts can't be counted by "${typed}"`,
    `${guess === undefined ? '' : `${guess} `}--by takes ${groupings.join(', ')}`,
    'unknown-by',
  );
}

type Values = readonly string[] | typeof unreadable;
const unreadable = Symbol('unreadable');
const [countryColumn] = parseColumns(contactColumns, ['country']) as [RecordColumn];

const readers = {
  status: ({ record }: ServiceRecord) => valuesOf(at(record, 'status')),
  platform: ({ record }: ServiceRecord) => valuesOf(at(record, 'platform')),
  tag: ({ record }: ServiceRecord) => valuesOf(at(record, 'profile', 'userDetails', 'tags')),
  agent: ({ record }: ServiceRecord) => valuesOf(at(record, '_agentAssigned')),
  segment: ({ record }: ServiceRecord) => valuesOf(at(record, 'segments')),
  country: (contact: ServiceRecord) => {
    const country = countryColumn.read(contact);
    const held = at(contact.record, 'profile', 'userDetails', 'country');
    return country === null ? valuesOf(held) : [String(country).trim()];
  },
};

/** The texts in a value, each once; none in what is empty, unreadable when there are none in what is not. */
function valuesOf(value: Json | undefined): Values {
  const items: readonly Json[] = Array.isArray(value) ? value : [value ?? null];
  const held = items.filter((item) => !isBlank(item));
  const texts = [...new Set(namesOf(held).map((text) => text.trim()))].filter(
    (text) => text !== '',
  );
  return texts.length === 0 && held.length > 0 ? unreadable : texts;
}

function isBlank(item: Json): boolean {
  return item === null || (typeof item === 'string' && item.trim() === '');
}

class ValueCounter implements Counter {
  readonly by: Grouping;
  readonly ordered = false;
  readonly #read: (contact: ServiceRecord) => Values;
  readonly #counts = new Map<string, number>();
  #none = 0;
  #unknown = 0;

  constructor(by: Grouping, read: (contact: ServiceRecord) => Values) {
    this.by = by;
    this.#read = read;
  }

  add(contact: ServiceRecord): void {
    const values = this.#read(contact);
    if (values === unreadable) this.#unknown += 1;
    else if (values.length === 0) this.#none += 1;
    else for (const value of values) raise(this.#counts, value);
  }

  /** The commonest first. */
  counts(): readonly Count[] {
    const known = [...this.#counts].map(([value, count]) => ({ value, count, known: true }));
    known.sort((one, other) => one.value.localeCompare(other.value, 'en'));
    const all = [...known, ...emptyCounts(this.#none, this.#unknown)];
    return all.sort((one, other) => other.count - one.count);
  }
}

/** Before the web had chats, nobody was created: such a time is another's zero, as 1970 or year 1. */
const firstMs = Date.UTC(2000, 0);

/** Periods are counted by their number, so that a gap is simply the numbers between. */
class PeriodCounter implements Counter {
  readonly by: Grouping;
  readonly ordered = true;
  readonly #period: (typeof periods)[PeriodName];
  readonly #dayOf: (time: Date) => number;
  readonly #lastMs: number;
  readonly #counts = new Map<number, number>();
  #none = 0;
  #unknown = 0;

  constructor(by: Grouping, period: PeriodName, zone: string, now: Date) {
    this.by = by;
    this.#period = periods[period];
    this.#dayOf = dayReader(zone);
    // Clocks differ a little; a day ahead is no creation time.
    this.#lastMs = now.getTime() + 86_400_000;
  }

  add({ record }: ServiceRecord): void {
    const text = timeOf(at(record, 'createdAt'));
    if (text === null) {
      if (valuesOf(at(record, 'createdAt')) === unreadable) this.#unknown += 1;
      else this.#none += 1;
      return;
    }
    const time = new Date(/^\d{4}-.*Z$/.test(text) ? text : Number.NaN);
    // What lies outside, or is no time at all, would fill the chart with gaps.
    const known = time.getTime() >= firstMs && time.getTime() <= this.#lastMs;
    if (known) raise(this.#counts, this.#period.of(this.#dayOf(time)));
    else this.#unknown += 1;
  }

  /** From the first period to the last, those without a contact included. */
  *counts(): Generator<Count> {
    let first = Number.POSITIVE_INFINITY;
    let last = Number.NEGATIVE_INFINITY;
    for (const number of this.#counts.keys()) {
      first = Math.min(first, number);
      last = Math.max(last, number);
    }
    for (let number = first; number <= last; number += 1) {
      const value = this.#period.name(number);
      yield { value, count: this.#counts.get(number) ?? 0, known: true };
    }
    yield* emptyCounts(this.#none, this.#unknown);
  }
}

function emptyCounts(none: number, unknown: number): readonly Count[] {
  return [
    { value: noValue, count: none, known: false },
    { value: unknownValue, count: unknown, known: false },
  ].filter(({ count }) => count > 0);
}

function raise<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

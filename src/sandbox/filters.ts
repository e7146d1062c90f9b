import type { Person } from './people.ts';
import * as traits from './traits.ts';

/** Thrown for a body that the service would refuse with 400. */
export class BadRequest extends Error {}

/** What a request body asks for, read as the service is believed to read it. */
export interface Filters {
  readonly contactsOnly: boolean;
  readonly visitorsOnly?: boolean;
  /** By key of the body, without those that filter nothing. */
  readonly wanted: Readonly<Record<string, unknown>>;
}

/** Both ends included; infinite where open. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export type Matches = (person: Person) => boolean;

interface Filter<T = unknown> {
  /** Undefined for a value that filters nothing. */
  read(value: unknown, key: string): T | undefined;
  test(wanted: T): Matches;
}

type Read<T> = Filter<T>['read'];

const text = typed<string>('string');
const boolean = typed<boolean>('boolean');
const bot = anyOf(ids, traits.bot);

export const notAnId =
  'Argument passed in must be a single String of 12 bytes or a string of 24 hex characters';

/** In the order in which mistakes are reported; the cheapest to test are the last. */
const filters: Readonly<Record<string, Filter>> = {
  searchText: { read: (value, key) => text(value, key) || undefined, test: searching },
  tags: anyOf(nonEmpty, traits.tags),
  status: anyOf(nonEmpty, traits.status),
  isOnline: flag(traits.isOnline),
  _botWebsite: bot,
  _botWhatsapp: bot,
  _botTelegram: bot,
  _botFacebook: bot,
  _agentAssigned: anyOf(ids, traits.agent),
  segments: anyOf(ids, traits.segmentsOf),
  lastSeenAt: within(traits.seenAt),
  createdAt: within((person) => person.createdAt),
  userInteracted: flag(traits.hasInteracted),
  lastMessageBy: anyOf(nonEmpty, traits.lastMessageBy),
  isLiveChatActive: flag(traits.isLiveChatActive),
  hasOrdered: { read: order, test: ordered },
};
const idKeys = Object.keys(filters).filter((key) => /^_|^segments$/.test(key));

export function readListRequest(bodyText: string): { page: number; filters: Filters } {
  const body = fields(parse(bodyText), 'the body');
  const page = body['page'];
  if (typeof page !== 'number' || !Number.isInteger(page) || page < 1) {
    throw new BadRequest('page must be an integer from 1');
  }
  const given = idKeys.flatMap((key) => strings(body[key], key));
  if (!given.every((id) => /^[0-9a-f]{24}$/i.test(id))) throw new BadRequest(notAnId);
  // any other value might start a job at the service: no client of ours may send one
  if ((body['isExport'] ?? 'none') !== 'none') throw new BadRequest('isExport must be "none"');

  const named = new Set(strings(body['applicableFilters'], 'applicableFilters'));
  const wanted: Record<string, unknown> = {};
  for (const [key, { read }] of Object.entries(filters)) {
    const value = named.has(key) ? read(body[key], key) : undefined;
    if (value !== undefined) wanted[key] = value;
  }
  return { page, filters: { contactsOnly: body['isContact'] !== false, wanted } };
}

/** The filters as one test. */
export function matching({ contactsOnly, visitorsOnly = false, wanted }: Filters): Matches {
  const tests = Object.entries(wanted).map(([key, value]) => filters[key]?.test(value));
  if (contactsOnly) tests.push((person) => !person.isVisitor);
  if (visitorsOnly) tests.push((person) => person.isVisitor);
  tests.reverse();
  return (person) => {
    for (const test of tests) if (test?.(person) === false) return false;
    return true;
  };
}

function flag(of: (person: Person) => boolean): Filter<boolean> {
  return { read: boolean, test: (wanted) => (person) => of(person) === wanted };
}

function anyOf(read: Read<readonly string[]>, of: (person: Person) => string | readonly string[]) {
  const test = (wanted: readonly string[]) => {
    const set = new Set(wanted);
    return (person: Person) => {
      const own = of(person);
      return typeof own === 'string' ? set.has(own) : own.some((value) => set.has(value));
    };
  };
  return { read, test };
}

function within(of: (person: Person) => number): Filter<Range> {
  const isIn = (time: number, { from, to }: Range) => time >= from && time <= to;
  return { read: range, test: (wanted) => (person) => isIn(of(person), wanted) };
}

function ordered({ status, since }: { status: boolean; since: number }): Matches {
  return (person) =>
    traits.hasOrdered(person) === status && (!status || traits.orderedAt(person) >= since);
}

function searching(wanted: string): Matches {
  const needle = wanted.trim().toLowerCase();
  const isNumber = /^\+?[\d\s()-]+$/.test(needle) && /\d/.test(needle);
  const digits = isNumber ? needle.replaceAll(/\D/g, '').replace(/^0/, '') : '';
  return (person) =>
    (digits !== '' && traits.phone(person).digits.includes(digits)) ||
    traits.nameOf(person).toLowerCase().includes(needle) ||
    traits.email(person).includes(needle);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new BadRequest('the body is not valid JSON');
  }
}

function fields(value: unknown, key: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new BadRequest(`${key} must be an object`);
}

function strings(value: unknown, key: string): readonly string[] {
  const items = value ?? [];
  if (Array.isArray(items) && items.every((item) => typeof item === 'string')) return items;
  throw new BadRequest(`${key} must be an array of strings`);
}

function nonEmpty(value: unknown, key: string): readonly string[] | undefined {
  const items = strings(value, key);
  return items.length > 0 ? items : undefined;
}

function ids(value: unknown, key: string): readonly string[] | undefined {
  return nonEmpty(value, key)?.map((id) => id.toLowerCase());
}

function typed<T>(type: 'string' | 'boolean') {
  return (value: unknown, key: string): T => {
    if (typeof value !== type) throw new BadRequest(`${key} must be a ${type}`);
    return value as T;
  };
}

/** Milliseconds; undefined where the end is open. */
function time(value: unknown, key: string): number | undefined {
  if ((value ?? '') === '') return undefined;
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new BadRequest(`${key} must be an ISO 8601 time or empty`);
  return ms;
}

function range(value: unknown, key: string): Range {
  const { startAt, endsAt } = fields(value, key);
  return {
    from: time(startAt, 'startAt') ?? Number.NEGATIVE_INFINITY,
    to: time(endsAt, 'endsAt') ?? Number.POSITIVE_INFINITY,
  };
}

function order(value: unknown, key: string): { status: boolean; since: number } {
  const { status, lastAt } = fields(value, key);
  const since = time(lastAt, 'lastAt') ?? Number.NEGATIVE_INFINITY;
  return { status: boolean(status, 'status'), since };
}

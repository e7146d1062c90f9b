import type { State } from '../database/tables.ts';
import { cleanText } from '../database/values.ts';
import { type ExplainedError, usageError } from '../errors.ts';
import type { Query } from '../query.ts';
import type { Filter, FilterOptions } from '../records/filter-field.ts';
import { askCustomer, hashToken } from '../resume/account.ts';
import type { Session } from '../session.ts';
import type { Json } from '../table.ts';

/** Which contacts a database holds: of which service, and by which filters. */
export interface Scope {
  readonly host: string;
  /** JSON; `{}` for all contacts. */
  readonly filters: string;
}

/** Throws a usage error for a filter that means something else at each run. */
export function scopeOf({ typed, filter }: Query, trustServer: boolean, session: Session): Scope {
  for (const { flag, moves } of filter) if (moves) throw movingScope(flag);
  const facts: { [name: string]: Json } = {};
  for (const name of Object.keys(typed).sort()) facts[name] = factOf(name, typed, filter);
  // What this keeps, the same filters alone leave out.
  if (trustServer && filter.some(({ check, local }) => check && !local))
    facts['trustServer'] = true;
  return { host: session.host, filters: JSON.stringify(facts) };
}

function movingScope(flag: string): ExplainedError {
  return usageError(
    `${flag} counts back from now: the database would hold other contacts each day`,
    'give a date, such as 2026-11-01, or select by age in the database',
    'moving-scope',
  );
}

/** A date as its instant, since --tz may be another; a list in an order of its own. */
function factOf(name: string, typed: FilterOptions, filter: Filter): Json {
  const { instant } = filter.find((condition) => condition.name === name) ?? {};
  if (instant !== undefined) return instant.toISOString();
  const value = typed[name] as Json;
  return Array.isArray(value) ? [...value].sort() : value;
}

/** Throws exit 2 where the database holds other contacts than these. */
export function checkScope(state: State | undefined, scope: Scope, shown: string): void {
  const host = state?.get('host');
  if (state === undefined || host === undefined) return;
  if (host !== scope.host) throw otherScope(shown, `the contacts of ${host}, not of ${scope.host}`);
  const filters = state.get('filters') ?? '{}';
  if (filters === scope.filters) return;
  throw otherScope(shown, `the contacts ${inWords(filters)}, not those ${inWords(scope.filters)}`);
}

/** Names the filters, and none of the values: those may be a contact's. */
function inWords(filters: string): string {
  const names = Object.keys(JSON.parse(filters) as object);
  const flags = names.map((name) => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`);
  return flags.length === 0 ? 'without any filter' : `by certain values of ${flags.join(', ')}`;
}

function otherScope(shown: string, holds: string): ExplainedError {
  return usageError(
    `${shown} holds ${holds}`,
    'use another database, or the same account and filters as before',
    'other-scope',
  );
}

/** Whose contacts a run reads, in comparison with those in the database. */
export interface Account {
  /** Whether the last full run was with the same token; true before the first. */
  readonly sameToken: boolean;
  /** What sync_state is to hold of the token. */
  readonly token: string;
}

/** Throws exit 2 where the token is of another customer than the contacts in the database. */
export async function checkAccount(
  state: State | undefined,
  { resource }: Query,
  shown: string,
  session: Session,
): Promise<Account> {
  const { token } = await session.connect();
  const [salt, hash] = state?.get('token')?.split(':') ?? [];
  const ours = hashToken(token, salt);
  const sameToken = hash === undefined || hash === ours.hash;
  // Another token may be of the same account: its records tell.
  if (!sameToken) checkCustomer(state, await askCustomer(resource, session), shown);
  return { sameToken, token: `${ours.salt}:${ours.hash}` };
}

/** Throws exit 2 where records are of another customer than those in the database. */
export function checkCustomer(
  state: State | undefined,
  customer: string | undefined,
  shown: string,
): void {
  const known = state?.get('customer');
  if (known === undefined || customer === undefined || known === cleanText(customer)) return;
  throw otherScope(shown, 'the contacts of another account of this service');
}

import type { Query } from '../query.ts';
import type { Session } from '../session.ts';
import { filterLine } from './filter-line.ts';

/** For people who look at an empty list: what was asked for, views included. */
export function sayNothing({ resource, typed, filter }: Query, { log }: Session): void {
  const asked = filterLine(resource.filters, typed);
  const { one, many } = resource;
  log.status(asked === '' ? `the account has no ${many}` : `no ${one} matches ${asked}`);
  for (const { doubt } of filter) if (doubt !== undefined) log.status(doubt);
}

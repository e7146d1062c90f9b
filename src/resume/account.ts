import { createHash, randomBytes } from 'node:crypto';
import { servicePages } from '../read/source.ts';
import type { ServiceRecord } from '../records/record.ts';
import type { Resource } from '../records/resource.ts';
import type { Session } from '../session.ts';

/** By this a token is recognised, and can't be found out. */
export interface TokenHash {
  readonly salt: string;
  readonly hash: string;
}

export function hashToken(token: string, salt = randomBytes(16).toString('hex')): TokenHash {
  return { salt, hash: createHash('sha256').update(salt).update(token).digest('hex') };
}

/** The one customer that all these records name; undefined where they name none or several. */
export function customerIn(
  records: readonly ServiceRecord[],
  resource: Resource,
): string | undefined {
  const customers = new Set(records.map(({ record }) => resource.customer?.(record)));
  return customers.size === 1 ? [...customers][0] : undefined;
}

/** Asks whose records the token reads, by one page of them. */
export async function askCustomer(
  resource: Resource,
  session: Session,
): Promise<string | undefined> {
  if (resource.customer === undefined) return undefined;
  const { client } = await session.connect(resource.credential);
  const { records } = await servicePages(client, resource, [])(1, session.context.signal);
  return customerIn(records, resource);
}

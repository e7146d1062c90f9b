import { openSource, type Query } from '../query.ts';
import { servicePages } from '../read/source.ts';
import { narrowedTo } from '../records/filter-field.ts';
import type { ServiceRecord } from '../records/record.ts';
import type { Session } from '../session.ts';
import { type NextCursor, overlapMs } from '../state/cursor.ts';

/** A record that was not there before, and when it was made; NaN where that can't be read. */
export interface Arrival {
  readonly record: ServiceRecord;
  readonly createdMs: number;
}

/**
 * One look at what was created since the cursor, one hour's overlap included, for those that turn
 * up late; only what the cursor does not know, oldest first. `now` is by the service's clock.
 */
export async function arrivals(
  query: Query,
  cursor: NextCursor,
  trustServer: boolean,
  now: () => number,
  session: Session,
): Promise<readonly Arrival[]> {
  const { resource, filter } = query;
  const { client } = await session.connect(resource.credential);
  // The service's clock is known once it has answered.
  if (client.requests === 0) {
    await servicePages(client, resource, filter)(1, session.context.signal);
  }
  const fromMs = cursor.newestMs === undefined ? now() - overlapMs : cursor.newestMs - overlapMs;
  const { createdAfter } = resource;
  const narrowed =
    createdAfter === undefined
      ? filter
      : narrowedTo(filter, resource.filters, createdAfter, new Date(fromMs));
  const source = await openSource({ ...query, filter: narrowed }, session, {
    trustServer,
    care: 'front',
    began: now,
    // A page or two, look after look: none is asked for in advance.
    ...(createdAfter !== undefined && { throttle: { width: 1 } }),
  });
  const found: Arrival[] = [];
  for await (const page of source.records()) {
    for (const record of page) {
      const createdMs = resource.createdAt(record.record);
      const isOld = Math.min(createdMs, now()) < fromMs;
      if (!isOld && !cursor.has(record.key)) found.push({ record, createdMs });
    }
  }
  // The service lists the newest first: what is of one time keeps the reverse of that.
  const timeOf = ({ createdMs }: Arrival) =>
    Number.isNaN(createdMs) ? Number.POSITIVE_INFINITY : createdMs;
  return found.reverse().sort((one, other) => timeOf(one) - timeOf(other) || 0);
}

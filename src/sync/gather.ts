import { cleanText, idIn } from '../database/values.ts';
import type { ExplainedError } from '../errors.ts';
import { openSource, type Query, serviceTime, withProgress } from '../query.ts';
import type { PageLog } from '../read/page-log.ts';
import { SeenKeys } from '../read/seen-keys.ts';
import type { Source } from '../read/source.ts';
import { type Filter, narrowedTo } from '../records/filter-field.ts';
import type { ServiceRecord } from '../records/record.ts';
import type { Session } from '../session.ts';

/** What a run has read of the account. */
export interface Gathered {
  readonly seen: SeenKeys;
  readonly walks: number;
  /** With a full walk: whether it was proven to have met everybody; false where some may be missing. */
  readonly stable: boolean | undefined;
  /** Whether somebody without an id may have come twice. */
  readonly keylessTwice: boolean;
  /** Exit 8: why some may be missing. */
  readonly failure: ExplainedError | undefined;
  /** Whose records these are, as a database takes it; undefined where they don't say, or are of several. */
  readonly customer: string | undefined;
  /** When the run began, by the service's clock. */
  readonly began: Date;
}

/** What moves by itself may be listed late, and clocks differ. */
const overlapMs = 3_600_000;

/** Takes the contacts of a run as they are read, each once. */
export type Take = (contacts: readonly ServiceRecord[]) => Promise<void>;

/** Reads everybody, or with `since` those who came or were seen since then. */
export async function gather(
  { query, trustServer }: { readonly query: Query; readonly trustServer: boolean },
  since: Date | undefined,
  log: PageLog,
  take: Take,
  session: Session,
): Promise<Gathered> {
  const { resource, now } = query;
  const { client } = await session.connect();
  const began = () => serviceTime(now, client.skewMs);
  const seen = new SeenKeys();
  const customers = new Set<string | undefined>();
  const sources: Source[] = [];
  const earlier = log.records;
  const readings = since === undefined ? [['', query.filter] as const] : windows(query, since);
  for (const [name, filter] of readings) {
    const source = await openSource({ ...query, filter }, session, {
      trustServer,
      care: since === undefined ? 'verify' : 'front',
      began: () => began().getTime(),
      log: name === '' ? log : sectionOf(log, name),
    });
    sources.push(source);
    const read = async () => {
      for await (const page of source.records()) {
        const contacts = page.filter((contact) => seen.meet(idIn(contact), 1) === 0);
        for (const { record } of contacts) customers.add(resource.customer?.(record));
        await take(contacts);
      }
    };
    const facts = { tally: () => source.walk.tally, earlier: () => earlier };
    await withProgress({ ...query, filter }, session, facts, read);
    for (const warning of source.warnings) session.log.warn(warning);
  }
  const tallies = sources.map(({ walk }) => walk.tally);
  const [customer] = customers.size === 1 ? customers : [];
  return {
    seen,
    walks: tallies.reduce((sum, { walks }) => sum + walks, 0),
    stable: tallies.some(({ stable }) => stable === false) ? false : tallies[0]?.stable,
    keylessTwice: tallies.some(({ keylessTwice }) => keylessTwice),
    // The sources themselves hold the keys of all that they met, which nobody needs any more.
    failure: sources.map(({ failure }) => failure).find((failure) => failure !== undefined),
    customer: customer && cleanText(customer),
    began: began(),
  };
}

/** What is newer by its creation, and by when it was seen. */
function windows({ filter, resource }: Query, since: Date): readonly (readonly [string, Filter])[] {
  const from = new Date(since.getTime() - overlapMs);
  return ['createdAfter', 'seenAfter'].map(
    (name) => [name, narrowedTo(filter, resource.filters, name, from)] as const,
  );
}

/** The same log for another reading of the same run, told apart by a word. */
function sectionOf(log: PageLog, word: string): Pick<PageLog, 'remember'> {
  return {
    remember: (source) => {
      const ask = log.remember(source);
      return (request, signal) => ask({ ...request, round: `${word}-${request.round}` }, signal);
    },
  };
}

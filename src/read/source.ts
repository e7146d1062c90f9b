import type { Client } from '../api/client.ts';
import type { Throttle } from '../api/throttle.ts';
import { ExplainedError, exitCodes } from '../errors.ts';
import type { RecordColumn } from '../records/columns.ts';
import type { Filter } from '../records/filter-field.ts';
import { type Page, readPage } from '../records/page.ts';
import type { ServiceRecord } from '../records/record.ts';
import type { Resource } from '../records/resource.ts';
import { wasListed } from './completeness.ts';
import { type Drop, Dropped } from './dropped.ts';
import { NamedAttributes } from './named-attributes.ts';
import type { PageLog } from './page-log.ts';
import { PartedWalk } from './parted-walk.ts';
import { type FetchPage, type PageRequest, Walk, type WalkOptions } from './walk.ts';
import { YoungHeap } from './young-heap.ts';

export type FetchServicePage = (
  page: number,
  signal: AbortSignal,
  decode?: DecodePage,
) => Promise<Page>;
export type DecodePage = (bytes: Uint8Array) => Page;

/** The filters that are read one after the other to have all records. */
export function partsOf(resource: Resource, filter: Filter): readonly Filter[] {
  return resource.parts?.(filter) ?? [filter];
}

/** How a page of this kind of records is read. */
export function pageDecoder({ key }: Resource): DecodePage {
  return (bytes) => readPage(bytes, key);
}

/** Pages of the records that match a filter; empty after the end. Read-only. */
export function servicePages(
  client: Client,
  resource: Resource,
  filter: Filter,
  { once = false } = {},
): FetchServicePage {
  const requestOf = resource.requests(filter);
  const decode = pageDecoder(resource);
  return (page, signal, read = decode) => {
    const { method, path, body } = requestOf(page);
    return client.ask(
      {
        method,
        path,
        ...(body && { body: JSON.stringify(body) }),
        label: `page ${page}`,
        signal,
        once,
      },
      read,
    );
  };
}

export interface SourceOptions {
  readonly client: Client;
  /** How many pages may be under way at once. */
  readonly throttle: Pick<Throttle, 'width'>;
  readonly signal: AbortSignal;
  readonly care: WalkOptions['care'];
  /** Keeps what breaks the filter, as if the service knew better. */
  readonly trustServer: boolean;
  /** When the run began, epoch ms by the service's clock: what is older existed then. */
  readonly began?: () => number;
  /** How many records are enough; no page is asked for beyond them, as far as can be told. */
  readonly enough?: number;
  /** The columns that are read. */
  readonly columns?: readonly RecordColumn[];
  /** In place of the real clock's waits. */
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
  /** Answers for the pages that it holds, and remembers those that have to be fetched. */
  readonly log?: Pick<PageLog, 'remember'> | undefined;
}

/** By fewer records nobody can guess how many of all pass. */
const fewLooked = 100;

/** The records that match, each once: a walk over pages, checked against the filter. */
export class Source {
  readonly walk: Pick<Walk, 'pages' | 'tally'>;
  readonly dropped = new Dropped();
  /** How many records passed. */
  kept = 0;
  /** How many came out of the walk. */
  #looked = 0;
  readonly #resource: Resource;
  readonly #attributes: NamedAttributes;
  readonly #check: ((record: ServiceRecord) => Drop | undefined) | undefined;

  constructor(resource: Resource, filter: Filter, options: SourceOptions) {
    const { client, throttle, signal, care, began, log, wait, columns = [] } = options;
    const { enough = Number.POSITIVE_INFINITY } = options;
    const decode = pageDecoder(resource);
    const parts = partsOf(resource, filter);
    // Who moves to a list that was read before is on no later one: all but the last once more.
    const lists = [...parts, ...parts.slice(0, -1)];
    const walks = lists.map((part, index) => (met: number) => {
      const fetchPage = servicePages(client, resource, part);
      const logged: FetchPage = log
        ? log.remember({ fetchPage, decode, repeats: care === 'verify' })
        : async ({ page }, stop) => (await fetchPage(page, stop)).records;
      return new Walk({
        fetchPage: (request, stop) => logged(ofPart(index, request), stop),
        width: () => throttle.width,
        signal,
        care,
        ...(wait && { wait }),
        ...(began && {
          createdAt: ({ record }: ServiceRecord) => resource.createdAt(record),
          existedBefore: ({ record }: ServiceRecord) =>
            wasListed(resource.createdAt(record), began()),
        }),
        isEnough: (next) => this.kept + this.#keptOf(next) >= enough,
        // A log could not tell a page that was read among others from one that was read in order.
        ...(log === undefined &&
          enough < Number.POSITIVE_INFINITY && { limit: () => this.#toMeet(enough) - met }),
      });
    });
    const [only] = walks;
    this.walk = only !== undefined && walks.length === 1 ? only(0) : new PartedWalk(walks);
    this.#resource = resource;
    this.#check = checkOf(filter, options.trustServer);
    this.#attributes = new NamedAttributes(resource.columns, [
      ...columns,
      ...filter.flatMap((condition) => condition.columns),
    ]);
  }

  /** A page at a time. Throws ExplainedError when a page can't be had. */
  async *records(): AsyncGenerator<readonly ServiceRecord[]> {
    const heap = new YoungHeap();
    try {
      for await (const page of this.walk.pages()) {
        await heap.look();
        this.#attributes.look(page);
        this.#looked += page.length;
        const kept = this.#check ? page.filter((record) => this.#stays(record)) : page;
        this.kept += kept.length;
        yield kept;
      }
    } finally {
      heap.release();
    }
  }

  /** How many of a page pass. */
  #keptOf(page: readonly ServiceRecord[]): number {
    const check = this.#check;
    return check ? page.filter((record) => check(record) === undefined).length : page.length;
  }

  /** How many have to be met for so many that pass, if as many go on to pass as did so far. */
  #toMeet(enough: number): number {
    // A few say little, and no page is asked for that may not be needed.
    const share = this.#looked < fewLooked ? 1 : (this.kept + 1) / (this.#looked + 1);
    return this.#looked + (enough - this.kept) / (this.#check ? share : 1);
  }

  /** What the user should know of records that were left out, or can't be told apart. */
  get warnings(): readonly string[] {
    const { one, many } = this.#resource;
    const { keyless } = this.walk.tally;
    const count = keyless === 1 ? `1 ${one} has` : `${keyless} ${many} have`;
    const unnamed = keyless > 0 ? [`${count} no id, and can be told apart by content alone`] : [];
    return [
      ...this.dropped.warnings(this.#resource),
      ...unnamed,
      ...this.#attributes.warnings(this.#resource),
    ];
  }

  /** Throws exit 8 when some records may be missing, or may have come twice. */
  checkComplete(): void {
    const { failure } = this;
    if (failure !== undefined) throw failure;
  }

  /** What checkComplete throws. */
  get failure(): ExplainedError | undefined {
    const { stable, shuffled, walks, keylessTwice } = this.walk.tally;
    const { many } = this.#resource;
    if (stable === false) return shuffled ? shuffledPages(many) : unstable(walks, many);
    if (!keylessTwice) return undefined;
    return incomplete(
      'keyless-twice',
      `${many} without an id may have come twice: the account changed while it was read`,
      'what was found is written; look for doubles in it, or run it again',
    );
  }

  #stays(record: ServiceRecord): boolean {
    const drop = this.#check?.(record);
    if (drop !== undefined) this.dropped.add(drop);
    return drop === undefined;
  }
}

/** The log holds the pages of all parts. */
function ofPart(index: number, request: PageRequest): PageRequest {
  return index === 0 ? request : { ...request, round: `part${index}:${request.round}` };
}

/** Exit 8: so many walks did not prove that all `many` were met. */
export function unstable(walks: number, many: string): ExplainedError {
  return incomplete(
    'unstable',
    `after ${walks} walks ${many} that were missed still turn up: some may be missing`,
    'what was found is written; run it again when the account changes less',
  );
}

function shuffledPages(many: string): ExplainedError {
  return incomplete(
    'unstable',
    `the service sends ${many} of one page on others again: some may be on none`,
    'what was found is written; narrow the filters, and report it to the service',
  );
}

function incomplete(code: string, message: string, hint: string): ExplainedError {
  return new ExplainedError({ exit: exitCodes.incomplete, code, message, hint });
}

/** Whether anything of a filter is decided here, record by record. */
export function isChecked(filter: Filter, trustServer: boolean): boolean {
  return checkOf(filter, trustServer) !== undefined;
}

function checkOf(filter: Filter, trustServer: boolean) {
  const checked = filter.filter(({ check }) => check !== undefined);
  // What the service should have left out is told first.
  const checks = [
    ...checked.filter(({ local }) => !local && !trustServer),
    ...checked.filter(({ local }) => local),
  ];
  if (checks.length === 0) return undefined;
  return (record: ServiceRecord): Drop | undefined => {
    for (const condition of checks) {
      const mismatch = condition.check?.(record);
      if (mismatch !== undefined) return { mismatch, flag: condition.flag };
    }
    return undefined;
  };
}

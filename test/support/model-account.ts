import type { FetchPage } from '../../src/read/walk.ts';
import type { ServiceRecord } from '../../src/records/record.ts';

/** An account in memory: ids newest first, cut into pages by offset as the service does. */
export class ModelAccount {
  ids: string[];
  /** `round:page` of each request, with a `!` where the answer must be fresh. */
  readonly requests: string[] = [];
  pageSize: number;
  /** Called before each answer, with the number of requests so far. */
  before: (request: number) => void | Promise<void> = () => {};

  constructor(count: number, pageSize: number) {
    this.pageSize = pageSize;
    this.ids = Array.from({ length: count }, (_, index) => objectId(count - index));
  }

  readonly fetchPage: FetchPage = async ({ round, page, afresh }) => {
    this.requests.push(`${round}:${page}${afresh ? '!' : ''}`);
    await this.before(this.requests.length);
    const from = (page - 1) * this.pageSize;
    return this.ids.slice(from, from + this.pageSize).map(contactOf);
  };
}

export function objectId(number: number): string {
  return number.toString(16).padStart(24, '0');
}

export function contactOf(id: string): ServiceRecord {
  return { key: id, keyless: false, record: { _id: id }, json: JSON.stringify({ _id: id }) };
}

export async function keysOf(pages: AsyncIterable<readonly ServiceRecord[]>): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of pages) keys.push(...page.map((contact) => contact.key));
  return keys;
}

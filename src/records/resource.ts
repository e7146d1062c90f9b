import type { Json } from '../table.ts';
import type { ColumnSet } from './columns.ts';
import type { Filter, FilterOptions, FilterSet, JsonObject } from './filter-field.ts';

/** How one page is asked for. */
export interface PageRequest {
  readonly method: 'GET' | 'POST';
  /** Below the service's address, query included. */
  readonly path: string;
  readonly body?: JsonObject;
}

/** Which secret a kind of record is asked with; no other is sent. */
export type Credential = 'token' | 'bot-token';

/** A kind of record that the service lists: all that tells it from another kind. */
export interface Resource {
  /** Of one and of several, for messages. */
  readonly one: string;
  readonly many: string;
  readonly credential: Credential;
  /** Filters that are read one after the other where one list does not hold all; else none. */
  readonly parts?: (filter: Filter) => readonly Filter[];
  /** How the pages of a filter are asked for. */
  readonly requests: (filter: Filter) => (page: number) => PageRequest;
  /** Tells one record from another; undefined where it holds nothing that could. */
  readonly key: (record: Json) => string | undefined;
  /** Epoch milliseconds; NaN where it can't be read. */
  readonly createdAt: (record: Json) => number;
  /** Whose record it is, where records say so: by this accounts are told apart. */
  readonly customer?: (record: Json) => string | undefined;
  readonly columns: ColumnSet;
  readonly filters: FilterSet;
  /** The filter that leaves out what was created earlier, where the service has one. */
  readonly createdAfter?: string;
  /** Throws a usage error for filters that contradict each other. */
  readonly checkFilters?: (typed: FilterOptions) => void;
}

import type { FilterOptions } from '../filter-field.ts';
import { at, textOf } from '../record.ts';
import type { Resource } from '../resource.ts';
import { instantOf } from '../times.ts';
import { contactColumns } from './columns.ts';
import { checkContactFilters, contactFilters } from './filters.ts';
import { contactKey } from './key.ts';
import { requestBody } from './request-body.ts';

/** The contacts of an account. The POST only reads. */
export const contacts: Resource = {
  one: 'contact',
  many: 'contacts',
  credential: 'token',
  requests: (filter) => {
    const body = requestBody(filter);
    return (page) => ({ method: 'POST', path: 'inbox/users', body: { ...body, page } });
  },
  key: contactKey,
  createdAt: (record) => instantOf(at(record, 'createdAt')),
  customer: (record) => textOf(at(record, '_customer')) || undefined,
  columns: contactColumns,
  filters: contactFilters,
  createdAfter: 'createdAfter',
  checkFilters: (typed: FilterOptions) => checkContactFilters(typed),
};

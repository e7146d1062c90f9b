import { contactKey } from '../contacts/key.ts';
import type { Condition, Filter } from '../filter-field.ts';
import { at } from '../record.ts';
import type { Resource } from '../resource.ts';
import { instantOf } from '../times.ts';
import { leadColumns } from './columns.ts';
import { leadFilters } from './filters.ts';

/** The people who came by a bot's website widget: "Website Contacts" of the service. */
export const leads: Resource = {
  one: 'lead',
  many: 'leads',
  credential: 'bot-token',
  requests: (filter) => {
    const { botId = '', customerId = '', type = 'lead' } = parametersOf(filter);
    return (page) => {
      const query = new URLSearchParams({ botId, customerId, page: String(page), type });
      return { method: 'GET', path: `inbox/direct/chats?${query}` };
    };
  },
  parts: (filter) =>
    parametersOf(filter)['type'] === 'all'
      ? [ofType(filter, 'lead'), ofType(filter, 'non-lead')]
      : [filter],
  key: contactKey,
  createdAt: (record) => instantOf(at(record, 'createdAt')),
  columns: leadColumns,
  filters: leadFilters,
};

function parametersOf(filter: Filter): { readonly [name: string]: string } {
  return Object.assign({}, ...filter.map(({ body }) => body));
}

/** No single list of the service holds both types. */
function ofType(filter: Filter, type: string): Filter {
  return filter.map((condition: Condition) =>
    condition.name === 'type' ? { ...condition, body: { type } } : condition,
  );
}

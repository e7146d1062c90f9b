import { botFlags, neededBot } from '../../cli/bot-flags.ts';
import { filterFlags } from '../../cli/filter-flags.ts';
import { type OptionsOf, valueFlag } from '../../cli/flag.ts';
import type { FilterOptions } from '../../records/filter-field.ts';
import { type LeadType, leadFilters, leadTypes } from '../../records/leads/filters.ts';
import type { Session } from '../../session.ts';

const { where } = filterFlags({ where: leadFilters.where });

/** The flags that say whose leads, and which of them. */
export const leadFlags = {
  ...botFlags,
  type: valueFlag<LeadType>('--type <type>', 'lead, non-lead or all', {
    group: 'Filters',
    choices: leadTypes,
    otherwise: 'lead',
  }),
  where,
};

/** What was asked for. Throws a usage error where no bot is named. */
export async function leadsAskedFor(
  options: OptionsOf<typeof leadFlags>,
  session: Session,
): Promise<FilterOptions> {
  const { type, where: tests } = options;
  return { ...(await neededBot(options, session)), type, ...(tests && { where: tests }) };
}

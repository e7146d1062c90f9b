import type { Column } from '../table.ts';
import type { OptionsOf } from './flag.ts';
import { outputFlags, ownColumnsFlag, truncateFlag } from './output-flags.ts';
import { zoneFlag } from './request-flags.ts';

/** The flags of a command that lists things which are no records of the service. */
export function listingFlags(columns: readonly Column[]) {
  return {
    columns: ownColumnsFlag(columns.map(({ name }) => name)),
    ...outputFlags(),
    truncate: truncateFlag,
    ...zoneFlag,
  };
}

export type ListingOptions = OptionsOf<ReturnType<typeof listingFlags>>;

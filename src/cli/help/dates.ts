import { dateForms } from '../../records/dates.ts';
import { rows } from './rows.ts';

/** What may stand for `<date>`. */
export const datesText = (
  width: number,
) => `Dates, for --created-after and its like, and for --where

${rows(dateForms, width)}

A bare date is a day in --tz ZONE (default: your system's zone, or TZ). Where
the clocks skip a time it moves on by as much; of a time that comes twice the
earlier one is meant.

"after" includes the instant, "before" does not: two months that meet share
nobody. To the service goes a window one second wider, and what comes back is
cut exactly. -v says which instants a run uses, in UTC. In --where a bare date
is the whole day: 'created_at=2026-11-01', 'last_seen_at<30d'.

  reekolect contacts export --created-after 2026-10-01 \\
    --created-before 2026-11-01 -o october.csv
  reekolect contacts count --created-after "last month" \\
    --created-before "this month"
  reekolect contacts list --seen-before 3mo --tz Africa/Johannesburg`;

import { columnNames } from '../../records/columns.ts';
import { contactColumns } from '../../records/contacts/columns.ts';
import { folded, rows } from './rows.ts';

/** What may stand in --columns. */
export const columnsText = (width: number) => `Columns, for --columns and --sort

  ${folded(columnNames(contactColumns).join(' '), 2, { width })}

${rows(
  [
    ['attr.KEY', 'a custom attribute, such as attr.city'],
    ['.a.b.c', 'any path in the record, such as .profile.notes'],
    ['attrs', 'every attribute as a column (export to a file)'],
    ['all', 'every column'],
  ],
  width,
)}

Default: ${folded(contactColumns.defaults.join(' '), 2, { first: 9, width })}.
At a terminal: ${folded(
  `${(contactColumns.tableDefaults ?? []).join(' ')}, as many from the left as fit; a line below names the rest.`,
  2,
  { first: 15, width },
)}

HEADER=COLUMN gives a column another header, as a CRM wants it. It splits at
the first =; \\= is a plain one, \\, a plain comma. A column may come twice, a
header may not. --sort and --where go by the column, all else by the header.

first_name is the name up to its first blank, last_name the rest. segment_names
and agent_name are looked up, once a run; without an answer they are ids. phone
is E.164 where it can be read as one, else what the service holds. Times are
RFC 3339 UTC for machines, local for people, and in --tz in xlsx and --excel.
Lists are joined by "; ". json and ndjson without --columns are the records as
the service sent them.

  reekolect contacts list --columns name,phone,attr.city
  reekolect contacts export --columns all -o contacts.csv
  reekolect contacts export -o crm.csv \\
    --columns "Mobile=phone,First Name=first_name"`;

import { columnNames } from '../../records/columns.ts';
import { contactColumns } from '../../records/contacts/columns.ts';
import { folded, rows } from './rows.ts';

/** What may stand in --columns. */
export const columnsText = `Columns, for --columns and --sort

  ${folded(columnNames(contactColumns).join(' '), 2)}

${rows([
  ['attr.KEY', 'a custom attribute, such as attr.city'],
  ['.a.b.c', 'any path in the record, such as .profile.notes'],
  ['attrs', 'every attribute as a column (export to a file)'],
  ['all', 'every column'],
])}

Default: ${folded(contactColumns.defaults.join(' '), 2, { first: 9 })}.

Times are RFC 3339 UTC for machines, local for people. phone is E.164 where it
can be read as one, else what the service holds. Lists are joined by "; ".
json and ndjson without --columns are the records as the service sent them.

  reekolect contacts list --columns name,phone,attr.city
  reekolect contacts export --columns all -o contacts.csv`;

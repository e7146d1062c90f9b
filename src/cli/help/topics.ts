import { exitCodes, exitMeanings } from '../../errors.ts';
import { type FormatName, formatFacts, formatNames } from '../../output/formats.ts';
import { columnNames } from '../../records/columns.ts';
import { contactColumns } from '../../records/contacts/columns.ts';
import { knownStatuses } from '../../records/contacts/filters.ts';
import { dateForms } from '../../records/dates.ts';
import { wrap } from '../../terminal/text-width.ts';
import { cronText } from './cron.ts';
import { environmentVariables } from './environment.ts';
import type { TopicName } from './topic-names.ts';

const formatWords: { readonly [name in FormatName]: string } = {
  table: 'for people: as wide as the terminal',
  tsv: 'tab-separated, one line a contact; tabs and newlines escaped',
  csv: 'RFC 4180, UTF-8; cells guarded against formulas',
  json: 'one array',
  ndjson: 'one JSON object a line',
  markdown: 'a table for documents',
  vcf: 'vCards for address books; --vcard 3.0 for Outlook',
  xlsx: 'a workbook for Excel, phones as text, times as times',
  parquet: 'columns for DuckDB, pandas and their like',
};

/** Help on what is no command, in lines of 80 columns at most. */
export const topics: { readonly [name in TopicName]: string } = {
  environment: `Environment variables

${rows(Object.entries(environmentVariables))}

A flag goes before the environment, the environment before the settings file
(reekolect config list shows what is in force and why). REEKOLECT_TOKEN goes
before REEKOLECT_TOKEN_FILE, and that before the stored token. There is no flag
that takes a token: it would show in the list of processes.`,

  'exit-codes': `Exit codes

${rows(Object.entries(exitCodes).map(([name, code]) => [String(code), meaningOf(name)]))}

Errors go to stderr: "error:" with what happened, then a line on what to do.
With --errors json they are one object: {"code","message","hint","status"};
code is a word that stays the same, status the HTTP status where there was one.

  reekolect contacts export -o all.csv
  case $? in
    0) echo complete ;;
    75) echo "still running" ;;
    8) echo "some contacts may be missing" ;;
  esac`,

  filters: `Filters, for list, export, count, stats and view save

All that are given must be met. Lists: repeat the flag or use commas, \\, being
a comma; of one list, any will do as the service defines it.

  --tag vip,gold --tag "Cape Town"
  --status OPEN,REVIEW       ${folded(`${knownStatuses.join(' ')}, or one of your own`, 29)}
  --online / --no-online     a yes, a no, or nothing asked
  --segment "VIP Cape Town"  a name, or an id of 24 hexadecimal digits

Dates: --created-after 7d, --seen-before 2026-11-01; reekolect help dates

A row that provably breaks a filter is left out, with a warning that names the
filter; --trust-server keeps it. --dry-run prints the request, sends nothing.

Views keep filters under a name; flags beside a view win, field by field:

  reekolect view save vip --tag vip --created-after 7d
  reekolect contacts list --view vip --created-after 30d
  reekolect contacts count --view vip --no-online`,

  dates: `Dates, for --created-after and its like

${rows(dateForms)}

A bare date is a day in --tz ZONE (default: your system's zone, or TZ). Where
the clocks skip a time it moves on by as much; of a time that comes twice the
earlier one is meant.

"after" includes the instant, "before" does not: two months that meet share
nobody. To the service goes a window one second wider, and what comes back is
cut exactly. -v says which instants a run uses, in UTC.

  reekolect contacts export --created-after 2026-10-01 \\
    --created-before 2026-11-01 -o october.csv
  reekolect contacts count --created-after "last month" \\
    --created-before "this month"
  reekolect contacts list --seen-before 3mo --tz Africa/Johannesburg`,

  formats: `Formats, for --format and the extension of -o FILE

${rows(formatNames.map((name) => [name, aboutFormat(name)]))}

Every extension may be followed by .gz. Without --format and -o, list shows a
table on a terminal and tsv in a pipe; export writes csv.

Columns, for --columns (default: ${folded(contactColumns.defaults.join(' '), 0, 46)}):

  ${folded(columnNames(contactColumns).join(' '), 2)}

  attr.KEY     a custom attribute, such as attr.city
  .a.b.c       any path in the record, such as .profile.notes
  attrs        every attribute as a column (export to a file)
  all          every column

json and ndjson without --columns are the records as the service sent them.
Times are RFC 3339 UTC for machines, local for people. Spreadsheets: --excel
adds what Excel needs, --no-guard takes away the guard against formulas.`,

  cron: cronText,
};

function meaningOf(name: string): string {
  return exitMeanings[name as keyof typeof exitMeanings];
}

function aboutFormat(name: FormatName): string {
  const { extensions } = formatFacts(name);
  const ends = extensions.map((extension) => `.${extension}`).join(' ');
  return `${ends.padEnd(16)} ${formatWords[name]}`;
}

/** Two columns; a long second one goes on below itself. */
function rows(items: readonly (readonly [string, string])[]): string {
  const width = Math.max(...items.map(([left]) => left.length));
  return items
    .map(([left, right]) => `  ${left.padEnd(width)}  ${folded(right, width + 4)}`)
    .join('\n');
}

/** Breaks at spaces so that lines which begin at `indent` end before column 80. */
function folded(text: string, indent: number, first = indent): string {
  return wrap(text, 79 - indent, 'keep', 79 - first).join(`\n${' '.repeat(indent)}`);
}

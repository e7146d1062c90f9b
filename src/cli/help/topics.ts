import { exitCodes, exitMeanings } from '../../errors.ts';
import { type FormatName, formatFacts, formatNames } from '../../output/formats.ts';
import { knownStatuses } from '../../records/contacts/filters.ts';
import { operators } from '../../records/where-syntax.ts';
import { columnsText } from './columns.ts';
import { cronText } from './cron.ts';
import { datesText } from './dates.ts';
import { environmentVariables } from './environment.ts';
import { flagsText } from './flags.ts';
import { paragraph, rows, usualWidth } from './rows.ts';
import { syncText } from './sync.ts';
import type { TopicName } from './topic-names.ts';

const formatWords: { readonly [name in FormatName]: string } = {
  table: 'for people: as wide as the terminal',
  tsv: 'tab-separated; tabs and newlines are escaped',
  csv: 'RFC 4180, UTF-8; cells guarded against formulas',
  json: 'one array',
  ndjson: 'one JSON object a line',
  markdown: 'a table for documents',
  vcf: 'vCards for address books; --vcard 3.0 for Outlook',
  xlsx: 'for Excel: phones as text, times as dates in --tz',
  parquet: 'columns for DuckDB, pandas and their like',
};

/** Help on what is no command, for a terminal of that width; lines to copy stay whole. */
export function topicText(name: TopicName, width = usualWidth): string {
  const blocks = texts[name](width).split('\n\n');
  return blocks.map((block) => paragraph(block, width)).join('\n\n');
}

const texts: { readonly [name in TopicName]: (width: number) => string } = {
  environment: (width) => `Environment variables

${rows(Object.entries(environmentVariables), width)}

A flag goes before the environment, the environment before the settings file
(reekolect config list shows what is in force and why). REEKOLECT_TOKEN goes
before REEKOLECT_TOKEN_FILE, and that before the stored token. There is no flag
that takes a token: it would show in the list of processes.`,

  'exit-codes': (width) => `Exit codes

${rows(
  Object.entries(exitCodes).map(([name, code]) => [String(code), meaningOf(name)]),
  width,
)}

Errors go to stderr: "error:" with what happened, then a line on what to do.
With --errors json they are one object: {"code","message","hint","status"};
code is a word that stays the same, status the HTTP status where there was one.

  reekolect contacts export -o all.csv
  case $? in
    0) echo complete ;;
    75) echo "still running" ;;
    8) echo "some contacts may be missing" ;;
  esac`,

  filters: (width) => `Filters, for list, export, count, stats, sync, watch and view save

All that are given must be met. Lists: repeat the flag or use commas, \\, being
a comma; of one list, any will do as the service defines it.

${rows(
  [
    ['--tag vip,gold --tag "Cape Town"', ''],
    ['--status OPEN,REVIEW', `${knownStatuses.join(' ')}, or one of your own`],
    ['--online / --no-online', 'a yes, a no, or nothing asked'],
    ['--segment "VIP Cape Town"', 'a name, or an id of 24 hexadecimal digits'],
  ],
  width,
)}

Dates: --created-after 7d, --seen-before 2026-11-01; reekolect help dates

Any column, --where TEST, decided by the tool for each record that comes back:

${rows(operators, width)}

Put tests in single quotes: a shell takes > and ! for itself, and would leave
a file named 3. The first operator splits, \\= is a plain one; a test is not
split at commas: repeat --where, and all must hold. A list matches by any of
its items ('tags!=cold': by none of them). < and > compare numbers, else dates:
a bare date is the whole day, 'last_message_at<30d' is before that instant. A
value that is absent passes != and !~ alone. A yes-or-no column alone is yes.
Every page that the other filters leave has to be read, for count too.

A row that provably breaks another filter is left out, with a warning that
names the filter; --trust-server keeps it. --dry-run prints the request and
sends nothing.

--body is merged over that request, for a field without a flag. The service may
pay no heed to a field unless applicableFilters names it, so name it there too:

  reekolect contacts count \\
    --body '{"isSubscriber":true,"applicableFilters":["isSubscriber"]}'

Views keep filters under a name; flags beside a view win, field by field, but
for --where: both hold.

  reekolect view save vip --tag vip --created-after 7d
  reekolect contacts list --view vip --created-after 30d
  reekolect contacts count --view vip --no-online`,

  formats: (width) => `Formats, for --format and the extension of -o FILE

${rows(
  formatNames.map((name) => [name, aboutFormat(name)]),
  width,
)}

Every extension may be followed by .gz. Without --format and -o, list shows a
table on a terminal and tsv in a pipe, with --excel or --delimiter csv; export
writes csv.

json and ndjson without --columns are the records as the service sent them;
JSON on a terminal is indented. Columns: reekolect help columns.

--jq EXPR is real jq over them: over each record for ndjson, its own format,
once over the array of all for json. A result a line, strings without quotes
(a line break in one is \\n); it sees the columns where --columns names some.

  reekolect contacts list --all --jq '.profile.userDetails.tags[]?' | sort -u
  reekolect contacts export --format json --jq 'map(.status) | unique'

csv is for programs, and for the import of a CRM. --excel makes it one that a
spreadsheet opens: times as dates in --tz, and what it would take for something
else (phones, 1-2, 16:9, 50%, TRUE, 007) as ="text", which Excel keeps and saves
as what it was; LibreOffice asks: tick "Evaluate formulas". Where commas are
decimal, Excel parts cells by --delimiter ';'.

A cell that would run as a formula gets a leading ', and so does each part of it
behind a , ; | or tab; --no-guard leaves them. xlsx needs none. A cell of it
holds 32,767 characters, a sheet 1,048,576 rows: what is longer is cut or goes
on in the next sheet, with a warning.

  reekolect contacts export -o contacts.xlsx
  reekolect contacts export --excel --delimiter ';' -o kontakte.csv
  reekolect contacts export -o contacts.ndjson.gz`,

  dates: datesText,
  columns: columnsText,
  flags: flagsText,
  cron: cronText,
  sync: syncText,
};

function meaningOf(name: string): string {
  return exitMeanings[name as keyof typeof exitMeanings];
}

function aboutFormat(name: FormatName): string {
  const { extensions } = formatFacts(name);
  if (extensions.length === 0) return formatWords[name];
  return `${formatWords[name]} (${extensions.map((extension) => `.${extension}`).join(' ')})`;
}

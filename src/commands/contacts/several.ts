import type { GlobalOptions, OutputOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { type ExplainedError, usageError } from '../../errors.ts';
import { table } from '../../output/formats/table.ts';
import { parseColumns } from '../../records/contacts/columns.ts';
import type { ServiceRecord } from '../../records/record.ts';
import { formatOptions } from '../output.ts';
import { alone } from '../write-table.ts';
import { rowsOf } from './rows.ts';

interface Setting {
  readonly options: GlobalOptions & OutputOptions;
  readonly context: Context;
  readonly zone: () => string;
}

const columns = parseColumns(['id', 'name', 'phone', 'email', 'status', 'created_at']);
const mostInHint = 5;

/** Lists the contacts to choose from on stderr, and returns the error that says so. */
export async function severalMatches(
  found: readonly ServiceRecord[],
  words: string,
  { options, context, zone }: Setting,
): Promise<ExplainedError> {
  const ids = found.map((contact) => String(columns[0]?.read(contact)));
  const message = `${found.length} contacts have ${words}`;
  // One JSON object is all that a reader of --errors json expects.
  if (options.errors === 'json') {
    const more = ids.length > mostInHint ? ', …' : '';
    const some = ids.slice(0, mostInHint).join(', ');
    return usageError(message, `use the id of one: ${some}${more}`, 'several-matches');
  }
  const { stderr } = context;
  const pages = rowsOf(alone(found), columns);
  const shown = formatOptions(options, { ...context, stdout: stderr }, zone);
  for await (const text of table({ columns, whole: false, pages }, shown)) stderr.write(text);
  return usageError(message, 'use the id of one, from the list above', 'several-matches');
}

import type { GlobalOptions, OutputOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { ExplainedError, exitCodes } from '../../errors.ts';
import { formatFacts } from '../../output/formats.ts';
import { openReading } from '../../read/source.ts';
import { readWanted, type Wanted } from '../../records/contacts/lookup.ts';
import { requestBody } from '../../records/contacts/request-body.ts';
import type { ServiceRecord } from '../../records/record.ts';
import { Log } from '../../terminal/log.ts';
import { fillIn, planOutput } from '../output.ts';
import { describeRequest, openQuery, type Query } from './query.ts';
import { severalMatches } from './several.ts';
import { showContact } from './show-contact.ts';
import { chooseColumns } from './table.ts';

export interface GetOptions extends GlobalOptions, OutputOptions {
  readonly allChats?: boolean;
  readonly dryRun: boolean;
}

/** Shows one contact, all its fields. */
export async function run(options: GetOptions, context: Context, text: string): Promise<void> {
  const log = new Log(context, options);
  const plan = fillIn(planOutput(options, 'table'), options, context);
  const possible = formatFacts(plan.format).columns;
  const everything = possible === undefined ? ['all'] : undefined;
  const choice = chooseColumns(options.columns ?? everything, true, possible);
  const wanted = readWanted(text);
  const query = await openQuery({ ...options, trustServer: true }, context, log);
  try {
    if (options.dryRun) {
      const first = narrowed(query, wanted.shortcut);
      context.stdout.write(await describeRequest(first, options, context));
      return;
    }
    const found = await find(wanted, query, context, log);
    const [contact, another] = found;
    if (contact === undefined) throw notFound(wanted, options);
    if (another !== undefined) {
      throw await severalMatches(found, wanted.words, { options, context, zone: query.zone });
    }
    await showContact(contact, choice, { plan, query, options, context, log });
  } finally {
    log.hush();
    await query.close();
  }
}

/** Asks for what is likeliest, then for everything: how the service searches is not documented. */
async function find(
  wanted: Wanted,
  query: Query,
  context: Context,
  log: Log,
): Promise<readonly ServiceRecord[]> {
  for (const shortcut of [wanted.shortcut, {}]) {
    const found: ServiceRecord[] = [];
    const narrow = narrowed(query, shortcut);
    log.debug(`looks for ${wanted.words} with the filters ${JSON.stringify(shortcut)}`);
    const reading = await openReading(narrow, context, { trustServer: true, care: 'front' });
    log.progress(() => `${reading.walk.tally.unique.toLocaleString('en')} contacts looked at …`);
    for await (const page of reading.contacts) {
      found.push(...page.filter(wanted.fits));
      if (wanted.unique && found.length > 0) break;
    }
    log.hush();
    if (found.length > 0) return found;
  }
  return [];
}

function narrowed(query: Query, shortcut: Wanted['shortcut']): Query {
  const filter = { ...query.filter, ...shortcut };
  return { ...query, filter, body: requestBody(filter) };
}

function notFound({ words }: Wanted, { allChats }: GetOptions): ExplainedError {
  const late = 'new leads can take 15 minutes to appear';
  return new ExplainedError({
    exit: exitCodes.nothing,
    code: 'not-found',
    message: `no contact has ${words}`,
    hint: allChats ? late : `visitors are looked through with --all-chats; ${late}`,
  });
}

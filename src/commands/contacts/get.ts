import { type OptionsOf, switchFlag } from '../../cli/flag.ts';
import { jqFlag, outputFlags, recordColumnsFlags } from '../../cli/output-flags.ts';
import { dryRunFlag, zoneFlag } from '../../cli/request-flags.ts';
import { verb } from '../../cli/verb.ts';
import { ExplainedError, exitCodes } from '../../errors.ts';
import type { Query } from '../../query.ts';
import { chooseColumns } from '../../records/columns.ts';
import type { Lookup } from '../../records/contacts/lookup.ts';
import { contacts } from '../../records/contacts/resource.ts';
import type { FilterOptions } from '../../records/filter-field.ts';
import type { ServiceRecord } from '../../records/record.ts';
import type { Session } from '../../session.ts';

const flags = {
  ...recordColumnsFlags(contacts.columns, { attributes: true }),
  ...outputFlags(),
  ...jqFlag,
  allChats: switchFlag('--all-chats', 'look through visitors too'),
  ...zoneFlag,
  ...dryRunFlag,
};

export const get = verb({
  name: 'get',
  summary: 'show one contact, all its fields',
  args: [{ name: '<id|email|phone>', help: 'a phone may be written in any way' }],
  flags,
  examples: [
    'reekolect contacts get megan@example.com',
    'reekolect contacts get "082 123 4567" --columns name,status,attr.city',
    'reekolect contacts get 66e07fd940c43d176eaf0b71 --jq .profile.userDetails.tags',
  ],
  more: 'A json contact is one object, as the service sent it. Exit 9: there is none; exit 2: several.',
  run,
});

async function run(
  options: OptionsOf<typeof flags>,
  session: Session,
  [text = '']: readonly string[],
): Promise<void> {
  const { context } = session;
  const [{ readLookup }, queries, { planOutput, holdTarget }, { formatFacts }] = await Promise.all([
    import('../../records/contacts/lookup.ts'),
    import('../../query.ts'),
    import('../../output/write.ts'),
    import('../../output/formats.ts'),
  ]);
  const plan = planOutput(options, {
    otherwise: 'table',
    ...session.outputFacts(options.tz),
    lone: true,
  });
  const possible = formatFacts(plan.format).columns;
  const everything = possible === undefined ? ['all'] : undefined;
  const choice = chooseColumns(contacts.columns, options.columns ?? everything, {
    toFile: true,
    possible,
    typed: options.columnsTyped === true,
  });
  const lookup = readLookup(text);
  await plan.jq?.check();
  const scope: FilterOptions = options.allChats ? { allChats: true } : {};
  const settle = (narrow: FilterOptions) =>
    queries.settleQuery(contacts, { ...scope, ...narrow }, options, session);
  const narrowed = await settle(lookup.narrow);
  if (options.dryRun) {
    context.stdout.write(await queries.describeRequest(narrowed, session));
    return;
  }
  const held = plan.file === undefined ? undefined : await holdTarget(plan.file);
  try {
    // How the service searches is not documented: first what is likeliest, then everybody.
    const found =
      (await find(lookup, narrowed, session)) ??
      (await find(lookup, await settle({}), session)) ??
      [];
    const [contact, another] = found;
    if (contact === undefined) throw notFound(lookup, options.allChats);
    const { showDetails, listAmbiguous } = await import('./details.ts');
    if (another !== undefined) throw await listAmbiguous(found, lookup.words, plan, session);
    const chosen = options.columns !== undefined;
    const formatted = (options.format ?? options.jq) !== undefined;
    await showDetails(contact, { choice, chosen, plan, formatted, held }, session);
  } finally {
    await held?.lock.release();
  }
}

/** Undefined where nobody matches. */
async function find(
  lookup: Lookup,
  query: Query,
  session: Session,
): Promise<readonly ServiceRecord[] | undefined> {
  const { openSource } = await import('../../query.ts');
  const { log, spinner } = session;
  log.debug(`looks for ${lookup.words} with the filters ${JSON.stringify(query.typed)}`);
  const source = await openSource(query, session, { trustServer: true, care: 'front' });
  spinner.show(() => `${source.walk.tally.unique.toLocaleString('en')} contacts looked at …`);
  const found: ServiceRecord[] = [];
  for await (const page of source.records()) {
    found.push(...page.filter(lookup.matches));
    if (lookup.unique && found.length > 0) break;
  }
  spinner.end();
  if (found.length > 0) return found;
  source.checkComplete();
  return undefined;
}

function notFound({ words }: Lookup, allChats: boolean): ExplainedError {
  const late = 'new leads can take 15 minutes to appear';
  return new ExplainedError({
    exit: exitCodes.nothing,
    code: 'not-found',
    message: `no contact has ${words}`,
    hint: allChats ? late : `visitors are looked through with --all-chats; ${late}`,
  });
}

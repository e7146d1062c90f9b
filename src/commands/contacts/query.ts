import { contactsPath } from '../../api/contacts.ts';
import type { GlobalOptions, RequestOptions } from '../../cli/flags.ts';
import type { Context } from '../../context.ts';
import { type Filter, type FilterFlags, readFilter } from '../../records/contacts/filters.ts';
import { type Body, requestBody } from '../../records/contacts/request-body.ts';
import { checkZone, systemZone } from '../../records/dates.ts';
import { accountOf, type Connection, connect } from '../../session.ts';
import { readSettings } from '../../state/settings.ts';
import { maskToken } from '../../state/token.ts';
import type { Log } from '../../terminal/log.ts';
import { version } from '../../version.ts';

export interface QueryOptions extends GlobalOptions, RequestOptions, FilterFlags {
  readonly tz?: string;
}

/** What to ask for, and the way to the service, opened when it is first needed. */
export interface Query {
  readonly filter: Filter;
  readonly body: Body;
  /** The IANA zone for dates; finding the system's takes some 15 ms, so it is asked for when needed. */
  readonly zone: () => string;
  /** The instant that relative dates count from. */
  readonly now: Date;
  readonly connection: () => Promise<Connection>;
  close(): Promise<void>;
}

export interface QueryStart {
  readonly now?: Date;
  /** Older contacts are of no interest, whatever the filter says. */
  readonly createdFrom?: Date | undefined;
}

/** Reads the filter flags; every mistake in them surfaces here, before the first request. */
export async function openQuery(
  options: QueryOptions,
  context: Context,
  log: Log,
  { now = context.now(), createdFrom }: QueryStart = {},
): Promise<Query> {
  const chosen = options.tz === undefined ? undefined : checkZone(options.tz);
  const zone = () => chosen ?? systemZone();
  let opened: Promise<Connection> | undefined;
  const connection = () => {
    opened ??= connect(options, context, log);
    return opened;
  };
  const asked = await readFilter(options, {
    zone,
    now,
    async find(kind, names) {
      if (options.dryRun)
        return names.map((name) => ({ id: `(the id of ${kind} "${name}")`, name }));
      const { findNamed } = await import('../../api/directory.ts');
      return findNamed((await connection()).client, kind, names, context.signal);
    },
  });
  const filter = createdFrom === undefined ? asked : createdSince(asked, createdFrom);
  const body = requestBody(filter);
  log.debug(`the request's body: ${JSON.stringify(body)}`);
  return {
    filter,
    body,
    zone,
    now,
    connection,
    async close() {
      const connected = await opened?.catch(() => undefined);
      await connected?.close();
    },
  };
}

function createdSince(filter: Filter, from: Date): Filter {
  const { start, end } = filter.created ?? {};
  return { ...filter, created: { start: start && start > from ? start : from, end } };
}

/** What would be sent, as text; nothing is. */
export async function describeRequest(
  query: Query,
  options: GlobalOptions,
  context: Context,
): Promise<string> {
  const { profileOf, sandboxProfile } = await import('../../session.ts');
  const { headersFor } = await import('../../api/headers.ts');
  const settings = readSettings(context.env);
  const sandboxed = profileOf(options, context, settings) === sandboxProfile;
  const account = sandboxed ? undefined : accountOf(options, context, settings);
  const token = account?.token;
  const shown = sandboxed ? '(of the sandbox)' : token === undefined ? '(none)' : maskToken(token);
  const url =
    account === undefined ? `http://127.0.0.1/${contactsPath}` : new URL(contactsPath, account.url);
  const headers = Object.entries(headersFor(shown, `reekolect-cli/${version}`));
  return [
    `POST ${url}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    JSON.stringify({ ...query.body, page: 1 }, null, 2),
    '',
  ].join('\n');
}

import { defaultApiUrl, readApiUrl } from './api/api-url.ts';
import type { Client } from './api/client.ts';
import { noToken } from './api/explain.ts';
import { Throttle } from './api/throttle.ts';
import type { GlobalOptions } from './cli/flags.ts';
import type { Context } from './context.ts';
import { ExplainedError, exitCodes, usageError } from './errors.ts';
import { isExposed, isName, readSettings, type Settings } from './state/settings.ts';
import { findToken } from './state/token.ts';
import type { Log } from './terminal/log.ts';
import { version } from './version.ts';

/** Who we are to the service: settled without asking it anything. */
export interface Account {
  readonly profile: string;
  readonly url: URL;
  readonly token: string | undefined;
  /** Where the token comes from, for people. */
  readonly source: string;
  /** The file that holds the token, where there is one. */
  readonly tokenFile?: string | undefined;
}

export interface Connection {
  readonly account: Account;
  readonly client: Client;
  readonly throttle: Throttle;
  close(): Promise<void>;
}

export const sandboxProfile = 'sandbox';

/** The profile named by flag, environment or store, in this order. */
export function profileOf(options: GlobalOptions, { env }: Context, settings: Settings): string {
  const name = options.profile ?? (env['REEKOLECT_PROFILE'] || settings.profile || 'default');
  if (isName(name)) return name;
  throw usageError(`not a name for a profile: ${name}`, 'use letters, digits, . _ - and @');
}

/** Host and token of the profile: flag, environment, store, default. Not for the sandbox. */
export function accountOf(options: GlobalOptions, context: Context, settings: Settings): Account {
  const profile = profileOf(options, context, settings);
  const { env } = context;
  const profiles = settings.profiles ?? {};
  const stored = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
  const url = options.apiUrl ?? (env['REEKOLECT_API_URL'] || stored?.apiUrl || defaultApiUrl);
  const found = findToken(env, settings, profile);
  return {
    profile,
    url: readApiUrl(url),
    token: found?.token,
    source: found?.source ?? 'nowhere',
    tokenFile: found?.file,
  };
}

/** Which account's contacts a run is about, for logs and marks that outlive it. */
export function whoseContacts(options: GlobalOptions, context: Context) {
  const settings = readSettings(context.env);
  const profile = profileOf(options, context, settings);
  const host =
    profile === sandboxProfile ? profile : accountOf(options, context, settings).url.host;
  return { host, profile };
}

/** Opens the way to the service, or to the sandbox in this process for its profile. */
export async function connect(
  options: GlobalOptions,
  context: Context,
  log: Log,
): Promise<Connection> {
  const settings = readSettings(context.env);
  if (profileOf(options, context, settings) === sandboxProfile) {
    return connectToSandbox(options, context, log);
  }
  return connectAs(accountOf(options, context, settings), options, context, log);
}

/** Says that a profile has no token, and which ones have. */
export function missingToken(profile: string, { profiles = {} }: Settings): ExplainedError {
  const known = Object.keys(profiles).filter((name) => profiles[name]?.token !== undefined);
  if (known.length === 0) return noToken();
  return new ExplainedError({
    exit: exitCodes.unauthorized,
    code: 'no-token',
    message: `the profile ${profile} has no token`,
    hint: `profiles with a token: ${known.join(', ')}; to add one: reekolect auth login --profile ${profile}`,
  });
}

/** Opens the way to the service for an account. Throws exit 4 when it has no token. */
export async function connectAs(
  account: Account,
  options: GlobalOptions,
  context: Context,
  log: Log,
): Promise<Connection> {
  const { token, tokenFile } = account;
  if (token === undefined) throw missingToken(account.profile, readSettings(context.env));
  if (tokenFile !== undefined && isExposed(tokenFile)) {
    log.warn(`${tokenFile} holds a token and can be read by others: chmod 600 '${tokenFile}'`);
  }
  const { client, throttle } = await openWay(options, context, log, account.url, token);
  return { account, client, throttle, close: async () => client.close() };
}

async function connectToSandbox(
  options: GlobalOptions,
  context: Context,
  log: Log,
): Promise<Connection> {
  if (options.apiUrl !== undefined) {
    throw usageError(
      '--api-url and --profile sandbox contradict each other',
      'the sandbox profile starts its own server; leave one out',
    );
  }
  const { startSandbox } = await import('./sandbox/sandbox.ts');
  const sandbox = await startSandbox();
  const { token } = sandbox;
  const url = readApiUrl(sandbox.url);
  const { client, throttle } = await openWay(options, context, log, url, token, true);
  return {
    account: { profile: sandboxProfile, url, token, source: 'the sandbox' },
    client,
    throttle,
    async close() {
      client.close();
      await sandbox.close();
    },
  };
}

async function openWay(
  options: GlobalOptions,
  { env }: Context,
  log: Log,
  url: URL,
  token: string,
  direct = false,
) {
  const { openClient } = await import('./api/client.ts');
  const { concurrency, rate, timeout, maxAttempts } = options;
  const throttle = new Throttle({ concurrency, rate });
  const client = await openClient({
    url,
    token,
    timeoutMs: timeout * 1000,
    maxAttempts,
    throttle,
    userAgent: `reekolect-cli/${version}`,
    env,
    direct,
    note: (line) => log.debug(line),
  });
  return { client, throttle };
}

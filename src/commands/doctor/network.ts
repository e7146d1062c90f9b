import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isLoopback } from '../../api/api-url.ts';
import { explainSilence } from '../../api/explain.ts';
import { shakeHands } from '../../api/probe.ts';
import { proxyFor } from '../../api/proxy.ts';
import type { botFlags } from '../../cli/bot-flags.ts';
import { checkBotToken } from '../../cli/check-secrets.ts';
import type { OptionsOf } from '../../cli/flag.ts';
import { errnoOf, exitCodes } from '../../errors.ts';
import { servicePages } from '../../read/source.ts';
import { contacts } from '../../records/contacts/resource.ts';
import { type Connection, Session } from '../../session.ts';
import { type Finding, failed, ok, skipped, warning } from './finding.ts';

export interface Reach {
  readonly session: Session;
  /** Undefined for the sandbox, and for an address that must not be asked. */
  readonly url: URL | undefined;
  readonly token: string | undefined;
  readonly botToken: string | undefined;
  /** Whose leads are asked for, to try the bot token. */
  readonly bot: OptionsOf<typeof botFlags>;
}

/** Name, connection, a call with each of the tokens, and the two clocks. */
export async function* checkService(reach: Reach): AsyncGenerator<Finding> {
  const { url } = reach;
  const sandboxed = isSandboxed(reach.session);
  let reached = sandboxed;
  if (url !== undefined && !sandboxed) {
    const proxied = isProxied(url, reach);
    const found = [await checkName(url, proxied)];
    yield* found;
    if (found[0]?.state === 'failed') found.push(skipped('connection', 'the host has no address'));
    else found.push(await checkConnection(url, proxied, reach));
    yield* found.slice(1);
    reached = found.every(({ state }) => state !== 'failed');
  } else {
    const why = sandboxed ? 'the sandbox needs none' : 'there is no address to try';
    yield skipped('dns', why);
    yield skipped('connection', why);
  }
  if (reached && (sandboxed || reach.token !== undefined)) {
    yield* askService(reach);
  } else {
    yield skipped('service', reached ? 'there is no token to ask with' : notReached);
    yield skipped('clock', 'the service was not asked');
  }
  const { botToken } = reach;
  if (botToken === undefined || url === undefined) return;
  yield reached ? await askForLeads(reach, url, botToken) : skipped('leads', notReached);
}

const notReached = 'the service was not reached';

function isSandboxed(session: Session): boolean {
  try {
    return session.sandboxed;
  } catch {
    return false;
  }
}

function isProxied(url: URL, { session: { context } }: Reach): boolean {
  try {
    return proxyFor(url, context.env) !== undefined;
  } catch {
    // Said by the check of the proxy; nothing can go this way.
    return true;
  }
}

async function checkName({ hostname, host }: URL, proxied: boolean): Promise<Finding> {
  if (proxied) return skipped('dns', 'the proxy looks it up');
  const bare = hostname.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return ok('dns', `${bare}, an address already`);
  try {
    const found = await lookup(bare, { all: true });
    return ok('dns', `${bare} is ${found.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    return failed('dns', explainSilence(host, errnoOf(error) ?? 'no address', 0));
  }
}

async function checkConnection(url: URL, proxied: boolean, reach: Reach): Promise<Finding> {
  if (proxied) return skipped('connection', 'it goes through the proxy');
  const { options, context } = reach.session;
  try {
    const { ms, secured } = await shakeHands(url, options.timeout * 1000, context.signal);
    const how = secured ?? (isLoopback(url.hostname) ? 'plain, to this machine' : 'plain');
    return ok('connection', `${how}, ${Math.round(ms)} ms`);
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    return failed('connection', error);
  }
}

async function* askService({ session, url, token }: Reach): AsyncGenerator<Finding> {
  const { context } = session;
  const once = sessionOfOneAttempt(session);
  let connection: Connection | undefined;
  let answered = false;
  try {
    // The token may be readable once, and that was the check before.
    connection =
      url === undefined || token === undefined
        ? await once.connect()
        : await once.openConnection(url, token);
    const began = performance.now();
    const page = await servicePages(connection.client, contacts, [])(1, context.signal);
    const ms = Math.round(performance.now() - began);
    answered = true;
    yield ok('service', `accepts the token; ${page.records.length} contacts in ${ms} ms`);
  } catch (error) {
    if (context.signal.aborted) throw context.signal.reason;
    const finding = failed('service', error);
    yield finding;
    answered = connection !== undefined && finding.exit !== exitCodes.unreachable;
  } finally {
    await once.close();
  }
  if (answered) yield clockOf(connection?.client.skewMs ?? 0);
  else yield skipped('clock', 'the service did not answer');
}

async function askForLeads({ session, bot }: Reach, url: URL, token: string): Promise<Finding> {
  const once = sessionOfOneAttempt(session);
  try {
    const connection = await once.openConnection(url, token, { credential: 'bot-token' });
    const began = performance.now();
    if (!(await checkBotToken(connection, bot, once))) {
      return skipped('leads', 'no bot is named to ask about: --bot and --customer, or --widget');
    }
    return ok('leads', `accepts the bot token; ${Math.round(performance.now() - began)} ms`);
  } catch (error) {
    if (session.context.signal.aborted) throw session.context.signal.reason;
    return failed('leads', error);
  } finally {
    await once.close();
  }
}

/** A doctor tells what is, and does not wait for it to get better. */
function sessionOfOneAttempt({ context, options, settings }: Session): Session {
  return new Session(context, { ...options, maxAttempts: 1, quiet: true }, settings);
}

/** Dates such as 7d count from this machine's clock, and creation times are by the service's. */
export function clockOf(skewMs: number): Finding {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const found =
    seconds <= 1
      ? "agrees with the service's"
      : `${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} the service's`;
  if (seconds <= 60) return ok('clock', found);
  return warning('clock', found, 'set the clock (NTP): dates such as 7d or today are off by that');
}

import { realpathSync } from 'node:fs';
import { readApiUrl } from './api/api-url.ts';
import type { Client } from './api/client.ts';
import { headersFor } from './api/headers.ts';
import { Names } from './api/names.ts';
import { Throttle } from './api/throttle.ts';
import type { Context } from './context.ts';
import { usageError } from './errors.ts';
import type { Credential } from './records/resource.ts';
import { checkZone, settleZone, systemZone, type ZoneChoice } from './records/zone.ts';
import type { Sandbox } from './sandbox/sandbox.ts';
import { apiUrlOf, missingToken, profileOf, sandboxProfile } from './state/account.ts';
import { isExposed, readSettings, type Settings } from './state/settings.ts';
import { type FoundToken, findToken } from './state/token.ts';
import { Log } from './terminal/log.ts';
import { Spinner } from './terminal/spinner.ts';
import { version } from './version.ts';

/** What the flags of every command say. */
export interface SessionOptions {
  readonly profile: string | undefined;
  readonly apiUrl: string | undefined;
  /** Seconds. */
  readonly timeout: number;
  readonly maxAttempts: number;
  readonly concurrency: number | 'auto';
  /** Requests a second. */
  readonly rate: number | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
  readonly input: boolean;
  readonly errors: 'text' | 'json';
}

/** An open connection to the service. */
export interface Connection {
  readonly url: URL;
  readonly token: string;
  readonly client: Client;
  readonly throttle: Throttle;
}

/**
 * Who asks, of which service, and how we speak: settled once a run from global flags,
 * environment and settings. Each part is made when it is first needed.
 */
export class Session {
  readonly context: Context;
  readonly options: SessionOptions;
  readonly spinner: Spinner;
  readonly log: Log;
  readonly names: Names;
  readonly #closers: (() => Promise<void> | void)[] = [];
  #settings: Settings | undefined;
  #profile: string | undefined;
  #url: URL | undefined;
  readonly #tokens = new Map<Credential, Promise<FoundToken | undefined>>();
  readonly #connections = new Map<Credential, Promise<Connection>>();
  #sandbox: Promise<Sandbox> | undefined;

  constructor(context: Context, options: SessionOptions, settings?: Settings) {
    this.context = context;
    this.options = options;
    this.spinner = new Spinner(context, options);
    this.log = new Log(context, options, this.spinner);
    this.names = new Names({
      connect: () => this.connect(),
      signal: context.signal,
      warn: (line) => this.log.warn(line),
    });
    this.#settings = settings;
  }

  /** Throws exit 7 for a settings file that can't be read. */
  get settings(): Settings {
    this.#settings ??= readSettings(this.context.env);
    return this.#settings;
  }

  /** The profile named by flag, environment or settings, in this order. */
  get profile(): string {
    this.#profile ??= profileOf(this.options.profile, this.context.env, this.settings);
    return this.#profile;
  }

  get sandboxed(): boolean {
    return this.profile === sandboxProfile;
  }

  /** The service's address. Not for the sandbox, which has one once it runs. */
  get url(): URL {
    this.#url ??= readApiUrl(
      apiUrlOf(this.profile, this.options.apiUrl, this.context.env, this.settings).text,
    );
    return this.#url;
  }

  /** Which service a run is about, for what outlives it: host and path. */
  get host(): string {
    return this.sandboxed ? sandboxProfile : this.url.host + this.url.pathname.replace(/\/$/, '');
  }

  /** The zone that --tz names, or else TZ or the system; settled once it is needed. */
  zone(tz: string | undefined): () => string {
    const chosen = tz === undefined ? undefined : checkZone(tz);
    return () => chosen ?? this.zoneChoice().zone;
  }

  /** What output has to know of a run. */
  outputFacts(tz: string | undefined) {
    return {
      context: this.context,
      color: this.options.color,
      zone: this.zone(tz),
      profile: () => this.profile,
      timeout: this.options.timeout,
      warn: (line: string) => this.log.warn(line),
    };
  }

  /** Where no flag names one. Throws a usage error for a TZ that names no zone. */
  zoneChoice(): ZoneChoice {
    const { TZ } = this.context.env;
    return settleZone(undefined, TZ, TZ === undefined ? systemZone() : localtimePath());
  }

  /** A secret of the profile and where it comes from; undefined where there is none. */
  token(credential: Credential = 'token'): Promise<FoundToken | undefined> {
    const { env, signal } = this.context;
    const found =
      this.#tokens.get(credential) ??
      Promise.resolve(findToken(env, this.settings, this.profile, signal, credential));
    this.#tokens.set(credential, found);
    return found;
  }

  /** Connects to the service, once for each secret. Throws exit 4 when the secret is missing. */
  connect(credential: Credential = 'token'): Promise<Connection> {
    const open =
      this.#connections.get(credential) ??
      (this.sandboxed ? this.#connectToSandbox(credential) : this.#connectToService(credential));
    this.#connections.set(credential, open);
    return open;
  }

  /** Closes what was opened; to be called however a run ends. */
  async close(): Promise<void> {
    this.spinner.end();
    await Promise.allSettled(this.#connections.values());
    for (const close of this.#closers.splice(0).reverse()) await close();
  }

  async #connectToService(credential: Credential): Promise<Connection> {
    const { url } = this;
    const found = await this.token(credential);
    if (found === undefined) throw missingToken(this.profile, this.settings, credential);
    const { token, file, source, overrules } = found;
    // A profile that was named is expected to be the account.
    if (overrules && this.options.profile !== undefined) {
      this.log.warn(`${source} goes before the token of the profile ${this.profile}: unset it`);
    }
    if (file !== undefined && isExposed(file)) {
      this.log.warn(`${file} holds a token and can be read by others: chmod 600 '${file}'`);
    }
    return this.openConnection(url, token, { credential });
  }

  async #connectToSandbox(credential: Credential): Promise<Connection> {
    if (this.options.apiUrl !== undefined) {
      throw usageError(
        '--api-url and --profile sandbox contradict each other',
        'the sandbox profile starts its own server; leave one out',
      );
    }
    this.#sandbox ??= this.#openSandbox();
    const { url, token, botToken } = await this.#sandbox;
    const secret = credential === 'token' ? token : botToken;
    return this.openConnection(readApiUrl(url), secret, { credential, direct: true });
  }

  async #openSandbox(): Promise<Sandbox> {
    const { startSandbox } = await import('./sandbox/sandbox.ts');
    const sandbox = await startSandbox();
    this.#closers.push(() => sandbox.close());
    return sandbox;
  }

  /** A connection of its own for this address and secret; closed with the session. */
  async openConnection(
    url: URL,
    token: string,
    { credential = 'token', direct = false }: { credential?: Credential; direct?: boolean } = {},
  ): Promise<Connection> {
    const { openClient } = await import('./api/client.ts');
    const { concurrency, rate, timeout, maxAttempts } = this.options;
    const throttle = new Throttle({ concurrency, rate });
    const client = await openClient({
      url,
      headers: headersFor(credential, token, `reekolect-cli/${version}`),
      credential,
      secrets: [token],
      timeoutMs: timeout * 1000,
      maxAttempts,
      throttle,
      env: this.context.env,
      direct,
      log: this.log,
    });
    this.#closers.push(() => client.close());
    return { url, token, client, throttle };
  }
}

/** The zone's file, for a TZ that leads to it; under a TZ the system is not asked any more. */
function localtimePath(): string {
  try {
    return realpathSync('/etc/localtime');
  } catch {
    return '';
  }
}

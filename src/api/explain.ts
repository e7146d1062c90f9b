import { ExplainedError, exitCodes } from '../errors.ts';
import { reasonOf } from '../reasons.ts';
import { statusIn } from '../records/page.ts';
import type { Credential } from '../records/resource.ts';
import type { Json } from '../table.ts';
import type { ProxyAddress } from './proxy.ts';
import { describeBody, messageIn } from './quote.ts';

/** An answer of the service that is not the one asked for. */
export interface BadAnswer {
  readonly status: number;
  readonly text: string;
  readonly json?: Json | undefined;
}

export const whereToGet: { readonly [name in Credential]: string } = {
  token:
    'get the token in the dashboard under More > API Tokens (older: More > Developer > API Access Token), then run: reekolect auth login',
  'bot-token':
    'ask the support of the service for the bot token, then run: reekolect auth login --bot-token',
};

const called: { readonly [name in Credential]: readonly [string, string] } = {
  token: ['token', 'the id of a filter'],
  'bot-token': ['bot token', 'the id of the bot or the customer'],
};

/** The service's words for a token that it can't read, and for a filter id that isn't one. */
const objectIdText = /must be a single String of 12 bytes|24 hex characters/i;

/** What an answer means, for the user. `secrets` are cut out of everything that is quoted. */
export function explainAnswer(
  answer: BadAnswer,
  secrets: readonly string[],
  credential: Credential = 'token',
): ExplainedError {
  const { status, json } = answer;
  const [secret, ids] = called[credential];
  const named = status >= 200 && status < 300 ? statusIn(json) : undefined;
  const meant = named ?? status;
  if (meant === 401 || meant === 403) {
    const where = named === undefined ? `HTTP ${status}` : `HTTP ${status}, code ${named}`;
    return refused(status, `the service refused the ${secret} (${where})`, credential);
  }
  if ((meant === 400 || meant === 200) && objectIdText.test(messageIn(json))) {
    return refused(status, `the service does not accept the ${secret} (or ${ids})`, credential);
  }
  return new ExplainedError({
    exit: exitCodes.badAnswer,
    code: meant === 429 ? 'rate-limited' : 'bad-answer',
    status,
    message: `the service answered HTTP ${status} with ${describeBody(answer, secrets)}`,
    hint: hintFor(meant, credential),
  });
}

function refused(status: number, message: string, credential: Credential): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.unauthorized,
    code: 'token-refused',
    status,
    message,
    hint: whereToGet[credential],
  });
}

export function noToken(): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.unauthorized,
    code: 'no-token',
    message: 'no token',
    hint: 'sign in: reekolect auth login; in scripts set REEKOLECT_TOKEN or REEKOLECT_TOKEN_FILE; to try it without an account: --profile sandbox',
  });
}

function hintFor(status: number, credential: Credential): string {
  if (status === 429) return 'ask more slowly with --rate N, or try later';
  if (status >= 500) return 'the service has a problem: try later, or raise --max-attempts';
  if (status >= 300 && status < 400) {
    return 'redirects are not followed, so that the token goes nowhere else: check --api-url';
  }
  if (status === 404) return 'check --api-url';
  if (status >= 400 && credential === 'bot-token') return 'check --bot and --customer';
  if (status >= 400) return 'check the filters, and --body if you used it (see --dry-run)';
  return 'check --api-url; a proxy may have answered instead of the service (see -v)';
}

/** An answer that came, and can't be read: `what` says why. */
export function explainUnreadable(what: string, hint: string): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.badAnswer,
    code: 'bad-answer',
    message: `the service answered with ${what}`,
    hint,
  });
}

/** What a proxy answered instead of opening a connection: a status, or a SOCKS proxy's reason. */
export function explainProxyRefusal(
  { shown, variable }: ProxyAddress,
  host: string,
  refusal: number | string,
): ExplainedError {
  const reason = typeof refusal === 'string' ? refusal : `HTTP ${refusal || 'no status'}`;
  const [message, hint] =
    refusal === 407 || /auth/i.test(reason)
      ? [
          `the proxy ${shown} asks for a user name and password (${reason})`,
          `put them into ${variable}: SCHEME://USER:PASSWORD@HOST:PORT`,
        ]
      : [
          `the proxy ${shown} does not connect to ${host} (${reason})`,
          `check ${variable}, or ask who runs the proxy to allow ${host}`,
        ];
  return new ExplainedError({ exit: exitCodes.unreachable, code: 'proxy-refused', message, hint });
}

/** A proxy that could not be reached, or fell silent. */
export function explainProxySilence(
  proxy: ProxyAddress,
  code: string,
  waitedMs: number,
): ExplainedError {
  const failure = explainSilence(`the proxy ${proxy.shown}`, code, waitedMs);
  const hint = isCertificateCode(code) ? failure.hint : `check ${proxy.variable}, or unset it`;
  const { exit, message } = failure;
  return new ExplainedError({ exit, code: failure.code, message, hint });
}

/** A failure to get any answer from `who`. `code` is the system's word, e.g. ECONNREFUSED. */
export function explainSilence(who: string, code: string, waitedMs: number): ExplainedError {
  const [message, hint] = wordsFor(who, code, waitedMs);
  return new ExplainedError({ exit: exitCodes.unreachable, code: 'unreachable', message, hint });
}

function wordsFor(who: string, code: string, waitedMs: number): readonly [string, string] {
  if (code === 'ETIMEDOUT') {
    return [
      `${who} did not answer within ${Math.round(waitedMs / 100) / 10} s`,
      'check the connection, or allow more with --timeout SECONDS',
    ];
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return [
      `${who} could not be found: ${reasonOf(code)}`,
      'check the connection, the proxy and --api-url',
    ];
  }
  if (isCertificateCode(code)) {
    return [
      `the certificate of ${who} is not trusted: ${reasonOf(code)}`,
      'behind a company proxy, set NODE_EXTRA_CA_CERTS to the file of its certificate',
    ];
  }
  if (isTlsCode(code)) {
    return [
      `${who} does not speak https as it should: ${reasonOf(code)}`,
      'check the address and its port; a proxy in between may have answered',
    ];
  }
  return [
    `${who} could not be reached: ${reasonOf(code)}`,
    'check the connection and the proxy (HTTPS_PROXY); reekolect doctor tells more',
  ];
}

export function isCertificateCode(code: string): boolean {
  return /CERT|SELF_SIGNED|^UNABLE_TO/.test(code);
}

/** Two sides that speak different languages: asking again helps as little as for a certificate. */
export function isTlsCode(code: string): boolean {
  return /^(ERR_(TLS|SSL)|EPROTO$)/.test(code);
}

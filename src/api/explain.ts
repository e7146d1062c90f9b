import { ExplainedError, exitCodes } from '../errors.ts';
import { at, textOf } from '../records/record.ts';
import type { Json } from '../table.ts';

/** An answer of the service that is not the one asked for. */
export interface BadAnswer {
  readonly status: number;
  readonly text: string;
  readonly json?: Json | undefined;
}

const whereToGetToken =
  'get the token in the dashboard under More > API Tokens (older: More > Developer > API Access Token), then run: reekolect auth login';

/** The service's words for a token that it can't read, and for a filter id that isn't one. */
const objectIdText = /must be a single String of 12 bytes|24 hex characters/i;

/** What an answer means, for the user. `secret` is cut out of everything that is quoted. */
export function explainAnswer(answer: BadAnswer, secret: string): ExplainedError {
  const { status, json } = answer;
  const message = textOf(at(json, 'message'));
  const code = at(json, 'code');
  const meant = status >= 200 && status < 300 && typeof code === 'number' ? code : status;
  if (meant === 401 || meant === 403) {
    return refused(status, `the service refused the token (HTTP ${status})`);
  }
  if (meant === 400 && objectIdText.test(message)) {
    return refused(status, 'the service does not accept the token (or the id of a filter)');
  }
  return new ExplainedError({
    exit: exitCodes.badAnswer,
    code: status === 429 ? 'rate-limited' : 'bad-answer',
    status,
    message: `the service answered HTTP ${status} with ${quote(answer, secret)}`,
    hint: hintFor(status),
  });
}

function refused(status: number, message: string): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.unauthorized,
    code: 'token-refused',
    status,
    message,
    hint: whereToGetToken,
  });
}

export function noToken(): ExplainedError {
  return new ExplainedError({
    exit: exitCodes.unauthorized,
    code: 'no-token',
    message: 'no token',
    hint: `${whereToGetToken}; in scripts set REEKOLECT_TOKEN or REEKOLECT_TOKEN_FILE; to try without an account: --profile sandbox`,
  });
}

function hintFor(status: number): string {
  if (status === 429) return 'ask more slowly with --rate N, or try later';
  if (status >= 500) return 'the service has a problem: try later, or raise --max-attempts';
  if (status >= 300 && status < 400) {
    return 'redirects to another host are not followed, so that the token goes nowhere else: check --api-url';
  }
  if (status === 404) return 'check --api-url';
  if (status >= 400) return 'check the filters, and --body if you used it (see --dry-run)';
  return 'check --api-url; a proxy may have answered instead of the service (see -v)';
}

/** The first bytes of an answer on one line, without the token and without control characters. */
function quote({ text }: BadAnswer, secret: string): string {
  const start = redact(text, secret)
    .slice(0, 200)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  if (start === '') return 'an empty body';
  return text.length > 200 ? `${start}…` : start;
}

export function redact(text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '[token]');
}

/** A failure to get any answer. `code` is the system's word, e.g. ECONNREFUSED. */
export function explainSilence(host: string, code: string, timeoutMs: number): ExplainedError {
  const [message, hint] = wordsFor(host, code, timeoutMs);
  return new ExplainedError({ exit: exitCodes.unreachable, code: 'unreachable', message, hint });
}

function wordsFor(host: string, code: string, timeoutMs: number): readonly [string, string] {
  if (code === 'ETIMEDOUT') {
    return [
      `${host} did not answer within ${timeoutMs / 1000} s`,
      'check the connection, or allow more with --timeout SECONDS',
    ];
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return [
      `${host} could not be found (${code})`,
      'check the connection, the proxy and --api-url',
    ];
  }
  if (isCertificateCode(code)) {
    return [
      `the certificate of ${host} is not trusted (${code})`,
      'behind a company proxy, set NODE_EXTRA_CA_CERTS to the file of its certificate',
    ];
  }
  return [
    `${host} could not be reached (${code})`,
    'check the connection and the proxy (HTTPS_PROXY); reekolect doctor tells more',
  ];
}

export function isCertificateCode(code: string): boolean {
  return /CERT|SELF_SIGNED|^ERR_(TLS|SSL)|^UNABLE_TO/.test(code);
}

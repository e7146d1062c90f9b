import { usageError } from '../errors.ts';

/** The documented endpoint of the contacts API. */
export const defaultApiUrl = 'https://api-v7.express-chat.com';

// The help page's sample leaves out "-chat": another domain, which would be sent the token.
const misprint = 'api-v7.express.com';

/** Checks the service's address before a token goes there. Throws a usage error that says what is wrong. */
export function readApiUrl(text: string): URL {
  const url = parse(text);
  const host = url.hostname.replace(/\.$/, '');
  if (host === misprint) {
    throw usageError(
      `${misprint} is a misprint in the service's help page and belongs to somebody else`,
      `use ${defaultApiUrl}; nothing was sent`,
      'misprinted-host',
    );
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(host))) {
    throw usageError(
      `the service's address must begin with https://: ${url.protocol}//${url.host}`,
      'plain http is for addresses of this machine only; it would show your token to the network',
      'insecure-url',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError(
      "the service's address must not hold a user name or password",
      'sign in with: reekolect auth login',
      'credentials-in-url',
    );
  }
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/inbox\/users\/?$/, '').replace(/\/*$/, '/');
  return url;
}

function parse(text: string): URL {
  try {
    return new URL(text.trim());
  } catch {
    throw usageError(
      `not a web address: ${maskCredential(text)}`,
      `expected something like ${defaultApiUrl}`,
      'bad-url',
    );
  }
}

/** An address, or what was meant as one, without user, password and query. */
export function maskCredential(text: string): string {
  return text
    .trim()
    .replace(/^([a-z][a-z\d+.-]*:\/{0,2})?.*@/is, '$1****@')
    .replace(/[?#].*$/s, '?…');
}

export function isLoopback(hostname: string): boolean {
  return (
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^(.+\.)?localhost$/.test(hostname) ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

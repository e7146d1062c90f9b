import type { Credential } from '../records/resource.ts';

/** Every header of a request; the one secret in it is the one that its endpoint asks for. */
export function headersFor(
  credential: Credential,
  secret: string,
  userAgent: string,
): Record<string, string> {
  if (credential === 'bot-token') return { 'x-bot-token': secret, ...plainHeaders(userAgent) };
  return { authorization: `Bearer ${secret}`, authtype: 'Key', ...plainHeaders(userAgent) };
}

function plainHeaders(userAgent: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': userAgent,
  };
}

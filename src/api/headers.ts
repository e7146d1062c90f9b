/** Every header that the contacts' endpoints ask for. */
export function headersFor(token: string, userAgent: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, authtype: 'Key', ...plainHeaders(userAgent) };
}

/** The headers for website leads: their secret is the only one that is sent. */
export function botHeaders(botToken: string, userAgent: string): Record<string, string> {
  return { 'x-bot-token': botToken, ...plainHeaders(userAgent) };
}

function plainHeaders(userAgent: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': userAgent,
  };
}

/** Every header that the service asks for. */
export function headersFor(token: string, userAgent: string): Record<string, string> {
  return {
    authorization: `Bearer ${token}`,
    authtype: 'Key',
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': userAgent,
  };
}

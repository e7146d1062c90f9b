const unsafe = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * JSON with escapes for all that could act on a terminal, and U+FFFD for half a surrogate pair,
 * for which jq and others refuse the whole document. To a JSON reader it means the same.
 */
export function safeJson(json: string): string {
  const safe = json.replace(unsafe, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return halfEscape.test(safe) ? mendHalves(safe) : safe;
}

const halfEscape = /\\u[dD][89a-fA-F]/;
const pair = /\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}/.source;
const escapes = new RegExp(`(${pair})|\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}|(\\\\[^])`, 'g');

function mendHalves(json: string): string {
  return json.replace(escapes, (_, whole?: string, other?: string) => whole ?? other ?? '\\ufffd');
}

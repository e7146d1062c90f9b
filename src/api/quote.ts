import { at, textOf } from '../records/record.ts';
import type { Json } from '../table.ts';

const mostWords = 12;
const mostLetters = 120;
const mostKeys = 8;

/** What an answer holds, for an error: its structure and the first words of its message, no record. */
export function describeBody(
  { text, json }: { readonly text: string; readonly json?: Json | undefined },
  secrets: readonly string[],
): string {
  if (json !== undefined) return describeJson(json, secrets);
  const trimmed = text.replace(/^\ufeff/, '').trim();
  if (trimmed === '') return 'an empty body';
  if (/^[{[]/.test(trimmed)) return `JSON that is cut off or broken, ${text.length} characters`;
  if (!trimmed.startsWith('<')) return `"${firstWords(trimmed, secrets)}"`;
  const title = /<title[^>]*>([^<]{1,500})/i.exec(trimmed.slice(0, 20_000))?.[1];
  return title ? `a web page titled "${firstWords(title, secrets)}"` : 'a web page';
}

/** The service's own words for what went wrong; '' where there are none. */
export function messageIn(json: Json | undefined): string {
  const places = [['message'], ['error', 'message'], ['error'], ['msg'], ['detail']];
  for (const place of places) {
    const text = textOf(at(json, ...place));
    if (text !== '') return text;
  }
  return '';
}

function describeJson(json: Json, secrets: readonly string[]): string {
  if (Array.isArray(json)) return `a list of ${json.length}`;
  if (typeof json !== 'object' || json === null) return `JSON that is ${kindOf(json)}`;
  const entries = Object.entries(json);
  const parts = entries.slice(0, mostKeys).map(([key, value]) => {
    const name = /^[a-z_]{1,30}$/i.test(key) ? key : '…';
    return `${name}: ${outline(name, value, secrets)}`;
  });
  if (entries.length > mostKeys) parts.push('…');
  return `{${parts.join(', ')}}`;
}

function kindOf(json: Json): string {
  return json === null ? 'null' : `a ${typeof json}`;
}

function outline(name: string, value: Json, secrets: readonly string[]): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === 'object' && value !== null) {
    const words = messageIn(value);
    return words === '' ? '{…}' : `{message: "${firstWords(words, secrets)}"}`;
  }
  if (/^(message|error|msg|detail)$/.test(name)) return `"${firstWords(String(value), secrets)}"`;
  const known = /^(success|code|status|statusCode)$/.test(name);
  if (typeof value === 'boolean' || value === null) return String(value);
  const short = String(value);
  return known && /^[a-z_\d-]{1,12}$/i.test(short) ? firstWords(short, secrets) : '…';
}

/** The start of a text of the service on one line, without what may tell who somebody is. */
export function firstWords(text: string, secrets: readonly string[]): string {
  const safe = maskPersons(redact(text.slice(0, 10_000), secrets));
  // A record that a message repeats begins at a bracket.
  const [lead = ''] = safe.split(/[{[<]/);
  const words = lead.split(/[\p{C}\p{Z}]+/u).filter((word) => word !== '');
  const start = words.slice(0, mostWords).join(' ').slice(0, mostLetters).trim();
  const cut = words.length > mostWords || start.length === mostLetters || lead.length < safe.length;
  return cut ? `${start}…` : start;
}

function maskPersons(text: string): string {
  return text
    .replace(/\/\/[^\s/@]+@/g, '//****@')
    .replace(/[^\s"'<>@,;:()/*]+@[^\s"'<>@,;:()]+/gu, '****')
    .replace(/(["“„`])[^"”“`]*(["”“`]|$)/gu, '$1…$2')
    .replace(/(?<!\p{L})'[^']*'(?!\p{L})/gu, "'…'")
    .replace(/\+?\p{Nd}(?:[\s().\-/]{0,2}\p{Nd}){4,}/gu, '****')
    .replace(/\b(?=[a-f]*\d)[\da-f]{12,}\b/gi, '****');
}

/** Cuts secrets out, as they are and as URLs and JSON write them. */
function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets
    .filter((secret) => secret !== '')
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    .sort((one, other) => other.length - one.length);
  return forms.reduce((left, form) => left.replaceAll(form, '(secret)'), text);
}

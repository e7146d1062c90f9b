import { type Cell, cellText } from '../../table.ts';
import type { Format, FormatOptions } from '../format.ts';
import { normalizeText } from './control-characters.ts';
import { epochMs } from './epoch-ms.ts';
import { pageText } from './page-text.ts';

/** vCards: RFC 6350, or RFC 2426 for programs that stopped at 3.0. One card a row. */
export const vcf: Format = (table, { vcard }) => {
  const places = new Map(table.columns.map(({ name }, place) => [name, place]));
  return pageText(table, '', (rows) =>
    rows.map(({ cells }) => card((name) => cells[places.get(name) ?? -1] ?? null, vcard)).join(''),
  );
};

function card(cell: (name: string) => Cell, version: FormatOptions['vcard']): string {
  const text = (name: string) => normalizeText(cellText(cell(name))).trim();
  const [id, words, email, phone] = [text('id'), text('name'), text('email'), text('phone')];
  const name = /[^\s\ufffd]/.test(words) ? words : '';
  const [city, country, whatsapp] = [text('city'), text('country'), text('whatsapp')];
  const phones = [...new Set([phone, whatsapp])].filter((number) => number !== '');
  const changed = epochMs(cell('updated_at'));
  const lines = [
    'BEGIN:VCARD',
    `VERSION:${version}`,
    `FN:${escapeText(name || email || phones[0] || id || '(no name)')}`,
    // Nobody can tell which part of a stranger's name is which: all of it is the given name.
    `N:;${escapeText(name)};;;`,
    ...phones.map((number) => `TEL;TYPE=CELL:${escapeText(number)}`),
    email && `EMAIL${version === '3.0' ? ';TYPE=INTERNET' : ''}:${escapeText(email)}`,
    (city || country) && `ADR;TYPE=HOME:;;;${escapeText(city)};;;${escapeText(country)}`,
    categories(cell('tags')),
    // A 4.0 UID is a URI unless it says otherwise.
    id && `UID${version === '4.0' ? ';VALUE=text' : ''}:${escapeText(id)}`,
    changed !== undefined && `REV:${timestamp(changed)}`,
    'END:VCARD',
  ];
  return lines.map((line) => (line ? fold(line) : '')).join('');
}

function categories(tags: Cell): string {
  const names = (Array.isArray(tags) ? tags : [tags])
    .map((tag) => normalizeText(cellText(tag)).trim())
    .filter((tag) => tag !== '');
  return names.length > 0 ? `CATEGORIES:${names.map(escapeText).join(',')}` : '';
}

function escapeText(text: string): string {
  return text.replace(/[\\,;]/g, '\\$&').replaceAll('\n', '\\n');
}

/** `20261101T093000Z`, the one form that both versions know. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');
}

const lineOctets = 75;

/** A line of more than 75 octets goes on in the next, after a space; no character is cut. */
function fold(line: string): string {
  if (Buffer.byteLength(line) <= lineOctets) return `${line}\r\n`;
  let folded = '';
  let room = lineOctets;
  for (const character of line) {
    const octets = Buffer.byteLength(character);
    if (octets > room) {
      folded += '\r\n ';
      room = lineOctets - 1;
    }
    folded += character;
    room -= octets;
  }
  return `${folded}\r\n`;
}

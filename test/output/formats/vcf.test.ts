import fc from 'fast-check';
import ICAL from 'ical.js';
import { describe, expect, test } from 'vitest';
import { normalizeText } from '../../../src/output/formats/control-characters.ts';
import { vcf } from '../../../src/output/formats/vcf.ts';
import { formatFacts } from '../../../src/output/formats.ts';
import type { Cell, Column, Table } from '../../../src/table.ts';
import { anyText, bytesOf, options, rowOf, tableOf, textOf } from '../../support/small-table.ts';

const columns: Column[] = [
  { name: 'id', kind: 'id' },
  { name: 'name', kind: 'text' },
  { name: 'email', kind: 'text' },
  { name: 'phone', kind: 'phone' },
  { name: 'whatsapp', kind: 'phone' },
  { name: 'tags', kind: 'list' },
  { name: 'city', kind: 'text' },
  { name: 'country', kind: 'text' },
  { name: 'updated_at', kind: 'time' },
];

const thandi = {
  id: '66e07fd940c43d176eaf0b71',
  name: 'Thandi Nkosi; "T", the 1st',
  email: 'thandi@example.com',
  phone: '+27821234567',
  whatsapp: '+27821234567',
  tags: ['vip', 'a, b'],
  country: 'South Africa',
  city: 'Durban, KZN',
  updated_at: '2026-11-12T06:30:15.123Z',
};

/** A table of one contact for each record; a column that it does not name has no value. */
function cardsOf(...records: { readonly [column: string]: Cell }[]): Table {
  return tableOf(columns, [
    records.map((record) => rowOf(...columns.map(({ name }) => record[name] ?? null))),
  ]);
}

test('its columns are those that it reads', () => {
  expect(formatFacts('vcf').columns).toEqual(columns.map(({ name }) => name));
});

test('version 4.0', async () => {
  const lines = [
    'BEGIN:VCARD',
    'VERSION:4.0',
    'FN:Thandi Nkosi\\; "T"\\, the 1st',
    'N:;Thandi Nkosi\\; "T"\\, the 1st;;;',
    'TEL;TYPE=CELL:+27821234567',
    'EMAIL:thandi@example.com',
    'ADR;TYPE=HOME:;;;Durban\\, KZN;;;South Africa',
    'CATEGORIES:vip,a\\, b',
    'UID;VALUE=text:66e07fd940c43d176eaf0b71',
    'REV:20261112T063015Z',
    'END:VCARD',
    '',
  ];
  expect(await textOf(vcf, cardsOf(thandi))).toBe(lines.join('\r\n'));
});

test('version 3.0, and another number on WhatsApp', async () => {
  const card = { ...thandi, name: 'Thandi\r\nNkosi\\', whatsapp: '+1123456789', country: null };
  const lines = [
    'BEGIN:VCARD',
    'VERSION:3.0',
    'FN:Thandi\\nNkosi\\\\',
    'N:;Thandi\\nNkosi\\\\;;;',
    'TEL;TYPE=CELL:+27821234567',
    'TEL;TYPE=CELL:+1123456789',
    'EMAIL;TYPE=INTERNET:thandi@example.com',
    'ADR;TYPE=HOME:;;;Durban\\, KZN;;;',
    'CATEGORIES:vip,a\\, b',
    'UID:66e07fd940c43d176eaf0b71',
    'REV:20261112T063015Z',
    'END:VCARD',
    '',
  ];
  expect(await textOf(vcf, cardsOf(card), { vcard: '3.0' })).toBe(lines.join('\r\n'));
});

test.each([
  ['the e-mail', { id: '66e07', email: 'a@example.com', phone: '+2782' }, 'a@example.com'],
  ['the phone', { id: '66e07', name: ' \u0007 ', phone: '+2782' }, '+2782'],
  ['the number on WhatsApp', { id: '66e07', whatsapp: '+2783' }, '+2783'],
  ['the id', { id: '66e07' }, '66e07'],
  ['words', {}, '(no name)'],
])('without a name, FN is %s', async (_, record, shown) => {
  const text = await textOf(vcf, cardsOf(record));
  expect(text).toContain(`\r\nFN:${shown}\r\nN:;;;;\r\n`);
});

test('no rows: an empty file; a time that cannot be read: no REV', async () => {
  expect(await textOf(vcf, cardsOf())).toBe('');
  expect(await textOf(vcf, cardsOf({ updated_at: 'yesterday' }))).not.toContain('REV');
});

describe('whatever the cells hold', () => {
  const long = fc.string({ unit: 'grapheme', minLength: 20, maxLength: 120 });
  const text = fc.oneof(anyText, long);
  // ical.js takes the second half of an escaped backslash for the start of an escaped comma.
  const part = text.map((all) => all.replaceAll('\\', '/'));
  const records = fc.array(
    fc.record({ name: part, email: text, city: part, tags: fc.array(part, { maxLength: 5 }) }),
    { minLength: 1, maxLength: 3 },
  );
  const version = fc.constantFrom('3.0', '4.0');

  test('lines have at most 75 octets, and none ends inside a character', async () => {
    await fc.assert(
      fc.asyncProperty(records, version, async (given, vcard) => {
        const bytes = await bytesOf(vcf(cardsOf(...given), { ...options, vcard }));
        const lines = bytes.toString('latin1').split('\r\n').slice(0, -1);
        for (const line of lines) {
          expect(line.length).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/[\x00-\x08\x0a-\x1f\x7f]/);
          new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(line, 'latin1'));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('another reader gets the same text back', async () => {
    await fc.assert(
      fc.asyncProperty(records, version, async (given, vcard) => {
        const cards = readCards(await textOf(vcf, cardsOf(...given), { vcard }));
        const clean = (value: string) => normalizeText(value).trim();
        const nameOf = (value: string) => clean(value).replace(/^[\s\ufffd]*$/, '');
        expect(cards).toEqual(
          given.map(({ name, email, city, tags }) => ({
            version: vcard,
            fn: nameOf(name) || clean(email) || '(no name)',
            given: nameOf(name),
            email: clean(email) || undefined,
            city: clean(city) || undefined,
            tags: tags.map(clean).filter((tag) => tag !== ''),
          })),
        );
      }),
      { numRuns: 300 },
    );
  });
});

type JCard = [name: string, properties: [name: string, ...rest: unknown[]][]];

/** What ical.js, which is not ours, reads: a list of cards, or the only one. */
function readCards(text: string) {
  const parsed = ICAL.parse(text) as unknown as JCard | JCard[];
  return (typeof parsed[0] === 'string' ? [parsed as JCard] : (parsed as JCard[])).map(readCard);
}

function readCard([, properties]: JCard) {
  const allOf = (name: string) => properties.find(([key]) => key === name)?.slice(3) ?? [];
  // It leaves \; alone outside lists of parts, where both RFCs allow it.
  const valuesOf = (name: string) =>
    allOf(name).map((value) => (typeof value === 'string' ? value.replaceAll('\\;', ';') : value));
  const [parts, address] = [valuesOf('n')[0], valuesOf('adr')[0]] as (string[] | undefined)[];
  return {
    version: valuesOf('version')[0],
    fn: valuesOf('fn')[0],
    given: parts?.[1],
    email: valuesOf('email')[0],
    city: address?.[3],
    tags: valuesOf('categories'),
  };
}

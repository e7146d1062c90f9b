import fc from 'fast-check';
import parsePhoneNumber, { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import { describe, expect, test } from 'vitest';
import { callingCodeOf, e164, whatsappE164 } from '../../src/records/phone.ts';

describe('a number and its prefix as E.164', () => {
  test.each([
    ['the published sample', '1', '123456789', '+1123456789'],
    ['South Africa', '27', '821234567', '+27821234567'],
    ['a prefix with plus', '+44', '7911123456', '+447911123456'],
    ['a prefix with 00', '0044', '7911123456', '+447911123456'],
    ['a prefix that holds an area', '1-684', '6331234', '+16846331234'],
    ['a number with spaces', '27', '82 123 4567', '+27821234567'],
    ['a number with dashes and parentheses', '1', '(202) 555-0123', '+12025550123'],
    ['full-width digits', '81', '９０１２３４５６７８', '+819012345678'],
    ['invisible marks from an address book', '', '\u202a+27 82 123 4567\u202c', '+27821234567'],
    // The digits of other scripts.
    [
      'Arabic-Indic digits',
      '',
      '+\u0662\u0667 \u0668\u0662 \u0661\u0662\u0663 \u0664\u0665\u0666\u0667',
      '+27821234567',
    ],
    [
      'Persian digits',
      '\u06f9\u06f8',
      '\u06f0\u06f9\u06f1\u06f2\u06f1\u06f2\u06f3\u06f4\u06f5\u06f6\u06f7',
      '+989121234567',
    ],
    [
      'Devanagari digits',
      '91',
      '\u096f\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f',
      '+919123456789',
    ],
    ['a full-width prefix and plus', '＋４４', '7911123456', '+447911123456'],
    ['mathematical digits', '27', '\u{1d7d6}\u{1d7d0}1234567', '+27821234567'],
    ['no-break spaces', '27', '82\u00a0123\u202f4567', '+27821234567'],
    ['a word joiner and a zero-width space', '27', '82\u2060123\u200b4567', '+27821234567'],
    ['brackets and a wave', '', '+27 [82] 123~4567', '+27821234567'],
    // Links, with the country in front or beside.
    ['tel:', '', 'tel:+27-82-123-4567', '+27821234567'],
    ['tel: in capitals', '', 'TEL:+27821234567', '+27821234567'],
    ['tel: with an extension', '', 'tel:+27-11-123-4567;ext=12', '+27111234567'],
    ['tel: of a country', '', 'tel:082-123-4567;phone-context=+27', '+27821234567'],
    [
      'tel: of a country, all parameters',
      '',
      'tel:82-123-4567;ext=1;phone-context=+27;isub=2',
      '+27821234567',
    ],
    ['tel: of a company', '27', 'tel:0821234567;phone-context=example.com', '+27821234567'],
    ['tel: as a browser writes it', '', 'tel:%2B27%2082%20123%204567', '+27821234567'],
    ['sms:', '', 'sms:+27821234567?body=hi', '+27821234567'],
    ['whatsapp:', '', 'whatsapp:+27821234567', '+27821234567'],
    ['a link to a chat', '', 'https://wa.me/27821234567', '+27821234567'],
    // WhatsApp's ids, which are international.
    ['@c.us', '', '27821234567@c.us', '+27821234567'],
    ['@c.us beside a prefix', '27', '27821234567@c.us', '+27821234567'],
    ['@c.us of another country', '44', '27821234567@c.us', '+27821234567'],
    ['@s.whatsapp.net', '', '27821234567@s.whatsapp.net', '+27821234567'],
    ['@s.whatsapp.net with a device', '', '27821234567:12@s.whatsapp.net', '+27821234567'],
    // What spreadsheets put in front.
    ['an apostrophe', '27', "'0821234567", '+27821234567'],
    ['an apostrophe, international', '', "'+27821234567", '+27821234567'],
    ['a curly apostrophe', '', '\u2019+27 82 123 4567', '+27821234567'],
    ['="…"', '27', '="0821234567"', '+27821234567'],
    // A trunk prefix is dialled inside the country only.
    ['South Africa, trunk zero', '27', '0821234567', '+27821234567'],
    ['Britain, trunk zero', '+44', '020 7946 0958', '+442079460958'],
    ['Hungary, trunk 06', '36', '06201234567', '+36201234567'],
    ['Russia, trunk 8', '7', '89161234567', '+79161234567'],
    ['Belarus, trunk 80', '375', '80291234567', '+375291234567'],
    ['Belarus, trunk 8 before what could be all of it', '375', '8114540667', '+375114540667'],
    ['the United States, trunk 1', '1', '12025550123', '+12025550123'],
    ['Brazil, a carrier code', '55', '01511987654321', '+5511987654321'],
    ['Argentina, a mobile mark', '54', '0111523456789', '+5491123456789'],
    ['Germany, international with (0)', '', '+49 (0)151 12345678', '+4915112345678'],
    // Where the zero belongs to the number it stays.
    ['Rome', '39', '06 1234 5678', '+390612345678'],
    ['Naples', '39', '081945980', '+39081945980'],
    ['Ivory Coast', '225', '0707123456', '+2250707123456'],
    ['Congo', '242', '061234567', '+242061234567'],
    ['Benin', '229', '0197123456', '+2290197123456'],
    ['Gabon, which dropped it', '241', '066031234', '+24166031234'],
    // The prefix may come twice.
    ['the prefix repeated', '27', '27821234567', '+27821234567'],
    ['the prefix repeated, with trunk zero', '27', '270821234567', '+27821234567'],
    ['the prefix repeated, with plus', '27', '+27821234567', '+27821234567'],
    ['the prefix repeated, with 00', '27', '0027821234567', '+27821234567'],
    ['the prefix repeated, India', '91', '919876543210', '+919876543210'],
    ['a number that begins like its prefix', '91', '9198765432', '+919198765432'],
    ['the number knows better', '27', '+44 7911 123456', '+447911123456'],
    // Short and odd ones.
    ['a small island', '290', '22345', '+29022345'],
    ['nobody has it', '27', '111111111', '+27111111111'],
  ])('%s: "%s" "%s" is %s', (_, prefix, number, expected) => {
    expect(e164(number, prefix)).toBe(expected);
  });

  test.each([
    ['nothing', '', ''],
    ['a prefix alone', '27', ''],
    ['a national number of no known country', '', '0821234567'],
    ['perhaps international, perhaps not', '', '821234567'],
    ['a calling code that is none', '999', '12345678'],
    ['half a calling code', '2', '7821234567'],
    ['too short', '27', '12'],
    ['too long', '27', '8212345678901234'],
    ['a zero that no American number begins with', '1', '0123456789'],
    ['two numbers', '44', '02079460958/02079460959'],
    ['two pluses', '27', '+27+82'],
    ['a plus inside', '27', '82+1234567'],
    ['words', '27', 'call me'],
    ['an extension', '27', '111234567 ext 5'],
    ['a very long text', '27', '8'.repeat(100_000)],
    ['a very long prefix', '2'.repeat(100_000), '821234567'],
    ['an inherited name', 'constructor', '821234567'],
    ['an id of WhatsApp that hides the number', '27', '27821234567@lid'],
    ['a group of WhatsApp', '27', '27821234567-1612345678@g.us'],
    ['a group of WhatsApp, newer', '27', '120363021234567890@g.us'],
    ['an e-mail', '27', '27821234567@example.com'],
    ['a link elsewhere', '27', 'https://example.com/27821234567'],
    ['tel: without a number', '27', 'tel:'],
    ['tel: of nowhere', '', 'tel:0821234567'],
    ['apostrophes alone', '27', "''"],
    // Lengths that no country has, which the library would let pass.
    ['a carrier code before too many digits', '55', '065954967159953'],
    ['a carrier code before too few', '591', '0121200897135'],
  ])('%s cannot be read: "%s" "%s"', (_, prefix, number) => {
    expect(e164(number, prefix)).toBeUndefined();
  });

  test('any two texts give E.164 or nothing', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: fc.constantFrom(...'+0012 ()-7') }),
      fc.string({
        unit: fc.constantFrom('tel:', '@c.us', "'", ';', '+27', '82', '\u0662', '=', '"'),
      }),
    );
    fc.assert(
      fc.property(text, text, (number, prefix) => {
        expect(e164(number, prefix) ?? '+27821234567').toMatch(/^\+[1-9]\d{4,14}$/);
      }),
    );
  });
});

test('every country is read as the library reads it, with a trunk prefix and without', () => {
  const codes = [...new Set(getCountries().map((country) => getCountryCallingCode(country)))];
  const start = fc.constantFrom('', '', '0', '8', '06', '15', '90');
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 5, maxLength: 11 });
  fc.assert(
    fc.property(fc.constantFrom(...codes), start, digits, (code, trunk, rest) => {
      const national = trunk + rest;
      const known = parsePhoneNumber(`+${code}${national}`, { extract: false });
      // 00 dials abroad here, and E.164 ends at 15 digits.
      fc.pre(known?.isValid() === true && known.number.length <= 16);
      expect(e164(`+${code}${national}`, '')).toBe(known?.number);
      if (!national.startsWith('00')) expect(e164(national, code)).toBe(known?.number);
    }),
    { numRuns: 3000 },
  );
}, 60_000);

test('the digits of every script are those of its numbers', () => {
  const all = Array.from({ length: 0x20000 }, (_, code) => String.fromCodePoint(code)).filter(
    (char) => /\p{Nd}/u.test(char),
  );
  const sets = Array.from({ length: all.length / 10 }, (_, n) => all.slice(n * 10, n * 10 + 10));
  expect(sets.length).toBeGreaterThan(60);
  for (const digits of sets) {
    const number = [...'821234567'].map((digit) => digits[Number(digit)]).join('');
    expect([digits[0], e164(number, '27')]).toEqual([digits[0], '+27821234567']);
  }
});

test('a service that makes up a prefix for every contact does not fill the memory', () => {
  for (let n = 0; n < 5000; n++) e164('821234567', `27 ${'x'.repeat(n % 30)}${n}`);
  expect(e164('821234567', '27')).toBe('+27821234567');
});

test.each([
  ['27821234567', '+27821234567'],
  ['+27821234567', '+27821234567'],
  ['0027821234567', '+27821234567'],
  ['1123456789', '+1123456789'],
  ['27821234567@c.us', '+27821234567'],
  ['\u0662\u0667\u0668\u0662\u0661\u0662\u0663\u0664\u0665\u0666\u0667', '+27821234567'],
  ["'27 82 123 4567", '+27821234567'],
  ['0821234567', undefined],
  ['27821234567@lid', undefined],
  ['', undefined],
])('WhatsApp\'s "%s" is %s', (number, expected) => expect(whatsappE164(number)).toBe(expected));

test.each([
  ['+27821234567', '27'],
  ['+12025550123', '1'],
  ['+35312345678', '353'],
  ['+99912345', undefined],
])('the calling code of %s is %s', (number, code) => expect(callingCodeOf(number)).toBe(code));

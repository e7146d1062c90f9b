import fc from 'fast-check';
import parsePhoneNumber, { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import { describe, expect, test } from 'vitest';
import { e164, phoneDigits, sameNumber } from '../../src/records/phone.ts';

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
  ])('%s cannot be read: "%s" "%s"', (_, prefix, number) => {
    expect(e164(number, prefix)).toBeUndefined();
  });

  test('any two texts give E.164 or nothing', () => {
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'+0012 ()-7') }));
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
});

test.each([
  ['+27 82 123 4567', '27821234567'],
  ['0027-82-123-4567', '27821234567'],
  ['+44 (0)20 7946 0958', '442079460958'],
  ['082 123 4567', '0821234567'],
  ['00999 1', '9991'],
  ['no number', ''],
])('the digits of %s are %s', (text, digits) => expect(phoneDigits(text)).toBe(digits));

test.each([
  ['+27821234567', '0821234567', '27', true],
  ['27821234567', '821234567', '+27', true],
  ['0027 82 123 4567', '82 123 4567', '27', true],
  ['082 123 4567', '821234567', '27', true],
  ['1123456789', '+1123456789', '', true],
  ['0821234567', '0821234567', '', true],
  ['821234568', '821234567', '27', false],
  ['+44821234567', '821234567', '27', false],
  ['', '', '', false],
  ['anna', '', '27', false],
])('someone who types %s means "%s" "%s": %s', (typed, number, prefix, same) => {
  expect(sameNumber(typed, number, prefix)).toBe(same);
});

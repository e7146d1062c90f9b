import fc from 'fast-check';
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import { describe, expect, test } from 'vitest';
import { e164 } from '../../src/records/phone.ts';
import { phoneDigits, phoneMatcher } from '../../src/records/phone-match.ts';

test.each([
  ['+27 82 123 4567', '27821234567'],
  ['0027-82-123-4567', '27821234567'],
  ['+44 (0)20 7946 0958', '442079460958'],
  ['082 123 4567', '0821234567'],
  ['00999 1', '9991'],
  ['no number', ''],
  ['tel:+27-82-123-4567;ext=5', '27821234567'],
  ['27821234567@c.us', '27821234567'],
  ['\u06f0\u06f8\u06f2 \u06f1\u06f2\u06f3 \u06f4\u06f5\u06f6\u06f7', '0821234567'],
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
  expect(phoneMatcher(typed)(number, prefix)).toBe(same);
});

function finds(typed: string, [number, prefix]: readonly [string, string]): boolean {
  return phoneMatcher(typed)(number, prefix);
}

describe('the same number, however either is written', () => {
  // Each way in which one person's number is typed, and each in which a contact may hold it.
  test.each([
    [
      'South Africa',
      ['0821234567', '82 123 4567', '082 123 4567', '+27821234567', '27821234567', "'+27821234567"],
      [
        ['821234567', '27'],
        ['0821234567', '+27'],
        ['+27821234567', ''],
        ['+27 (0)82 123 4567', ''],
        ['0027821234567', ''],
        ['27821234567@c.us', ''],
      ],
    ],
    [
      'Britain',
      ['020 7946 0958', '2079460958', '+44 (0)20 7946 0958', 'tel:+44-20-7946-0958'],
      [
        ['2079460958', '44'],
        ['+442079460958', ''],
        ['02079460958', '+44'],
      ],
    ],
    [
      'Mexico, whose 1 WhatsApp keeps',
      ['+525512345678', '5215512345678', '+52 1 55 1234 5678', '55 1234 5678', '15512345678'],
      [
        ['5215512345678@c.us', ''],
        ['+5215512345678', ''],
        ['5512345678', '52'],
        ['+525512345678', ''],
      ],
    ],
    [
      'Argentina, whose 9 WhatsApp keeps',
      ['+54 11 2345 6789', '+54 9 11 2345-6789', '5491123456789', '011 15 2345-6789', '1123456789'],
      [
        ['5491123456789@s.whatsapp.net', ''],
        ['1123456789', '54'],
        ['91123456789', '54'],
        ['+541123456789', ''],
      ],
    ],
    [
      "Brazil, whose ninth digit WhatsApp's older numbers lack",
      ['+55 31 98765-4321', '+55 31 8765-4321', '(31) 98765-4321', '031 8765 4321', '553187654321'],
      [
        ['553187654321@c.us', ''],
        ['31987654321', '55'],
        ['3187654321', '+55'],
        ['+5531987654321', ''],
      ],
    ],
  ] as const)('%s', (_, typed, held) => {
    const missed = typed.flatMap((text) =>
      held.filter((number) => !finds(text, number)).map((number) => [text, number]),
    );
    expect(missed).toEqual([]);
  });

  test('any number is found by its national spelling, with a trunk zero and without', () => {
    const codes = [...new Set(getCountries().map((country) => getCountryCallingCode(country)))];
    const digits = fc.string({
      unit: fc.constantFrom(...'123456789'),
      minLength: 7,
      maxLength: 10,
    });
    fc.assert(
      fc.property(fc.constantFrom(...codes), digits, (code, national) => {
        const number = e164(national, code);
        fc.pre(number === `+${code}${national}`);
        expect(finds(national, [number, ''])).toBe(true);
        expect(finds(number, [national, code])).toBe(true);
        if (e164(`0${national}`, code) === number) {
          expect(finds(`0${national}`, [number, ''])).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  }, 60_000);

  test('where no country is known, with the trunk zero or without', () => {
    expect(finds('0821234567', ['821234567', ''])).toBe(true);
    expect(finds('821234567', ['082 123 4567', ''])).toBe(true);
  });
});

describe("somebody else's number", () => {
  test.each([
    ['which ends alike', '1234567', ['821234567', '27']],
    ['which ends alike, in the same country', '0831234567', ['821234567', '27']],
    ['which ends alike, a shorter one', '21234567', ['+27821234567', '']],
    ['which ends alike, a longer one', '3821234567', ['821234567', '27']],
    ['of another country', '+44821234567', ['821234567', '27']],
    ['of another country, both international', '+447911123456', ['+17911123456', '']],
    ['with the zero that belongs to it', '+39612345678', ['+390612345678', '']],
    ['of nobody knows where', '+27821234567', ['0821234567', '']],
    ['of nobody knows where, digits alike', '+821234567', ['0821234567', '']],
    ['of nobody knows where, longer', '0821234567', ['10821234567', '']],
    // A Mexican 1, an Argentine 9 and a Brazilian 9 that are the number's own.
    ['in Mexico', '+525512345678', ['+521551234567', '']],
    ['in Mexico, of the United States', '+15512345678', ['+5215512345678', '']],
    ['in Argentina', '+541123456789', ['+54912345678', '']],
    ['in Brazil, a landline', '+553133334444', ['+5531933334444', '']],
    ['in Brazil, a landline by its national spelling', '3133334444', ['31933334444', '55']],
    ['in Brazil, of another city', '+5531987654321', ['+551187654321', '']],
    ['in Portugal', '+351987654321', ['+35187654321', '']],
    // What holds no number at all.
    ['behind an id of WhatsApp', '27821234567', ['27821234567@lid', '']],
    ['in a group of WhatsApp', '27821234567', ['27821234567@g.us', '']],
    ['with an extension', '1112345675', ['111234567 ext 5', '']],
    ['nowhere', '0821234567', ['', '']],
    ['nowhere but in a country', '27821', ['', '27']],
  ] as const)('%s is not found: %s, %j', (_, typed, held) => {
    expect(finds(typed, held)).toBe(false);
  });

  test('two different numbers of one country are never taken for each other', () => {
    const codes = ['27', '44', '1', '49', '91', '33', '7', '52', '54', '55'];
    const digits = fc.string({
      unit: fc.constantFrom(...'0123456789'),
      minLength: 6,
      maxLength: 11,
    });
    const oneForm = (number: string) =>
      number
        .replace(/^\+(52)1(?=\d{10}$)|^\+(54)9(?=\d{10}$)/, '+$1$2')
        .replace(/^(\+55\d\d)9(?=[6-9]\d{7}$)/, '$1');
    fc.assert(
      fc.property(fc.constantFrom(...codes), digits, digits, (code, one, other) => {
        const [number, another] = [e164(one, code), e164(other, code)];
        fc.pre(number !== undefined && another !== undefined);
        expect(finds(number, [other, code])).toBe(oneForm(number) === oneForm(another));
      }),
      { numRuns: 2000 },
    );
  }, 60_000);
});

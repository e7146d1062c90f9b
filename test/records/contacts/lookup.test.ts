import { describe, expect, test } from 'vitest';
import { ExplainedError } from '../../../src/errors.ts';
import { readLookup } from '../../../src/records/contacts/lookup.ts';
import type { Json } from '../../../src/table.ts';

const id = '66e07fd940c43d176eaf0b71';

function finds(typed: string, record: Json): boolean {
  return readLookup(typed).matches({ record });
}

function withDetails(userDetails: Json): Json {
  return { _id: id, profile: { userDetails } };
}

function withPhone(number: Json, prefix: Json, whatsAppNumber: Json = ''): Json {
  return withDetails({ contact: { phone: { number, prefix } }, whatsAppNumber });
}

describe('an id', () => {
  test('is asked for by the minute in which it was made', () => {
    const { words, unique, narrow } = readLookup(` ${id.toUpperCase()} `);
    expect({ words, unique, narrow }).toEqual({
      words: `the id ${id}`,
      unique: true,
      narrow: {
        createdAfter: '2024-09-10T17:19:25.000Z',
        createdBefore: '2024-09-10T17:21:25.000Z',
      },
    });
  });

  test.each([
    [{ _id: id }, true],
    [{ _id: id.toUpperCase() }, true],
    [{ _id: { $oid: id } }, true],
    [{ _id: `${id}0` }, false],
    [{ _id: { $oid: 7 } }, false],
    [{ uuid: id }, false],
    [{}, false],
    [null, false],
    ['66e0', false],
  ])('%j: %s', (record, expected) => expect(finds(id, record)).toBe(expected));

  test('of digits alone is no phone', () => {
    expect(readLookup('123456789012345678901234').words).toBe('the id 123456789012345678901234');
  });
});

describe('an e-mail', () => {
  test('is searched for', () => {
    const { words, unique, narrow } = readLookup('Ann@Example.com');
    expect({ words, unique, narrow }).toEqual({
      words: 'the e-mail Ann@Example.com',
      unique: false,
      narrow: { search: 'Ann@Example.com' },
    });
  });

  test.each([
    [withDetails({ contact: { email: 'ann@example.com' } }), true],
    [withDetails({ contact: { email: ' ANN@example.com ' } }), true],
    [withDetails({ email: 'ann@example.com' }), true],
    [withDetails({ email: 'joann@example.com' }), false],
    [withDetails({ email: 'ann@example.com.za' }), false],
    [withDetails({ contact: null }), false],
    [{}, false],
  ])('%j: %s', (record, expected) => expect(finds('Ann@example.com', record)).toBe(expected));
});

describe('a phone', () => {
  test.each([
    ['082 123 4567', '1234567'],
    ['+27 82 123 4567', '1234567'],
    ['tel:+27-82-123-4567;ext=99', '1234567'],
    ['27821234567@c.us', '1234567'],
    ["'0821234567", '1234567'],
    ['\u0660\u0668\u0662\u0661\u0662\u0663\u0664\u0665\u0666\u0667', '1234567'],
    ['\u202a082\u00a0123\u00a04567\u202c', '1234567'],
    ['12345', '12345'],
  ])('%s is searched for by its last digits, %s', (typed, search) => {
    const { words, unique, narrow } = readLookup(typed);
    expect({ unique, narrow }).toEqual({ unique: false, narrow: { search } });
    expect(words).toMatch(/^the phone /);
  });

  test.each([
    ['0821234567', withPhone('821234567', '27')],
    ['821234567', withPhone('0821234567', '+27')],
    ['0821234567', withPhone('+27821234567', '')],
    ['0821234567', withPhone('', '', '27821234567')],
    ['27821234567@c.us', withPhone(821234567, 27)],
    ['+27821234567', withPhone('', '', '27821234567@s.whatsapp.net')],
    ['+27821234567', withDetails({ contact: { phone: '+27 82 123 4567' } })],
    ['+27821234567', withPhone('123456789', '1', '27821234567')],
    // WhatsApp stores what is no longer dialled, or not yet.
    ['+52 55 1234 5678', withPhone('', '', '5215512345678')],
    ['5215512345678', withPhone('5512345678', '52')],
    ['+54 11 2345-6789', withPhone('', '', '5491123456789')],
    ['+5491123456789', withPhone('1123456789', '54')],
    ['(31) 98765-4321', withPhone('', '', '553187654321')],
    ['553187654321', withPhone('31987654321', '55')],
  ])('%s finds %j', (typed, record) => expect(finds(typed, record)).toBe(true));

  test.each([
    ['1234567', withPhone('821234567', '27', '27821234567')],
    ['0831234567', withPhone('821234567', '27', '27821234567')],
    ['+44821234567', withPhone('821234567', '27', '27821234567')],
    ['+553133334444', withPhone('31933334444', '55', '5531933334444')],
    ['27821234567', withPhone('27821234567@lid', '', '27821234567@lid')],
    ['0821234567', withPhone('', '', '')],
    ['0821234567', withPhone(null, null, null)],
    ['0821234567', {}],
    ['0821234567', null],
  ])('%s is not %j', (typed, record) => expect(finds(typed, record)).toBe(false));
});

test.each([
  ['', 'the id, e-mail or phone is empty'],
  ['  ', 'the id, e-mail or phone is empty'],
  ['zoe', 'not an id, e-mail or phone: zoe'],
  ['1234', 'not an id, e-mail or phone: 1234'],
  ['66e07fd940c43d17', 'not an id, e-mail or phone: 66e07fd940c43d17'],
  ['ann@', 'not an id, e-mail or phone: ann@'],
  ['a b@example.com', 'not an id, e-mail or phone: a b@example.com'],
  ['27821234567@lid', 'this id of WhatsApp holds no phone number: 27821234567@lid'],
])('"%s" is a mistake: %s', (typed, message) => {
  const refused = expect(() => readLookup(typed));
  refused.toThrow(ExplainedError);
  refused.toThrow(expect.objectContaining({ exit: 2, code: 'bad-id', message }));
});

test.each([
  ['zoe', '--search zoe'],
  ['Zoë Grobbelaar', '--search "Zoë Grobbelaar"'],
  ["O'Brien", '--search "O\'Brien"'],
  ['66e07fd940c43d17', 'an id has 24 hexadecimal digits'],
  ['$(id) x', '--search NAME'],
])('for %s the hint is a line to copy, or how an id looks: %s', (typed, words) => {
  expect(() => readLookup(typed)).toThrow(
    expect.objectContaining({ hint: expect.stringContaining(words) }),
  );
});

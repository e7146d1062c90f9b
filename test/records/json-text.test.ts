import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../src/records/json-text.ts';

/** Around the length that matters, most of them. */
const digits = fc.oneof(
  fc.stringMatching(/^[1-9][0-9]{0,40}$/),
  fc.stringMatching(/^[1-9][0-9]{13,16}$/),
);
const item = fc.oneof(
  fc.record({ kind: fc.constant('number' as const), text: digits, sign: fc.constantFrom('', '-') }),
  fc.record({ kind: fc.constant('string' as const), text: fc.oneof(digits, fc.string()) }),
);

test('numbers of 16 digits and more keep them all, as text, wherever they stand', () => {
  fc.assert(
    fc.property(
      fc.array(item, { maxLength: 4 }),
      fc.array(fc.constantFrom(' ', '\n', '\t', ''), { minLength: 1 }),
      (items, blanks) => {
        const blank = (at: number) => blanks[at % blanks.length];
        const text = items.map((it, at) => {
          const value = it.kind === 'string' ? JSON.stringify(it.text) : it.sign + it.text;
          return `${blank(at)}${value}${blank(at + 1)}`;
        });
        const expected = items.map((it) => {
          if (it.kind === 'string') return it.text;
          return it.text.length >= 16 ? it.sign + it.text : Number(it.sign + it.text);
        });
        expect(parseJson(`{"data":[${text}]}`)).toEqual({ data: expected });
      },
    ),
    { numRuns: 2000 },
  );
});

test('a text that is nearly all digits is read in time', () => {
  const long = '1'.repeat(4_000_000);
  const began = performance.now();
  expect(parseJson(`["${long}"]`)).toEqual([long]);
  expect(parseJson(`[${`"${'1'.repeat(15)}",`.repeat(200_000)}0]`)).toHaveLength(200_001);
  expect(performance.now() - began).toBeLessThan(5000);
});

test('beside millions of escapes, too', () => {
  const text = `["${'\\n'.repeat(4_000_000)}\\\\",1234567890123456789,"\\"1234567890123456789",1]`;
  const [, long, inString, short] = parseJson(text) as readonly unknown[];
  expect({ long, inString, short }).toEqual({
    long: '1234567890123456789',
    inString: '"1234567890123456789',
    short: 1,
  });
});

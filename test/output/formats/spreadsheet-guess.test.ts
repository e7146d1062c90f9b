import { expect, test } from 'vitest';
import { isGuessedAt } from '../../../src/output/formats/spreadsheet-guess.ts';

// Each of these was read by LibreOffice, in English, German or French, as something else than text.
test.each([
  [
    'numbers',
    '1.10 1. .5 +5 -0 1e5 1E+5 66e07 1.5e-3 1,234 1,5 1.234,5 (5) (1,234) -1,234.50 1,2,3',
  ],
  ['digits that are no number', '0821234567 +27821234567 007 00 278212345678 123456789012345678'],
  ['money and shares', '$100 €5 5€ R100 £1,000.50 50% -5%'],
  ['dates', '2026-11-01 2026/11/26 26.11.2026 26/11/2026 1-2 3/4 1.2.3 5-Mar-26 Mar-26 MAR1 SEPT2'],
  ['times', '16:9 7:05 15:39:43.5 24:00 1:2:3 2026-11-26T15:39:43 2026-11-26T15:39:43.123Z'],
  ['words', 'TRUE false WAHR #N/A #REF!'],
])('%s: %s', (_, texts) => {
  expect(texts.split(' ').filter((text) => !isGuessedAt(text))).toEqual([]);
});

test.each([
  ...['+27 82 123 4567', '(082) 123-4567', '1 234', '1\u00a0234', '1 1/2', '50 %', 'R 1 000'],
  ...['Mar 5', '5 Mar', '5 March 2026', 'March 5, 2026', 'Thursday, November 26, 2026'],
  ...['26 nov. 2026', '5. Mär', '2026-11-26 15:39', '7:05 pm', '7 a.m.', '12:30 AM', ' 42 '],
])('%s', (text) => {
  expect(isGuessedAt(text)).toBe(true);
});

test.each([
  ...['', '42', '-5', '3.5', '0', '12345678901', 'Marlene', 'Marlene 5', 'May', 'Q1', 'A4', '1st'],
  ...['66e07fd940c43d176eaf0b71', '1 Main Rd', 'Room 5', 'v1.2', '5 kg', '#5', '1_000', '-', '%'],
  ...[
    '+27821234567\t',
    'true\t',
    '\nTRUE',
    '0821234567\n',
    '1"2',
    '1=2',
    '1;2',
    '1|2',
    '1 '.repeat(40),
  ],
])('%j is left as it is', (text) => {
  expect(isGuessedAt(text)).toBe(false);
});
